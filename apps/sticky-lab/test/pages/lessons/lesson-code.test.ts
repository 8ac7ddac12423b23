import { writeFile } from 'node:fs/promises';
import { experiments, runExperiment } from '@socklab/lab';
import { foreignPeer, freePort, startCommand, temporaryFolder } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { cutOf, linesOf, litLine, marksOf } from '../../../src/pages/lessons/code/code.ts';
import { LESSON_CODE } from '../../../src/pages/lessons/lesson-code.ts';
import type { LessonProgram, ProgramLanguage } from '../../../src/pages/lessons/code/code.ts';
import type { RecordedFlow, FlowEvent } from '@socklab/lab/picture';

const machine = { node: process.version, platform: process.platform };
const python = foreignPeer('python3');

const IDS = Object.keys(LESSON_CODE);

/** What the receiver of each lesson prints, with the usual parameters; how much a read brings is up to the machine. */
const PRINTED: Readonly<Record<string, RegExp>> = {
  'address-is-32-bits': /hello.*1677985030/s,
  'client-server-and-browser-server': /HELLO, WORLD.*HELLO, WORLD/s,
  'tcp-connects-first': /\?.*\?/s,
  'tcp-is-full-duplex': /\d/,
  'bytes-in-flight': /\d+ bytes read.*\d+ bytes taken, then no more/s,
  'udp-loses-silently': /\d+ came/,
  'udp-does-not-slow-down': /TCP \d+ bytes read\s+UDP \d+ bytes read.*TCP \d+ bytes taken.*UDP \d+ bytes sent/s,
  'one-to-many': /(?:news [123].*){15}/s,
  'many-to-many': /(?:I am [1-4].*){12}/s,
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
        if is_meant(self): print('ready', call.__name__, file=sys.stderr, flush=True)
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
    this.once('listening', () => console.error('ready ' + name));
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
  const [first, second] = LESSON_CODE[id]![language];
  await using waiting = startCommand([...COMMANDS[language], files[0]!], { stdin: 'ignore' });
  if (second !== undefined) await waiting.line(first!.text.includes('listen(') ? /^ready listen$/ : /^ready bind$/, 'stderr');
  await using other = startCommand(second === undefined ? ['true'] : [...COMMANDS[language], files[1]!], { stdin: 'ignore' });
  const exits = await Promise.all([waiting.exit(), other.exit()]);
  expect(exits.map(({ code }) => code)).toEqual([0, 0]);
  return waiting.output().stdout + other.output().stdout;
}

test('every lesson has its programs in both languages', () => {
  expect(IDS, 'write the programs of each experiment into lesson-code.ts').toEqual(experiments.map(({ id }) => id));
  expect(Object.keys(PRINTED), 'write what the programs print into PRINTED').toEqual(IDS);
  for (const id of IDS) expect([id, LESSON_CODE[id]!.python.length]).toEqual([id, LESSON_CODE[id]!.node.length]);
});

describe('the programs of a lesson, run by hand', () => {
  test.each(IDS)('%s in Node.js', async (id) => {
    expect(await run(id, 'node')).toMatch(PRINTED[id]!);
  });

  test.skipIf(!python.available).each(IDS)('%s in Python', async (id) => {
    expect(await run(id, 'python')).toMatch(PRINTED[id]!);
  });
});

/** A program of a few lines ends by itself: not every one says so. */
function needsLine(id: string, { label }: RecordedFlow, event: FlowEvent): boolean {
  // Lesson 14 shows the program of one of its two receivers.
  return event.type !== 'end' && !(id === 'naive-fix-breaks' && label.en.startsWith('decoder'));
}

test.each(IDS)('each box of %s lights a line, in both languages', async (id) => {
  const experiment = experiments.find((each) => each.id === id)!;
  const { flows } = await runExperiment(experiment, { machine });
  for (const language of ['python', 'node'] as const) {
    const programs = LESSON_CODE[id]![language].map((program) => linesOf(program, usualOf(id)));
    const unlit = flows.flatMap((flow) =>
      flow.events.flatMap((event, at) => {
        const isLit = litLine(programs, marksOf(flow, at)) !== undefined;
        return isLit === needsLine(id, flow, event) || event.type === 'end' ? [] : [`${flow.label.en}: ${event.type}`];
      }),
    );
    expect([language, unlit]).toEqual([language, []]);
  }
});

test.each(['tcp-connects-first', 'tcp-is-full-duplex', 'client-server-and-browser-server'])(
  'the two directions of %s are different lines',
  async (id) => {
    const experiment = experiments.find((each) => each.id === id)!;
    const { flows } = await runExperiment(experiment, { machine });
    for (const language of ['python', 'node'] as const) {
      const programs = LESSON_CODE[id]![language].map((program) => linesOf(program, usualOf(id)));
      const lines = flows.slice(0, 4).map((each) =>
        String(
          litLine(
            programs,
            marksOf(
              each,
              each.events.findIndex(({ type }) => type === 'write'),
            ),
          ),
        ),
      );
      expect(new Set(lines).size).toBe(lines.length);
    }
  },
);

test('a line that does one thing only is lit for that, the others for all else', () => {
  const programs = LESSON_CODE['two-sends-merge']!.python.map((program) => linesOf(program, { readBytes: 4 }));
  const flow = {
    id: 1,
    label: { en: 'two sends', zh: '两次发送' },
    transport: 'tcp' as const,
    events: [
      { type: 'write' as const, us: 0, start: 0, end: 5 },
      { type: 'segment' as const, us: 1, start: 0, end: 5 },
      { type: 'write' as const, us: 1, start: 5, end: 9 },
      { type: 'segment' as const, us: 2, start: 5, end: 9 },
      { type: 'read' as const, us: 2, start: 0, end: 4 },
      { type: 'read' as const, us: 3, start: 4, end: 8 },
    ],
  };
  const lit = flow.events.map((_, at) => {
    const [program, line] = litLine(programs, marksOf(flow, at))!;
    return programs[program]![line]!.text;
  });
  expect(lit).toEqual([
    "s.send(b'hello')",
    "s.send(b'hello')",
    "s.send(b'alex')",
    "s.send(b'alex')",
    'while data := conn.recv(4):',
    'while data := conn.recv(4):',
  ]);
  expect(cutOf(flow)).toBe(5);
});
