// SPDX-License-Identifier: Apache-2.0
// Tests: a broker that speaks MQTT 3.1 and 3.1.1 only. node broker.mjs PORT
import { createServer } from 'node:net';
import aedes from 'aedes';

const port = Number(process.argv[2]);
const broker = aedes();
broker.on('clientReady', (client) => console.log(`client ${client.id} version ${client.version}`));
broker.on('publish', (packet) => {
  if (!packet.topic.startsWith('$SYS')) console.log(`=${packet.topic}|${packet.payload}`);
});
createServer(broker.handle).listen(port, '127.0.0.1', () => console.log('listening'));
