// SPDX-License-Identifier: Apache-2.0
// Tests: Node-RED runs the flow of docs/integrations and gets our readings with their types. node node_red.mjs PORT
//
// Only the broker's address is changed, and what the flow would show in its side bar goes to a topic instead.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually, finish, folder, requirePackages } from './packages.mjs';

const require = requirePackages();
const mqtt = require('mqtt');
const port = process.argv[2];

/// The flow with the test's broker; each debug node becomes one that says type and value on node-red/NAME.
function flowForTest() {
  const flow = JSON.parse(readFileSync(fileURLToPath(new URL('../../docs/integrations/files/node-red-flow.json', import.meta.url)), 'utf8'));
  return flow.flatMap((node) => {
    if (node.type === 'mqtt-broker') return [{ ...node, broker: '127.0.0.1', port }];
    if (node.type !== 'debug') return [node];
    const say = 'return {payload: JSON.stringify({type: typeof msg.payload, value: msg.payload})};';
    return [
      { id: node.id, type: 'function', z: node.z, name: node.name, func: say, outputs: 1, wires: [[`${node.id}-out`]] },
      { id: `${node.id}-out`, type: 'mqtt out', z: node.z, topic: `node-red/${node.name}`, qos: '1', retain: 'false', broker: 'p1meter-broker', wires: [] },
    ];
  });
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port: free } = server.address();
  await new Promise((done) => server.close(done));
  return free;
}

const home = mkdtempSync(join(tmpdir(), 'p1meter-node-red-'));
writeFileSync(join(home, 'flows.json'), JSON.stringify(flowForTest()));
const said = new Map();
const switched = new Set();
const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5 });
client.on('message', (topic, bytes) => {
  said.set(topic, bytes.toString('utf8'));
  if (topic === 'node-red/boiler') switched.add(JSON.parse(bytes.toString('utf8')).value);
});
await client.subscribeAsync(['node-red/#', 'p1meter/home/#']);

let log = '';
const nodeRed = spawn(process.execPath, [`${folder}/node_modules/node-red/red.js`, '--userDir', home, '--port', String(await freePort()),
  '-D', 'uiHost=127.0.0.1', '-D', 'editorTheme.tours=false', 'flows.json'], { stdio: ['ignore', 'pipe', 'pipe'] });
for (const stream of [nodeRed.stdout, nodeRed.stderr]) stream.on('data', (bytes) => { log += bytes; });
process.on('exit', () => { nodeRed.kill('SIGKILL'); rmSync(home, { recursive: true, force: true }); });

const faults = [];
const boiler = () => JSON.parse(said.get('node-red/boiler') ?? '{}').value;
const expected = {
  state: { type: 'object', is: (value) => Number.isFinite(value.power_net) && Number.isFinite(value.energy_import_total) && typeof value.equipment_id === 'string' },
  power_net: { type: 'number', is: Number.isFinite },
  status: { type: 'string', is: (value) => value === 'online' },
  program: { type: 'string', is: (value) => value === 'online' },
  boiler: { type: 'boolean', is: () => true },
};
for (const [name, { type, is }] of Object.entries(expected)) {
  const text = await eventually(() => said.get(`node-red/${name}`), 60);
  const got = text && JSON.parse(text);
  if (!got) faults.push(`nothing came out of '${name}'`);
  else if (got.type !== type || !is(got.value)) faults.push(`'${name}' gave ${text}`);
}
// A surplus, and none: as nobody but p1meter would say it.
for (const [power, on] of [['-1500', true], ['250', false]]) {
  switched.delete(on);
  await client.publishAsync('p1meter/home/power_net', power);
  if (!(await eventually(() => switched.has(on) || boiler() === on, 20)))
    faults.push(`${power} W did not switch the boiler ${on ? 'on' : 'off'}`);
}
// Neither program nor telegrams: what the last value switched on must not stay on.
for (const topic of ['p1meter/status', 'p1meter/home/status']) {
  await client.publishAsync('p1meter/home/power_net', '-1500');
  if (!(await eventually(() => boiler() === true, 20))) faults.push('a surplus did not switch the boiler on');
  await client.publishAsync(topic, 'offline');
  if (!(await eventually(() => boiler() === false, 5))) faults.push(`offline on ${topic} did not switch the boiler off`);
}
if (faults.length) faults.push(log);
finish(faults, `Node-RED ${require('node-red/package.json').version}: state is an object, values are numbers, the surplus switches`);
