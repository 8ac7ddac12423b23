// A program on Node: what the core gives, and messages over a socket.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { line } from '@socklab/framing';
import { framed } from '@socklab/framing/node';
import { frameDecoderStream } from '@socklab/framing/web';
import { readInPlace, refuse, roundTrip } from './core.js';
import type { AddressInfo } from 'node:net';

/** What comes back from a server that echoes. */
async function echo(text: string): Promise<string> {
  const server = createServer((socket) => {
    const messages = framed(socket, line());
    void messages.nextBatch().then((batch) => messages.sendBatch(batch ?? []));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const messages = framed(client, line());
  await messages.send(new TextEncoder().encode(text));
  const batch = await messages.nextBatch();
  client.destroy();
  server.close();
  return new TextDecoder().decode(batch?.[0]);
}

/** The lines of a web stream. */
async function lines(text: string): Promise<readonly string[]> {
  const seenLines: string[] = [];
  for await (const payload of new Blob([text]).stream().pipeThrough(frameDecoderStream(line()))) {
    seenLines.push(new TextDecoder().decode(payload));
  }
  return seenLines;
}

const seen = {
  node: process.versions.node.split('.')[0],
  roundTrip: new TextDecoder().decode(roundTrip()),
  inPlace: readInPlace(),
  refused: refuse(),
  echo: await echo('over a socket'),
  lines: await lines('one\ntwo\n'),
};
process.stdout.write(JSON.stringify(seen));
