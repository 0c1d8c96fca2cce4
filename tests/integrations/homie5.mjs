// SPDX-License-Identifier: Apache-2.0
// Tests: judges the Homie 5 devices at a broker. node homie5.mjs PORT [DOMAIN]
//
// Descriptions by node-homie's schema; ids, states, retained flags and values by the convention (version 5.0); then node-homie's
// own client must discover each device and read the same values.
import { faultOfFormat, gather, id, isKept, isValue, waiting } from './homie_messages.mjs';
import { eventually, finish, requirePackages } from './packages.mjs';

const require = requirePackages();
const Ajv = require('ajv').default;
const { DeviceDescriptionSchema, DeviceDiscovery } = require('node-homie');
const { validateHomieValue } = require('node-homie/util');
const { SimpleLogger } = require('node-homie/misc');
SimpleLogger.loglevel = -1; // it speaks of what is judged here

const [port, domain = 'homie'] = process.argv.slice(2);
const root = `${domain}/5`;
const states = ['init', 'ready', 'disconnected', 'sleeping', 'lost'];
const faults = [];

/// The schema's patterns are written for expressions without the u flag, and its examples are texts, which ajv refuses.
function schemaOfDescriptions() {
  const copy = JSON.parse(JSON.stringify(DeviceDescriptionSchema));
  (function strip(part) {
    if (part === null || typeof part !== 'object') return;
    if (typeof part.examples === 'string') delete part.examples;
    Object.values(part).forEach(strip);
  })(copy);
  return new Ajv({ strict: false, unicodeRegExp: false, allErrors: true }).compile(copy);
}
const valid = schemaOfDescriptions();

const messages = await gather(require('mqtt'), port, root, (topic) => topic.endsWith('/$state'));
const { first, found } = messages;
const devices = [...first.keys()].filter((topic) => topic.endsWith('/$state')).map((topic) => topic.split('/').at(-2));

function judgeValue(topic, property) {
  const fault = faultOfFormat(property.datatype, property.format);
  if (fault) faults.push(`${topic}: ${fault}`);
  if (!first.has(topic)) return false;
  if (property.retained !== false) {
    if (!isKept(messages, topic, faults)) return false;
  } else if (found.get(topic)?.retained) faults.push(`${topic} is retained, and its description says that it is not`);
  const text = first.get(topic).text.replace('\u0000', '');
  if (!isValue(text, property.datatype, property.format) || !validateHomieValue(text, property.datatype, property.format))
    faults.push(`${topic} is '${text}', which is no ${property.datatype}${property.format ? ` of the format ${property.format}` : ''}`);
  return property.retained !== false;
}

/// Returns the retained values that came.
function judgeDevice(device) {
  const base = `${root}/${device}`;
  if (!id.test(device)) faults.push(`${base}: '${device}' is no Homie id`);
  if (isKept(messages, `${base}/$state`, faults) && !states.includes(found.get(`${base}/$state`).text))
    faults.push(`${base}/$state is '${found.get(`${base}/$state`).text}'`);
  if (!isKept(messages, `${base}/$description`, faults)) return [];
  let description;
  try {
    description = JSON.parse(found.get(`${base}/$description`).text);
  } catch (error) {
    faults.push(`${base}/$description is no JSON: ${error.message}`);
    return [];
  }
  if (!valid(description))
    for (const error of valid.errors) faults.push(`${base}/$description${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`);
  for (const [kin, relatives] of [['child', description.children], ['root', description.root], ['parent', description.parent]])
    for (const relative of [relatives ?? []].flat()) if (!devices.includes(relative)) faults.push(`${base}: its ${kin} ${relative} is not there`);

  const values = [];
  const described = new Set();
  for (const [nodeId, node] of Object.entries(description.nodes ?? {}))
    for (const [propertyId, property] of Object.entries(node.properties ?? {})) {
      const topic = `${base}/${nodeId}/${propertyId}`;
      described.add(topic);
      if (!id.test(nodeId) || !id.test(propertyId)) faults.push(`${topic}: a part of it is no Homie id`);
      if (judgeValue(topic, property)) values.push({ topic, device, nodeId, propertyId });
    }
  if (values.length === 0 && (description.children ?? []).length === 0) faults.push(`${base} has neither values nor children`);
  for (const topic of first.keys())
    if (topic.startsWith(`${base}/`) && !topic.startsWith(`${base}/$`) && !described.has(topic.replace(/\/(\$target|set)$/, '')))
      faults.push(`${topic} is published, and not in the description`);
  return values;
}

/// node-homie's client, as a controller uses it.
async function discover(values) {
  const seen = new Map();
  const discovery = new DeviceDiscovery({ url: `mqtt://127.0.0.1:${port}`, topicRoot: domain });
  discovery.events$.subscribe((event) => {
    if (event.type !== 'add' || seen.has(event.deviceId)) return;
    const device = event.makeDevice();
    seen.set(event.deviceId, device);
    device.onInit();
  });
  await discovery.onInit();
  for (const device of devices)
    if (!(await eventually(() => seen.has(device), waiting))) faults.push(`node-homie does not discover ${device}`);
  for (const { topic, device, nodeId, propertyId } of values) {
    // Values go on changing meanwhile: node-homie must have what this client has at the same moment.
    const read = () => seen.get(device)?.get(nodeId)?.get(propertyId)?.value;
    if (!(await eventually(() => read() === found.get(topic)?.text, waiting)))
      faults.push(`${topic}: node-homie reads '${read()}' in place of '${found.get(topic)?.text}'`);
  }
}

const values = devices.flatMap(judgeDevice);
if (faults.length === 0) await discover(values);
finish(faults, `Homie 5: ${devices.length} devices, ${values.length} values; node-homie discovers them and reads the same`);
