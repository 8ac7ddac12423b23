// What a server answered a client: the recording that is played to the client with its answers cut.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { freePort } from '@socklab/probe';
import { installed } from './installed.mjs';
import { startProgram } from './program.mjs';

const CLIENT_MS = 20_000;

export async function record({ against, server: own }, { words, place }) {
  const server = own ?? against;
  const { words: command, missing } = await installed(server);
  if (missing !== undefined) throw new Error(`its server is ${missing}`);
  const port = await freePort();
  const program = await startProgram(server, { words: command, place, port });
  const events = [];
  const relay = relayTo(port, events);
  try {
    await once(relay.listen(0, '127.0.0.1'), 'listening');
    const filled = words.map((word) => word.replaceAll('{port}', String(relay.address().port)).replaceAll('{host}', '127.0.0.1'));
    const client = spawn(filled[0], filled.slice(1), { cwd: place, stdio: ['ignore', 'pipe', 'pipe'], timeout: CLIENT_MS });
    const said = [];
    for (const stream of [client.stdout, client.stderr]) stream.on('data', (chunk) => said.push(chunk));
    const [code] = await once(client, 'close');
    if (code !== 0) throw new Error(`the client ended with ${code}: ${Buffer.concat(said).toString().trim().split('\n').at(-1)}`);
    return { events };
  } finally {
    relay.close();
    await program.stop();
  }
}

/** Passes on what both sides send, and keeps it; the first connection is the recording. */
function relayTo(port, events) {
  let isFirst = true;
  return createServer((client) => {
    const kept = isFirst ? events : [];
    isFirst = false;
    const server = connect(port, '127.0.0.1');
    for (const [from, source, sink] of [
      ['client', client, server],
      ['server', server, client],
    ]) {
      source.on('error', () => sink.destroy());
      source.on('data', (bytes) => {
        kept.push({ ms: 0, from, bytes: new Uint8Array(bytes) });
        sink.write(bytes);
      });
      source.on('end', () => {
        kept.push({ ms: 0, from, end: 'fin' });
        sink.end();
      });
    }
  });
}
