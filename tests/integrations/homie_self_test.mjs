// SPDX-License-Identifier: Apache-2.0
// Tests: homie4.mjs and homie5.mjs accept sound Homie devices and name what is wrong with others. node homie_self_test.mjs PORT
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { finish, requirePackages } from './packages.mjs';

const require = requirePackages();
const mqtt = require('mqtt');
const port = process.argv[2];

const sound5 = () => ({
  'meter-1/$state': 'init',
  'meter-1/$description': {
    homie: '5.0', version: 1795000000, name: 'Smart meter', children: ['meter-1-gas'],
    nodes: {
      electricity: {
        name: 'Electricity',
        properties: {
          'power-net': { name: 'Net power', datatype: 'integer', unit: 'W' },
          'energy-import-total': { name: 'Energy import', datatype: 'float', format: '0:', unit: 'kWh' },
          tariff: { name: 'Tariff', datatype: 'enum', format: '1,2' },
          'text-message': { name: 'Text', datatype: 'string' },
          timestamp: { name: 'Time', datatype: 'datetime' },
        },
      },
    },
  },
  'meter-1/electricity/power-net': '-181',
  'meter-1/electricity/energy-import-total': '7862.017',
  'meter-1/electricity/tariff': '2',
  'meter-1/electricity/text-message': '\u0000',
  'meter-1/electricity/timestamp': '2026-11-22T02:40:27+01:00',
  'meter-1-gas/$description': {
    homie: '5.0', version: 1795000000, name: 'Gas meter', root: 'meter-1',
    nodes: { gas: { name: 'Gas', properties: { volume: { name: 'Volume', datatype: 'float', unit: 'm³' } } } },
  },
  'meter-1-gas/gas/volume': '5905.509',
  'meter-1-gas/$state': 'ready',
});

const properties = (device) => device['meter-1/$description'].nodes.electricity.properties;
const cases5 = [
  { change: () => {}, status: 0, says: '2 devices, 6 values' },
  { change: (d) => { properties(d)['Power_Net'] = { datatype: 'integer' }; }, status: 1, says: 'must NOT have additional properties' },
  { change: (d) => { properties(d)['power-net'].unit = null; }, status: 1, says: 'unit: must be string' },
  { change: (d) => { properties(d)['power-net'].obis = '1-0:16.7.0'; }, status: 1, says: 'must NOT have additional properties' },
  { change: (d) => { d['meter-1/electricity/power-net'] = '-181 W'; }, status: 1, says: "power-net is '-181 W', which is no integer" },
  { change: (d) => { d['meter-1/electricity/tariff'] = '3'; }, status: 1, says: "tariff is '3', which is no enum" },
  { change: (d) => { d['meter-1/electricity/energy-import-total'] = '-1'; }, status: 1, says: 'no float of the format 0:' },
  { change: (d) => { d['meter-1/electricity/timestamp'] = 'yesterday'; }, status: 1, says: 'is no datetime' },
  { change: (d) => { d['meter-1/electricity/voltage-l1'] = '231.2'; }, status: 1, says: 'voltage-l1 is published, and not in the description' },
  { change: (d) => { d['meter-1/$description'].children = ['meter-1-water']; }, status: 1, says: 'its child meter-1-water is not there' },
  { change: (d) => { d['meter-1-gas/$description'] = '{'; }, status: 1, says: 'is no JSON' },
  { change: (d) => { d['meter-1-gas/$state'] = 'alert'; }, status: 1, says: "homie/5/meter-1-gas/$state is 'alert'" },
  { change: (d) => { for (const topic of Object.keys(d)) delete d[topic]; }, status: 1, says: 'there is no device' },
];

const sound4 = () => ({
  'meter-1/$state': 'init',
  'meter-1/$homie': '4.0.0',
  'meter-1/$name': 'Smart meter',
  'meter-1/$nodes': 'electricity',
  'meter-1/electricity/$name': 'Electricity',
  'meter-1/electricity/$type': 'meter',
  'meter-1/electricity/$properties': 'power-net,tariff',
  'meter-1/electricity/power-net/$name': 'Net power',
  'meter-1/electricity/power-net/$datatype': 'integer',
  'meter-1/electricity/power-net/$unit': 'W',
  'meter-1/electricity/power-net': '-181',
  'meter-1/electricity/tariff/$name': 'Tariff',
  'meter-1/electricity/tariff/$datatype': 'enum',
  'meter-1/electricity/tariff/$format': '1,2',
  'meter-1/electricity/tariff': '2',
});
const cases4 = [
  { change: () => {}, status: 0, says: '1 devices, 2 values' },
  { change: (d) => { delete d['meter-1/$name']; }, status: 1, says: 'meter-1/$name is missing' },
  { change: (d) => { d['meter-1/$homie'] = '5.0'; }, status: 1, says: 'openHAB takes 3 and 4' },
  { change: (d) => { delete d['meter-1/electricity/$type']; }, status: 1, says: 'electricity/$type is missing' },
  { change: (d) => { d['meter-1/electricity/power-net/$datatype'] = 'number'; }, status: 1, says: "$datatype is 'number'" },
  { change: (d) => { d['meter-1/electricity/power-net'] = '-181 W'; }, status: 1, says: 'which is no integer' },
  { change: (d) => { d['meter-1/electricity/tariff'] = '3'; }, status: 1, says: 'which is no enum of the format 1,2' },
  { change: (d) => { d['meter-1/electricity/$properties'] = 'power-net'; }, status: 1, says: 'tariff is published, and not described' },
  { change: (d) => { d['meter-1/electricity/$properties'] = 'power-net,tariff,Voltage_L1'; }, status: 1, says: "'Voltage_L1' is no Homie id" },
];

const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5 });
const publish = (topic, payload) => client.publishAsync(topic, payload, { qos: 2, retain: true });
const faults = [];
async function judge(checker, root, sound, cases) {
  for (const [number, { change, status, says }] of cases.entries()) {
    const device = sound();
    change(device);
    for (const [topic, payload] of Object.entries(device)) await publish(`${root}/${topic}`, typeof payload === 'string' ? payload : JSON.stringify(payload));
    if ('meter-1/$state' in device) await publish(`${root}/meter-1/$state`, 'ready');
    const run = spawnSync(process.execPath, [fileURLToPath(new URL(checker, import.meta.url)), port],
      { encoding: 'utf8', env: { ...process.env, P1METER_TEST_SECONDS: status === 0 ? '20' : '2' } });
    if (run.status !== status || !run.stdout.includes(says))
      faults.push(`${checker}, case ${number}: status ${run.status}, expected ${status} and '${says}':\n${run.stdout}${run.stderr}`);
    for (const topic of Object.keys(device)) await publish(`${root}/${topic}`, '');
  }
}
await judge('homie5.mjs', 'homie/5', sound5, cases5);
await judge('homie4.mjs', 'homie', sound4, cases4);
finish(faults, `${cases5.length} devices of version 5 and ${cases4.length} of version 4 are judged as they should be`);
