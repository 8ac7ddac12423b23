import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { experiments, runExperiment } from '@socklab/lab';
import { foreignPeer, listening, startCommand, temporaryFolder } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { cutOf, LESSON_CODE, linesOf, litLine, marksOf } from '../../../src/pages/lessons/code/index.ts';
import type { LessonProgram, ProgramLanguage } from '../../../src/pages/lessons/code/index.ts';

const machine = { node: process.version, platform: process.platform };
const python = foreignPeer('python3');

const IDS = Object.keys(LESSON_CODE);

/** What the receiver of each lesson prints, with the usual parameters; how much a read brings is up to the machine. */
const PRINTED: Readonly<Record<string, RegExp>> = {
  'tcp-connects-first': /\?/,
  'tcp-is-full-duplex': /\d/,
  'udp-loses-silently': /\d+ came/,
  'two-sends-merge': /hello.*alex/s,
  'short-read-splits': /he.*llo.*alex/s,
  'prefix-holds-a-length': /111111/,
  'frames-survive': /哈哈哈哈哈/,
  'naive-fix-breaks': /\d+ of 15 bytes/,
  'datagrams-keep-boundaries': /hello.*alex.*hello.*next/s,
};

/** Says on standard error when a program waits for others, which the lessons need not. */
const READY: Readonly<Record<ProgramLanguage, string>> = {
  python: `import socket, sys
def told(call, is_meant):
    def tell(self, *given):
        call(self, *given)
        if is_meant(self): print('ready', file=sys.stderr, flush=True)
    return tell
socket.socket.listen = told(socket.socket.listen, lambda s: True)
socket.socket.bind = told(socket.socket.bind, lambda s: s.type == socket.SOCK_DGRAM)
`,
  node: `import { Server } from 'node:net';
import { Socket } from 'node:dgram';
for (const each of [[Server, 'listen'], [Socket, 'bind']]) {
  const [{ prototype }, name] = each;
  const call = prototype[name];
  prototype[name] = function (...given) {
    this.once('listening', () => console.error('ready'));
    return call.apply(this, given);
  };
}
`,
};

const COMMANDS: Readonly<Record<ProgramLanguage, readonly string[]>> = { python: ['python3'], node: [process.execPath] };

function usualOf(id: string): Readonly<Record<string, number>> {
  const { params } = experiments.find((each) => each.id === id)!;
  return { ...Object.fromEntries(Object.entries(params).map(([name, spec]) => [name, spec.default])), cut: 7 };
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  server.close();
  await once(server, 'close');
  return port;
}

function sourceOf(program: LessonProgram, language: ProgramLanguage, id: string, port: number): string {
  const source = linesOf(program, usualOf(id)).map(({ text }) => text);
  return [READY[language], ...source].join('\n').replaceAll('9000', String(port));
}

/** Runs the programs of a lesson as its reader would; resolves with what they print. */
async function run(id: string, language: ProgramLanguage): Promise<string> {
  await using folder = await temporaryFolder();
  const port = await freePort();
  const files = await Promise.all(
    LESSON_CODE[id]![language].map(async (program) => {
      const file = `${folder.path}/${program.name}`;
      await writeFile(file, sourceOf(program, language, id, port));
      return file;
    }),
  );
  await using waiting = startCommand([...COMMANDS[language], files[0]!], { stdin: 'ignore' });
  await waiting.line(/^ready$/, 'stderr');
  await using other = startCommand([...COMMANDS[language], files[1]!], { stdin: 'ignore' });
  const exits = await Promise.all([waiting.exit(), other.exit()]);
  expect(exits.map(({ code }) => code)).toEqual([0, 0]);
  return waiting.output().stdout + other.output().stdout;
}

test('every lesson about sends and reads has its programs in both languages', () => {
  const known = experiments.map(({ id }) => id);
  expect(known).toEqual(expect.arrayContaining(IDS));
  expect(IDS).toEqual(Object.keys(PRINTED));
  for (const id of IDS)
    for (const language of ['python', 'node'] as const) expect([id, LESSON_CODE[id]![language].length]).toEqual([id, 2]);
});

describe('the programs of a lesson, run by hand', () => {
  test.each(IDS)('%s in Node.js', async (id) => {
    expect(await run(id, 'node')).toMatch(PRINTED[id]!);
  });

  test.skipIf(!python.available).each(IDS)('%s in Python', async (id) => {
    expect(await run(id, 'python')).toMatch(PRINTED[id]!);
  });
});

test.each(IDS)('each box of %s lights a line, in both languages', async (id) => {
  const experiment = experiments.find((each) => each.id === id)!;
  const { flows } = await runExperiment(experiment, { machine });
  const [first] = flows;
  for (const language of ['python', 'node'] as const) {
    const programs = LESSON_CODE[id]![language].map((program) => linesOf(program, usualOf(id)));
    const unlit = first!.events.filter((event, at) => {
      // A program of a few lines ends by itself: not every one says so.
      if (event.type === 'end') return false;
      return litLine(programs, marksOf(first!, at)) === undefined;
    });
    expect([language, unlit]).toEqual([language, []]);
  }
});

test('a line that does one thing only is lit for that, the others for all else', () => {
  const programs = LESSON_CODE['two-sends-merge']!.python.map((program) => linesOf(program, { readBytes: 4 }));
  const flow = {
    transport: 'tcp' as const,
    events: [
      { type: 'write' as const, us: 0, start: 0, end: 5 },
      { type: 'write' as const, us: 1, start: 5, end: 9 },
      { type: 'read' as const, us: 2, start: 0, end: 4 },
      { type: 'read' as const, us: 3, start: 4, end: 8 },
    ],
  };
  const lit = flow.events.map((_, at) => {
    const [program, line] = litLine(programs, marksOf(flow, at))!;
    return programs[program]![line]!.text;
  });
  expect(lit).toEqual(["s.send(b'hello')", "s.send(b'alex')", 'while data := conn.recv(4):', 'while data := conn.recv(4):']);
  expect(cutOf(flow)).toBe(5);
});
