import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { createLogger, createOperatorConsole } from '@socklab/service';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startFixture } from '../process.ts';
import type { ConsoleOptions } from '../../src/console/console.ts';
import type { LineListener } from '@socklab/service';

function newConsole(options: Partial<ConsoleOptions> = {}) {
  const input = new PassThrough();
  const output = new PassThrough();
  const console = createOperatorConsole({ input, output, terminal: false, ...options });
  onTestFinished(() => console.close());
  // Chunk by chunk: a read takes no more than one of them.
  const shown = () => Array.from({ length: output.readableLength }, () => String(output.read() ?? '')).join('');
  /** Waits until what is shown, without what moves the cursor, ends in `text`. */
  const shownUpTo = async (text: string) => {
    for (let seen = shown(); !stripVTControlCharacters(seen).endsWith(text); seen += shown()) await once(output, 'readable');
  };
  return { console, input, shown, shownUpTo };
}

test('asks answer with the lines in order, then with undefined once the input ended', async () => {
  const { console, input } = newConsole();
  input.end('one\ntwo\r\n\nfour');
  expect(await console.ask()).toBe('one');
  expect(await console.ask()).toBe('two');
  expect(await console.ask()).toBe('');
  expect(await console.ask()).toBe('four');
  expect(await console.ask()).toBe(undefined);
  expect(await console.ask()).toBe(undefined);
});

test('an ask waits for a line to come, whatever pieces it comes in', async () => {
  const { console, input } = newConsole();
  const line = console.ask();
  for (const byte of Buffer.from('你好\n')) input.write(Uint8Array.of(byte));
  expect(await line).toBe('你好');
});

test('several asks are answered in the order they were made', async () => {
  const { console, input } = newConsole();
  const asks = [console.ask(), console.ask(), console.ask()];
  input.end('one\ntwo\n');
  expect(await Promise.all(asks)).toEqual(['one', 'two', undefined]);
});

test('an aborted ask rejects with the reason and takes no line', async () => {
  const { console, input } = newConsole();
  const gaveUp = new AbortController();
  const aborted = console.ask(gaveUp.signal);
  const next = console.ask();
  gaveUp.abort('peer left');
  await expect(aborted).rejects.toBe('peer left');
  input.write('hello\n');
  expect(await next).toBe('hello');
});

test('a signal that is aborted already rejects at once, with a line waiting or not', async () => {
  const { console, input, shown } = newConsole();
  input.write('hello\n');
  await expect(console.ask(AbortSignal.abort('too late'))).rejects.toBe('too late');
  expect(shown()).toBe('');
  expect(await console.ask()).toBe('hello');
});

test('an abort after the answer changes nothing', async () => {
  const { console, input } = newConsole();
  const controller = new AbortController();
  input.write('one\ntwo\n');
  expect(await console.ask(controller.signal)).toBe('one');
  controller.abort();
  expect(await console.ask()).toBe('two');
});

test('ended resolves once every line was taken, not when the last one came', async () => {
  const { console, input } = newConsole();
  const onEnded = vi.fn<() => void>();
  void console.ended.then(onEnded);
  input.end('one\n');
  await once(input, 'close');
  expect(onEnded).not.toHaveBeenCalled();
  await console.ask();
  await console.ended;
  expect(onEnded).toHaveBeenCalledOnce();
});

test('close gives open asks undefined, drops the lines that wait, and can be repeated', async () => {
  const { console, input } = newConsole();
  const open = console.ask();
  console.close();
  console.close();
  expect(await open).toBe(undefined);
  await console.ended;
  input.write('late\n');
  expect(await console.ask()).toBe(undefined);

  const other = newConsole();
  other.input.write('one\ntwo\n');
  expect(await other.console.ask()).toBe('one');
  other.console.close();
  expect(await other.console.ask()).toBe(undefined);
});

test('input waits in its stream when 1,000 lines wait here', async () => {
  const { console, input } = newConsole();
  const lines = Array.from({ length: 1000 }, (_line, index) => `line ${index}\n`);
  const paused = once(input, 'pause');
  input.write(lines.join(''));
  await paused;
  input.write('one more\n');
  expect(input.readableLength).toBe('one more\n'.length);
  for (let index = 0; index < 1000; index += 1) expect(await console.ask()).toBe(`line ${index}`);
  expect(await console.ask()).toBe('one more');
});

test('a listener hears each line first: what it keeps for itself nobody is asked, and the prompt comes again', async () => {
  const heard: string[] = [];
  const listener: LineListener = {
    hear(line) {
      heard.push(line);
      return line.startsWith('/') ? undefined : line.toUpperCase();
    },
    complete: (typed) => [[], typed],
  };
  const { console, input, shown } = newConsole({ listener, prompt: '>>> ' });
  const line = console.ask();
  input.write('/command\ntext\n');
  expect(await line).toBe('TEXT');
  expect(heard).toEqual(['/command', 'text']);
  expect(shown()).toBe('>>> \n>>> ');
});

test('a listener hears while 1,000 lines wait in a terminal, where what finds no room is not kept', async () => {
  const commands: string[] = [];
  const listener: LineListener = {
    hear: (line) => (line.startsWith('/') ? void commands.push(line) : line),
    complete: (typed) => [[], typed],
  };
  const { console, input, shownUpTo } = newConsole({ terminal: true, listener });
  input.write(`${'text\r'.repeat(1001)}/command\r`);
  await shownUpTo('/command\r\n');
  expect(commands).toEqual(['/command']);
  for (let count = 0; count < 1000; count += 1) expect(await console.ask()).toBe('text');
  const next = console.ask();
  input.write('after\r');
  expect(await next).toBe('after');
});

test('a listener can close the console: lines that came with its command are not heard', async () => {
  const heard: string[] = [];
  const listener: LineListener = {
    hear(line) {
      heard.push(line);
      console.close();
      return undefined;
    },
    complete: (typed) => [[], typed],
  };
  const { console, input } = newConsole({ listener });
  const line = console.ask();
  input.write('/end\nmore\n');
  expect(await line).toBe(undefined);
  await console.ended;
  expect(heard).toEqual(['/end']);
});

test('in a terminal, Tab completes what the listener knows, and the arrow keys bring back 1,000 lines', async () => {
  const listener: LineListener = { hear: (line) => line, complete: (typed) => [['/who'], typed] };
  const { console, input } = newConsole({ terminal: true, listener });
  // What comes in one piece was pasted, and a Tab in it is a character.
  for (const key of ['/w', '\t', '\r']) input.write(key);
  expect(await console.ask()).toBe('/who');
  for (let number = 1; number <= 1001; number += 1) {
    input.write(`line ${number}\r`);
    await console.ask();
  }
  input.write(`${'\u001b[A'.repeat(1000)}\r`);
  expect(await console.ask()).toBe('line 2');
});

test('in a terminal, Tab twice lists what is possible, above the prompt with what was typed', async () => {
  const listener: LineListener = { hear: (line) => line, complete: (typed) => [['/who', '/to '], typed] };
  const { console, input, shown, shownUpTo } = newConsole({ terminal: true, listener });
  const line = console.ask();
  input.write('/');
  await shownUpTo('>>> /');
  for (const key of ['\t', '\t']) input.write(key);
  expect(stripVTControlCharacters(shown())).toBe('\r\n/who\r\n/to \r\n\r\n>>> /');
  input.write('to 1 hi\r');
  expect(await line).toBe('/to 1 hi');
});

test('where no cursor moves the prompt is written once for each ask, and other texts begin a line of their own', async () => {
  const { console, input, shown } = newConsole({ prompt: '>>> ' });
  const log = createLogger({ app: 'demo-app', destination: console.logDestination });
  const line = console.ask();
  expect(shown()).toBe('>>> ');
  console.print('hello');
  expect(shown()).toBe('\nhello\n');
  log.info('something happened');
  expect(shown()).toMatch(/^\{.*"msg":"something happened"\}\n$/);
  input.write('one\ntwo\n');
  await line;
  await console.ask();
  expect(shown()).toBe('>>> ');
  void console.ask();
  expect(shown()).toBe('\n>>> ');
});

test('the prompt can be another; without a terminal there is none', () => {
  const named = newConsole({ prompt: 'operator> ' });
  void named.console.ask();
  expect(named.shown()).toBe('operator> ');
  const none = newConsole();
  void none.console.ask();
  none.console.print('hello');
  expect(none.shown()).toBe('hello\n');
});

test('in a terminal, what comes while typing is drawn above the prompt and the typed text again below', async () => {
  const { console, input, shown, shownUpTo } = newConsole({ terminal: true });
  const line = console.ask();
  input.write('hel');
  await shownUpTo('>>> hel');
  console.print('hello from below');
  // To the line's start, clear what is below, the text, and the prompt with what was typed.
  const ESC = '\u001b';
  expect(shown()).toBe(`${ESC}[1G${ESC}[0Jhello from below\n${ESC}[1G${ESC}[0J>>> hel${ESC}[8G`);
  input.write('lo\r');
  expect(await line).toBe('hello');
});

test('in a terminal, an aborted ask takes its prompt away and keeps what was typed for the next', async () => {
  const { console, input } = newConsole({ terminal: true });
  const gaveUp = new AbortController();
  const aborted = console.ask(gaveUp.signal);
  input.write('hel');
  gaveUp.abort('peer left');
  await expect(aborted).rejects.toBe('peer left');
  const next = console.ask();
  input.write('lo\r');
  expect(await next).toBe('hello');
});

test('in a terminal, Ctrl-C calls onInterrupt and takes no line', async () => {
  const interrupted = Promise.withResolvers<void>();
  const { console, input } = newConsole({ terminal: true, onInterrupt: interrupted.resolve });
  const line = console.ask();
  input.write('\u0003');
  await interrupted.promise;
  input.write('hello\r');
  expect(await line).toBe('hello');
});

test('a terminal that was closed is the end of input', async () => {
  const { console, input } = newConsole();
  const line = console.ask();
  input.destroy(Object.assign(new Error('read EIO'), { code: 'EIO' }));
  expect(await line).toBe(undefined);
});

test('after close, texts and log lines are still shown', () => {
  const { console, shown } = newConsole({ terminal: true });
  console.close();
  shown();
  console.print('goodbye');
  expect(shown()).toBe('goodbye\n');
});

test('logs written to the console are pretty in a terminal', () => {
  const { console, shown } = newConsole({ terminal: true });
  createLogger({ app: 'demo-app', destination: console.logDestination }).info('something happened');
  expect(shown()).toMatch(/INFO.*: .*something happened/);
});

test('a real process reads its lines from a pipe, answers each, and ends with the input', async () => {
  await using program = startFixture('console', []);
  program.child.stdin?.end('one\ntwo\n');
  expect(await program.exit()).toEqual({
    code: 0,
    signal: null,
    stdout: 'you said: one\nyou said: two\nended\n',
    stderr: '',
  });
});

test('log lines of a real process stay whole JSON lines between what it says', async () => {
  await using program = startFixture('console', []);
  program.child.stdin?.write('one\n');
  await program.line(/you said: one/);
  program.child.kill('SIGUSR2');
  expect(await program.log('something happened')).toMatchObject({ from: 'below' });
  program.child.stdin?.end();
  expect((await program.exit()).code).toBe(0);
});
