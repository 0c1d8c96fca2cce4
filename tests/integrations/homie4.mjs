// SPDX-License-Identifier: Apache-2.0
// Tests: judges the Homie 4 devices at a broker. node homie4.mjs PORT [BASE]
//
// By the convention (4.0.0) and by what openHAB's binding asks for. $extensions may be missing: an empty one cannot be retained.
import { faultOfFormat, gather, id, isKept, isValue } from './homie_messages.mjs';
import { finish, requirePackages } from './packages.mjs';

const require = requirePackages();
const [port, root = 'homie'] = process.argv.slice(2);
const datatypes = ['integer', 'float', 'boolean', 'string', 'enum', 'color'];
const propertyAttributes = ['$name', '$datatype', '$format', '$settable', '$retained', '$unit'];
const faults = [];

// A domain may hold devices of version 5 as well; their level is no device id.
const isState = (topic) => topic.endsWith('/$state') && topic.split('/').at(-2) !== '5' && topic.split('/').length === root.split('/').length + 2;
const messages = await gather(require('mqtt'), port, root, isState);
const { first } = messages;
const devices = [...first.keys()].filter(isState).map((topic) => topic.split('/').at(-2));
const text = (topic) => first.get(topic)?.text;
const list = (topic) => (text(topic) ?? '').split(',').filter((part) => part !== '');
const known = new Set();

function judgeProperty(topic) {
  for (const attribute of ['$name', '$datatype']) isKept(messages, `${topic}/${attribute}`, faults);
  for (const attribute of propertyAttributes) known.add(`${topic}/${attribute}`);
  known.add(topic).add(`${topic}/set`);
  if (!id.test(topic.split('/').at(-1))) faults.push(`${topic}: '${topic.split('/').at(-1)}' is no Homie id`);
  const datatype = text(`${topic}/$datatype`);
  const format = text(`${topic}/$format`);
  if (datatype !== undefined && !datatypes.includes(datatype)) faults.push(`${topic}/$datatype is '${datatype}'`);
  const fault = faultOfFormat(datatype, format);
  if (fault) faults.push(`${topic}: ${fault}`);
  if (!first.has(topic)) return 0;
  if (text(`${topic}/$retained`) !== 'false') isKept(messages, topic, faults);
  if (!isValue(text(topic), datatype, format)) faults.push(`${topic} is '${text(topic)}', which is no ${datatype}${format ? ` of the format ${format}` : ''}`);
  return 1;
}

function judgeDevice(device) {
  const base = `${root}/${device}`;
  if (!id.test(device)) faults.push(`${base}: '${device}' is no Homie id`);
  for (const attribute of ['$homie', '$name', '$state', '$nodes']) isKept(messages, `${base}/${attribute}`, faults);
  if (!/^[34](\.\d+)*$/.test(text(`${base}/$homie`) ?? '4')) faults.push(`${base}/$homie is '${text(`${base}/$homie`)}': openHAB takes 3 and 4`);
  let values = 0;
  for (const node of list(`${base}/$nodes`)) {
    if (!id.test(node)) faults.push(`${base}: '${node}' is no Homie id`);
    for (const attribute of ['$name', '$type', '$properties']) {
      isKept(messages, `${base}/${node}/${attribute}`, faults);
      known.add(`${base}/${node}/${attribute}`);
    }
    for (const property of list(`${base}/${node}/$properties`)) values += judgeProperty(`${base}/${node}/${property}`);
  }
  if (values === 0) faults.push(`${base} has no value`);
  for (const topic of first.keys())
    if (topic.startsWith(`${base}/`) && !topic.startsWith(`${base}/$`) && !known.has(topic)) faults.push(`${topic} is published, and not described`);
  return values;
}

const values = devices.map(judgeDevice).reduce((sum, each) => sum + each, 0);
finish(faults, `Homie 4: ${devices.length} devices, ${values} values`);
