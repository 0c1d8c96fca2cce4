// SPDX-License-Identifier: Apache-2.0
// Tests: MQTT.js reads what p1meter publishes. node mqtt_js.mjs 5|3.1.1 PORT PID-OF-P1METER
//
// State is JSON, each plain value equals its member of the state before it, both also for who comes later
// (retained); with version 5 what ages expires, registers and availability do not; and when the program is killed, the broker says offline.
import { eventually, finish, requirePackages } from './packages.mjs';

const require = requirePackages();
const mqtt = require('mqtt');
const [version, port, pid] = process.argv.slice(2);
const protocolVersion = { 5: 5, '3.1.1': 4 }[version];
const notKeys = new Set(['state', 'status', 'raw', 'history']);
const faults = [];

/// What a plain value must be for this member: text as it is, anything else as JSON; null clears the topic.
function same(plain, member) {
  if (member === null) return plain === '';
  if (typeof member === 'string') return plain === member;
  if (plain === '') return false;
  return JSON.stringify(JSON.parse(plain)) === JSON.stringify(member);
}

const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { protocolVersion, reconnectPeriod: 0 });
const newest = new Map();
let compared = 0;
let states = 0;
client.on('error', (error) => finish([`MQTT.js: ${error.message}`]));
client.on('message', (topic, bytes, packet) => {
  const payload = bytes.toString('utf8');
  newest.set(topic, payload);
  if (packet.retain) return;
  const [, meter, key] = topic.split('/');
  if (meter !== 'home') return;
  if (key === 'state') states += 1;
  if (notKeys.has(key) || states === 0) return;
  const state = JSON.parse(newest.get('p1meter/home/state'));
  compared += 1;
  if (!(key in state)) faults.push(`${topic} is published, and state has no ${key}`);
  else if (!same(payload, state[key])) faults.push(`${topic} is '${payload}', and state says ${JSON.stringify(state[key])}`);
});
await new Promise((done) => client.on('connect', done));
await client.subscribeAsync('p1meter/#', { qos: 1 });

if (!(await eventually(() => states >= 3 && compared >= 10, 60)))
  faults.push(`within a minute only ${states} states and ${compared} plain values came`);

const later = mqtt.connect(`mqtt://127.0.0.1:${port}`, { protocolVersion, reconnectPeriod: 0 });
const kept = new Map();
const expiry = new Map();
later.on('message', (topic, bytes, packet) => {
  if (!packet.retain) return;
  kept.set(topic, bytes.toString('utf8'));
  expiry.set(topic, packet.properties?.messageExpiryInterval);
});
await new Promise((done) => later.on('connect', done));
await later.subscribeAsync('p1meter/#');
for (const topic of ['p1meter/status', 'p1meter/statistics', 'p1meter/home/status', 'p1meter/home/state', 'p1meter/home/power_net',
  'p1meter/home/voltage_l1', 'p1meter/home/energy_import_total'])
  if (!(await eventually(() => kept.has(topic), 10))) faults.push(`${topic} is not retained`);
if (kept.get('p1meter/status') !== 'online') faults.push(`p1meter/status is '${kept.get('p1meter/status')}', not online`);

for (const [topic, ages] of [['state', true], ['power_net', true], ['voltage_l1', true], ['energy_import_total', false], ['status', false]]) {
  const seconds = expiry.get(`p1meter/home/${topic}`);
  if ((seconds !== undefined) !== (ages && version === '5')) faults.push(`p1meter/home/${topic} expires after ${seconds} s`);
}

process.kill(Number(pid), 'SIGKILL');
if (!(await eventually(() => newest.get('p1meter/status') === 'offline', 20)))
  faults.push('after p1meter was killed the broker did not say offline');

finish(faults, `MQTT.js ${version}: ${states} states, ${compared} plain values equal to them, ${kept.size} topics retained`);
