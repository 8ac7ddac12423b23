import { createServer } from 'node:net';
import { PassThrough } from 'node:stream';
import { machine } from '@socklab/lab/testing';
import { connectTo, listening, meaningsOfZero, receive, startProgram } from '@socklab/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { createStickyLabProgram } from '../src/cli.ts';

const nowhere = new PassThrough();
const streams = { stdin: nowhere, stdout: nowhere, stderr: nowhere };
const program = createStickyLabProgram({ experiments: [], stdout: nowhere, machine, streams, exitWith: () => undefined });

test('each numeric option takes 0 for what its help says, or does not take it', () => {
  const meanings = Object.entries(meaningsOfZero(program));
  expect(Object.fromEntries(meanings.filter(([, meaning]) => meaning !== 'refused'))).toEqual({
    'serve --drain-timeout': 'it is cut at once',
    'serve --drain-delay': 'not at all',
    'exercise --hints': 'none',
    'proxy --latency': 'none',
    'proxy --max-connections': 'any number',
    'proxy --drain-timeout': 'it is cut at once',
    'proxy --drain-delay': 'not at all',
  });
  expect(meanings.map(([option]) => option)).toEqual(expect.arrayContaining(['probe --max-shrink', 'record --max-bytes', 'proxy --rate']));
});

test('--max-connections 0 of the proxy is any number, --latency 0 holds nothing back', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  onTestFinished(() => void server.close());
  const target = `127.0.0.1:${await listening(server)}`;
  const args = ['--listen', 'tcp://127.0.0.1:0', '--target', target, '--max-connections', '0', '--latency', '0', '--drain-timeout', '0'];
  await using proxy = startProgram('sticky-lab', ['proxy', ...args]);
  const { endpoints } = await proxy.log('listening');
  const port = Number(String((endpoints as string[])[0]).replace(/.*:/, ''));
  const clients = await Promise.all(Array.from({ length: 20 }, () => connectTo(port)));
  for (const client of clients) {
    client.on('error', () => undefined);
    client.write('hello');
    expect((await receive(client, 5)).toString()).toBe('hello');
  }
  proxy.signal('SIGTERM');
  expect((await proxy.exit()).code).toBe(0);
  for (const client of clients) client.destroy();
});
