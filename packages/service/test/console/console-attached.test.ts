import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@socklab/service';
import { captureLog, closed, connectTo, readAll, receive } from '@socklab/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { createAttachedConsole } from '../../src/console/attached.ts';
import { listenForOperator, parseConsoleEndpoint } from '../../src/console/listen.ts';
import type { AttachedConsole } from '../../src/console/attached.ts';
import type { Socket } from 'node:net';

interface Attachable {
  readonly console: AttachedConsole;
  readonly path: string;
  /** Commands that were heard, in order. */
  readonly heard: string[];
  stopListening(): void;
}

/** A console on a socket file of its own; lines with a slash are commands, and are shown. */
async function attachable(): Promise<Attachable> {
  const folder = await mkdtemp(join(tmpdir(), 'console-'));
  const path = join(folder, 'operator.sock');
  const heard: string[] = [];
  const console = createAttachedConsole({
    greeting: 'hello operator',
    listener: {
      hear(line) {
        if (!line.startsWith('/')) return line;
        heard.push(line);
        console.print(`did ${line}`);
        return undefined;
      },
      complete: (typed) => [[], typed],
    },
  });
  const log = createLogger({ app: 'demo-app', destination: captureLog().destination });
  const stopListening = await listenForOperator(console, parseConsoleEndpoint(`unix:${path}`), { log });
  onTestFinished(async () => {
    stopListening();
    console.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { console, path, heard, stopListening };
}

async function attach({ path }: Attachable, shown = ''): Promise<Socket> {
  const operator = await connectTo(path);
  onTestFinished(() => void operator.destroy());
  await shows(operator, `hello operator\n${shown}`);
  return operator;
}

async function shows(operator: Socket, text: string): Promise<void> {
  expect((await receive(operator, Buffer.byteLength(text))).toString()).toBe(text);
}

test('the socket file is for its owner alone, whatever the umask says, which stays', async () => {
  const umask = process.umask(0);
  onTestFinished(() => void process.umask(umask));
  const { path } = await attachable();
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(process.umask()).toBe(0);
});

test('asks are answered by whoever is attached; the prompt stands for each', async () => {
  const at = await attachable();
  const early = at.console.ask();
  const operator = await attach(at, '>>> ');
  operator.write('one\r\ntwo\n');
  expect(await early).toBe('one');
  expect(await at.console.ask()).toBe('two');
  at.console.print('heard');
  await shows(operator, '\n>>> \nheard\n');
});

test('commands act at once, whoever is asked, and the prompt comes again', async () => {
  const at = await attachable();
  const operator = await attach(at);
  operator.write('/first\n');
  await shows(operator, 'did /first\n');
  const line = at.console.ask();
  operator.write('/second\n');
  await shows(operator, '>>> \ndid /second\n>>> ');
  operator.write('text\n');
  expect(await line).toBe('text');
  expect(at.heard).toEqual(['/first', '/second']);
});

test('a half-closed operator gets its answer, then the end; lines it left wait', async () => {
  const at = await attachable();
  const operator = await connectTo(at.path);
  operator.end('text\n/command');
  expect((await readAll(operator)).toString()).toBe('hello operator\ndid /command\n');
  expect(await at.console.ask()).toBe('text');
});

test('the console ends when it is closed, not when an operator leaves', async () => {
  const at = await attachable();
  const first = await attach(at);
  const line = at.console.ask();
  await shows(first, '>>> ');
  first.end();
  await readAll(first);
  const second = await attach(at, '>>> ');
  second.write('still here\n');
  expect(await line).toBe('still here');
  const open = at.console.ask();
  at.console.close();
  expect(await open).toBe(undefined);
  await at.console.ended;
  expect((await readAll(second)).toString()).toBe('\n>>> ');
  const late = await connectTo(at.path);
  expect((await readAll(late)).toString()).toBe('the service is ending\n');
});

test('what was printed while nobody was attached is shown first: the latest 1,000 texts, the others counted', async () => {
  const at = await attachable();
  for (let number = 1; number <= 1200; number++) at.console.print(`text ${number}`);
  const latest = Array.from({ length: 1000 }, (_, index) => `text ${index + 201}\n`);
  const operator = await attach(at, `… 200 earlier lines not kept\n${latest.join('')}`);
  operator.end();
  await readAll(operator);
  await attach(at);
});

test('texts that nobody sees take 262,144 characters at most', async () => {
  const at = await attachable();
  for (const letter of ['a', 'b', 'c']) at.console.print(letter.repeat(100_000));
  await attach(at, `… 1 earlier lines not kept\n${'b'.repeat(100_000)}\n${'c'.repeat(100_000)}\n`);
});

test('a second operator gets one line and the end, and is not heard', async () => {
  const at = await attachable();
  await attach(at);
  const second = await connectTo(at.path);
  second.write('/command\ntext\n');
  expect((await readAll(second)).toString()).toBe('an operator is already attached\n');
  expect(at.heard).toEqual([]);
});

test('a line may have 65,536 bytes, and not one more', async () => {
  const at = await attachable();
  const operator = await attach(at);
  const longest = 'x'.repeat(65_536);
  operator.write(`${longest}\n`);
  expect(await at.console.ask()).toBe(longest);
  await shows(operator, '>>> ');
  operator.write(`${longest}x`);
  expect((await readAll(operator)).toString()).toBe('\na line has at most 65536 bytes\n');
});

test('1,000 lines wait; what comes after them is not kept, and commands are heard all the same', async () => {
  const at = await attachable();
  const operator = await attach(at);
  operator.write(`${'text\n'.repeat(1001)}/command\n`);
  await shows(operator, 'not kept: 1000 lines are already waiting\ndid /command\n');
});

test('an operator that does not read is cut once 1 MiB waits for it', async () => {
  const at = await attachable();
  const operator = await attach(at);
  operator.pause();
  for (let number = 0; number < 64; number++) at.console.print('x'.repeat(65_536));
  await closed(operator);
  await attach(at);
});

test('an operator whose connection breaks makes room for the next', async () => {
  const at = await attachable();
  const first = await attach(at);
  const line = at.console.ask();
  await shows(first, '>>> ');
  first.write('text');
  first.destroy();
  await once(first, 'close');
  // What came before the break was a line: it ended with the connection.
  expect(await line).toBe('text');
  await attach(at);
});

test.each(['unix:@name', 'tcp://127.0.0.1:9', 'fd:3', 'systemd', '/run/operator.sock', 'unix:'])(
  '%s is no place for an operator',
  (text) => {
    expect(() => parseConsoleEndpoint(text)).toThrow(expect.objectContaining({ code: 'SERVICE_ERR_USAGE' }));
  },
);
