// SPDX-License-Identifier: Apache-2.0
// Tests: the messages of all Homie devices at a broker, and rules that versions 4 and 5 share.
import { eventually, finish } from './packages.mjs';

export const id = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
export const waiting = Number(process.env.P1METER_TEST_SECONDS ?? 20);

function collect(client, filter, into) {
  client.on('error', (error) => finish([`MQTT.js: ${error.message}`]));
  client.on('message', (topic, bytes, packet) => {
    const message = { text: bytes.toString('utf8'), retained: packet.retain || (into.get(topic)?.retained ?? false), qos: packet.qos };
    if (message.text === '') into.delete(topic);
    else into.set(topic, message);
  });
  return new Promise((done) => client.on('connect', done)).then(() => client.subscribeAsync(filter, { qos: 2 }));
}

/// Two maps of topic to {text, retained, qos}: what a client sees that waits until all devices are ready, and what one finds that
/// comes later. Only the second shows what is retained. Ends the program when there are none, or not all get ready.
export async function gather(mqtt, port, root, isState) {
  const connect = () => mqtt.connect(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, reconnectPeriod: 0 });
  const first = new Map();
  const found = new Map();
  await collect(connect(), `${root}/#`, first);
  const states = () => [...first].filter(([topic]) => isState(topic));
  if (!(await eventually(() => states().length > 0 && states().every(([, message]) => message.text === 'ready'), waiting)))
    finish([states().length ? `not all are ready: ${states().map(([topic, message]) => `${topic} is '${message.text}'`).join(', ')}`
      : `there is no device below ${root}`]);
  await collect(connect(), `${root}/#`, found);
  await eventually(() => [...first.keys()].every((topic) => found.has(topic)), 2);
  return { first, found };
}

/// Says when a topic that must be there for all who come later is not.
export function isKept({ first, found }, topic, faults) {
  const message = found.get(topic);
  if (!message) faults.push(`${topic} is ${first.has(topic) ? 'not retained' : 'missing'}`);
  else if (!message.retained) faults.push(`${topic} is not retained`);
  else if (message.qos === 0) faults.push(`${topic} has QoS 0`);
  return message !== undefined;
}

const expressions = { integer: /^-?\d+$/, float: /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/, boolean: /^(true|false)$/ };
const range = /^(-?\d+(?:\.\d+)?)?:(-?\d+(?:\.\d+)?)?(:\d+(\.\d+)?)?$/;

/// Whether a text is a value of this type; what only version 5 has is left to node-homie.
export function isValue(text, datatype, format) {
  if (expressions[datatype] && !expressions[datatype].test(text)) return false;
  if (datatype === 'enum') return (format ?? '').split(',').includes(text);
  const bounds = ['integer', 'float'].includes(datatype) && format ? range.exec(format) : null;
  if (bounds) return !(bounds[1] && Number(text) < Number(bounds[1])) && !(bounds[2] && Number(text) > Number(bounds[2]));
  return true;
}

/// What is wrong with a format, or nothing.
export function faultOfFormat(datatype, format) {
  if (datatype === 'enum' && !format) return 'an enum needs a format';
  if (['integer', 'float'].includes(datatype) && format !== undefined && !range.test(format)) return `'${format}' is no format of a number`;
  return undefined;
}
