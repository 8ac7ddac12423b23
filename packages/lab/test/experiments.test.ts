import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { experiments } from '../src/experiments.ts';
import datagramsKeepBoundaries from '../src/experiments/boundaries/datagrams-keep-boundaries.ts';
import framesSurvive from '../src/experiments/boundaries/frames-survive.ts';
import naiveFixBreaks from '../src/experiments/boundaries/naive-fix-breaks.ts';
import prefixHoldsALength from '../src/experiments/boundaries/prefix-holds-a-length.ts';
import shortReadSplits from '../src/experiments/boundaries/short-read-splits.ts';
import twoSendsMerge from '../src/experiments/boundaries/two-sends-merge.ts';
import addressIs32Bits from '../src/experiments/meeting/address-is-32-bits.ts';
import clientServerAndBrowserServer from '../src/experiments/meeting/client-server-and-browser-server.ts';
import tcpConnectsFirst from '../src/experiments/meeting/tcp-connects-first.ts';
import tcpIsFullDuplex from '../src/experiments/meeting/tcp-is-full-duplex.ts';
import bytesInFlight from '../src/experiments/transports/bytes-in-flight.ts';
import manyToMany from '../src/experiments/transports/many-to-many.ts';
import oneToMany from '../src/experiments/transports/one-to-many.ts';
import udpDoesNotSlowDown from '../src/experiments/transports/udp-does-not-slow-down.ts';
import udpLosesSilently from '../src/experiments/transports/udp-loses-silently.ts';
import { alike } from '../src/lab/base/text.ts';
import { describeExperiment } from '../src/lab/experiment.ts';
import { runExperiment } from '../src/lab/run/runner.ts';
import { machine } from './machine.ts';
import type { Experiment } from '../src/lab/experiment.ts';
import type { RunReport } from '../src/lab/run/runner.ts';
import type { Text } from '../src/text.ts';

const MESSAGE = '哈哈哈哈哈';
const arrival = process.platform === 'linux' ? 'kernel queue' : 'written';

const HAN = /\p{Script=Han}/u;

/** What is English has its Chinese; what is neither, such as `recv(15)`, is the same. */
function expectBoth(texts: readonly Text[]): void {
  for (const { en, zh } of texts) if (en !== zh) expect(zh).toMatch(HAN);
}

function run(experiment: Experiment, params: Readonly<Record<string, number>> = {}): Promise<RunReport> {
  return runExperiment(experiment, { machine, params });
}

describe('the list', () => {
  test('has every file of the folder, and the id is the file name', () => {
    const files = readdirSync(new URL('../src/experiments/', import.meta.url), { recursive: true, encoding: 'utf8' });
    const ids = files.filter((file) => file.endsWith('.ts')).map((file) => basename(file, '.ts'));
    expect(experiments.map(({ id }) => id).toSorted(), 'write each experiment into packages/lab/src/experiments.ts').toEqual(
      ids.toSorted(),
    );
  });

  test('has the lessons from 1 on, each once, in order', () => {
    expect(experiments.map(({ lesson }) => lesson)).toEqual(experiments.map((_, index) => index + 1));
  });

  test.each(experiments)('$id asks one yes/no question and its defaults are allowed', ({ question, params }) => {
    expect(question.en).toMatch(/^(Do|Does|Is|Are|Can) [^?]+\?$/);
    expect(question.zh).toMatch(/^[^？]+？$/);
    for (const { default: value, min, max } of Object.values(params)) {
      expect(value).toBeGreaterThanOrEqual(min);
      expect(value).toBeLessThanOrEqual(max);
    }
  });

  test.each(experiments)('$id says why in two sentences, and all in both languages', async (experiment) => {
    const { title, question, why, params } = experiment;
    expect(why.en.match(/[.?!](?= [A-Z]|$)/g)).toHaveLength(2);
    expect(why.zh.match(/[。？！]/g)).toHaveLength(2);
    const helps = Object.values(params).map(({ help }) => help);
    for (const { en, zh } of [title, question, why, ...helps]) {
      expect(en).toMatch(/^[ -~]+$/);
      expect(zh).toMatch(HAN);
    }
    const { rows, flows } = await run(experiment);
    for (const { label, value } of rows) expectBoth([label, value]);
    for (const { label } of flows) expectBoth([label]);
  });

  test.each(experiments)('$id gives plain JSON', async (experiment) => {
    const report = await run(experiment);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

describe('lesson 10: two sends, one read', () => {
  test('reads helloalex, then nothing', async () => {
    const report = await run(twoSendsMerge);
    expect(report.facts).toEqual({ sends: ['hello', 'alex'], readBytes: 15, reads: ['helloalex', ''], arrival });
    expect(report).toMatchObject({ answer: 'yes', outcome: 'expected' });
  });

  test.each([
    [9, ['helloalex', ''], 'yes'],
    [8, ['helloale', 'x', ''], 'no'],
    [5, ['hello', 'alex', ''], 'no'],
    [1, ['h', 'e', 'l', 'l', 'o', 'a', 'l', 'e', 'x', ''], 'no'],
  ])('with recv(%d) reads %j', async (readBytes, reads, answer) => {
    const report = await run(twoSendsMerge, { readBytes });
    expect(report).toMatchObject({ facts: { reads }, answer, outcome: 'expected' });
  });
});

/** Parameters at their limits, and one by one beside the usual ones. */
function extremes({ params }: Experiment): readonly Readonly<Record<string, number>>[] {
  const usual = Object.fromEntries(Object.entries(params).map(([name, spec]) => [name, spec.default]));
  return Object.entries(params).flatMap(([name, { min, max }]) => [min, max].map((value) => ({ ...usual, [name]: value })));
}

describe('why it is otherwise', () => {
  test('is said by each experiment whose answer is up to its parameters, in two sentences, and by no other', () => {
    for (const experiment of experiments) {
      const { id, usual } = describeExperiment(experiment);
      const isOpen = extremes(experiment).some((params) => experiment.expected(params) !== usual);
      expect([id, experiment.whyOtherwise !== undefined]).toEqual([id, isOpen]);
      if (experiment.whyOtherwise === undefined) continue;
      expectBoth([experiment.whyOtherwise]);
      expect(experiment.whyOtherwise.en.match(/[.?!](?= [A-Z]|$)/g)).toHaveLength(2);
      expect(experiment.whyOtherwise.zh.match(/[。？！]/g)).toHaveLength(2);
    }
  });

  test('is the reason that a run gives when its answer is the other one', async () => {
    await expect(run(twoSendsMerge)).resolves.toMatchObject({ why: twoSendsMerge.why });
    await expect(run(twoSendsMerge, { readBytes: 4 })).resolves.toMatchObject({ answer: 'no', why: twoSendsMerge.whyOtherwise });
  });
});

describe('challenges', () => {
  test.each([
    [twoSendsMerge, {}, [false, false]],
    [twoSendsMerge, { readBytes: 7 }, [true, false]],
    [twoSendsMerge, { readBytes: 5 }, [false, true]],
    [shortReadSplits, {}, [false, false]],
    [shortReadSplits, { firstReadBytes: 5 }, [true, false]],
    [shortReadSplits, { firstReadBytes: 2, readBytes: 3 }, [false, true]],
    [addressIs32Bits, { first: 127, second: 0, third: 0, fourth: 1 }, [true, false]],
    [addressIs32Bits, { first: 0, second: 0, third: 0, fourth: 8 }, [false, true]],
    [clientServerAndBrowserServer, { characters: 10_000 }, [true, false]],
    [clientServerAndBrowserServer, { characters: 1 }, [false, true]],
    [tcpConnectsFirst, { rounds: 301 }, [true, false]],
    [tcpConnectsFirst, { rounds: 1 }, [false, true]],
    [tcpIsFullDuplex, { bytes: 1 }, [true, false]],
    [tcpIsFullDuplex, { bytes: 60_000 }, [false, true]],
    [bytesInFlight, { chunkBytes: 1024 }, [true, false]],
    [bytesInFlight, { chunkBytes: 65_536 }, [false, true]],
    [udpLosesSilently, { datagrams: 2000 }, [true, false]],
    [udpLosesSilently, { datagrams: 300 }, [false, true]],
    [udpDoesNotSlowDown, { factor: 1 }, [true, false]],
    [udpDoesNotSlowDown, { factor: 4 }, [false, true]],
    [oneToMany, { receivers: 6, messages: 17 }, [true, false]],
    [oneToMany, { receivers: 40, messages: 1 }, [false, true]],
    [manyToMany, { peers: 11 }, [true, false]],
    [manyToMany, { peers: 9 }, [false, true]],
    [manyToMany, { peers: 12 }, [false, false]],
    [prefixHoldsALength, { value: 0x6c_6c_65_68 }, [true, false]],
    [prefixHoldsALength, { value: 0x01_01_01_01 }, [false, true]],
    [framesSurvive, { messages: 10 }, [true, false]],
    [framesSurvive, { messages: 16 }, [true, true]],
    [naiveFixBreaks, { characters: 1 }, [true, false]],
    [naiveFixBreaks, { characters: 20 }, [false, true]],
    [datagramsKeepBoundaries, { readBytes: 9 }, [true, false]],
    [datagramsKeepBoundaries, { readBytes: 3 }, [false, true]],
  ] as const)('are met by what the sockets did: %#', async (experiment, params, met) => {
    await expect(run(experiment, params)).resolves.toMatchObject({ met });
  });

  test('are two or three in every lesson, and not met by its usual parameters', async () => {
    for (const experiment of experiments) {
      const { id, met } = await run(experiment);
      expect([id, [2, 3].includes(met.length), met.includes(true)]).toEqual([id, true, false]);
      for (const { text } of experiment.challenges ?? []) expectBoth([text]);
    }
  });
});

describe('lesson 11: a short read cuts and glues', () => {
  test('reads he, then lloalex, then nothing', async () => {
    const report = await run(shortReadSplits);
    const sizes = { firstReadBytes: 2, readBytes: 15 };
    expect(report.facts).toEqual({ sends: ['hello', 'alex'], ...sizes, reads: ['he', 'lloalex', ''], arrival });
    expect(report).toMatchObject({ answer: 'yes', outcome: 'expected' });
  });

  test.each([
    [4, 15, ['hell', 'oalex', ''], 'yes'],
    [5, 15, ['hello', 'alex', ''], 'no'],
    [6, 15, ['helloa', 'lex', ''], 'no'],
    [2, 3, ['he', 'llo', 'ale', 'x', ''], 'no'],
    [2, 4, ['he', 'lloa', 'lex', ''], 'yes'],
  ])('with recv(%d), then recv(%d) reads %j', async (firstReadBytes, readBytes, reads, answer) => {
    const report = await run(shortReadSplits, { firstReadBytes, readBytes });
    expect(report).toMatchObject({ facts: { reads }, answer, outcome: 'expected' });
  });
});

describe('lesson 12: a length in four bytes', () => {
  test('packs as struct.pack does, and refuses one beyond', async () => {
    const report = await run(prefixHoldsALength);
    const allowed = 'allowed: whole numbers from -2147483648 to 2147483647 (FRAME_ERR_TOO_LARGE)';
    expect(report.facts).toEqual({
      sent: { value: 111_111, bytes: '07 b2 01 00', unpacked: 111_111 },
      limits: [
        { value: -2_147_483_648, bytes: '00 00 00 80', unpacked: -2_147_483_648 },
        { value: 2_147_483_647, bytes: 'ff ff ff 7f', unpacked: 2_147_483_647 },
      ],
      beyond: [
        { value: -2_147_483_649, error: `i32le cannot hold -2147483649; ${allowed}` },
        { value: 2_147_483_648, error: `i32le cannot hold 2147483648; ${allowed}` },
      ],
    });
    expect(report).toMatchObject({ answer: 'yes', outcome: 'expected' });
  });

  test.each([0, -1, 255, 65_536, -2_147_483_648])('%d arrives as DataView writes it', async (value) => {
    const bytes = Buffer.alloc(4);
    new DataView(bytes.buffer, bytes.byteOffset).setInt32(0, value, true);
    const report = await run(prefixHoldsALength, { value });
    expect(report.facts).toMatchObject({ sent: { value, bytes: bytes.toString('hex').replaceAll(/..(?=.)/g, '$& '), unpacked: value } });
  });

  test('answers no when a number changes on the way, or one beyond is packed', () => {
    const fine = { value: 1, bytes: '', unpacked: 1 };
    const refused = { value: 1, error: 'refused' };
    expect(prefixHoldsALength.verdict({ sent: fine, limits: [fine], beyond: [refused] })).toBe('yes');
    expect(prefixHoldsALength.verdict({ sent: { ...fine, unpacked: 2 }, limits: [fine], beyond: [refused] })).toBe('no');
    expect(prefixHoldsALength.verdict({ sent: fine, limits: [{ ...fine, unpacked: 2 }], beyond: [refused] })).toBe('no');
    expect(prefixHoldsALength.verdict({ sent: fine, limits: [fine], beyond: [{ ...refused, error: null }] })).toBe('no');
  });
});

describe('lesson 13: frames survive', () => {
  test('every message arrives whole: at every read size, glued, cut at every byte, byte by byte', async () => {
    const report = await run(framesSurvive);
    expect(report.facts).toEqual({
      message: MESSAGE,
      messageBytes: 15,
      frame: '0f 00 00 00 e5 93 88 e5 93 88 e5 93 88 e5 93 88 e5 93 88',
      readSizes: { tried: 19, intact: 19 },
      glued: { sent: 3, messages: [MESSAGE, MESSAGE, MESSAGE], reads: [57], arrival },
      cuts: { tried: 56, intact: 56, seen: 56 },
      drip: { reads: 57, isIntact: true },
    });
    expect(report).toMatchObject({ answer: 'yes', outcome: 'expected' });
  });

  test('with two messages there are 37 cuts', async () => {
    const report = await run(framesSurvive, { messages: 2 });
    expect(report.facts).toMatchObject({ cuts: { tried: 37, intact: 37, seen: 37 }, glued: { reads: [38] } });
  });

  test('answers no when a single message is lost, and when a cut was not seen', async () => {
    const { facts } = await run(framesSurvive, { messages: 2 });
    const good = facts as Parameters<typeof framesSurvive.verdict>[0];
    expect(framesSurvive.verdict(good)).toBe('yes');
    expect(framesSurvive.verdict({ ...good, readSizes: { ...good.readSizes, intact: 18 } })).toBe('no');
    expect(framesSurvive.verdict({ ...good, cuts: { ...good.cuts, intact: 36 } })).toBe('no');
    expect(framesSurvive.verdict({ ...good, cuts: { ...good.cuts, seen: 36 } })).toBe('no');
    expect(framesSurvive.verdict({ ...good, drip: { ...good.drip, isIntact: false } })).toBe('no');
    expect(framesSurvive.verdict({ ...good, glued: { ...good.glued, messages: [MESSAGE] } })).toBe('no');
    expect(framesSurvive.verdict({ ...good, glued: { ...good.glued, messages: [MESSAGE, '哈'] } })).toBe('no');
  });
});

describe('lesson 14: the fix that is not enough', () => {
  test('breaks at every cut but one, where the decoder breaks at none', async () => {
    const report = await run(naiveFixBreaks);
    expect(report.facts).toEqual({
      message: MESSAGE,
      frameBytes: 19,
      uncut: { at: 0, naive: intact, decoder: intact },
      cuts: Array.from({ length: 18 }, (_, index) => ({ at: index + 1, naive: naiveAt(index + 1), decoder: intact })),
    });
    expect(report).toMatchObject({ answer: 'yes', outcome: 'expected' });
    expect(report.rows.find(({ label }) => label.en === 'breaks')?.value).toEqual({
      en: 'naive recv(4), recv(n): at 17 of 18 cuts; decoder: at 0 of 18 cuts',
      zh: '18 个切点中，简单写法 recv(4)、recv(n) 在 17 处出错，解码器在 0 处出错',
    });
  });

  test('answers no when the naive fix survives another cut, or the decoder breaks at one', () => {
    const uncut = cut(0, true);
    expect(verdict(uncut, cut(3, false), cut(4, true), cut(5, false))).toBe('yes');
    expect(verdict(uncut, cut(3, true), cut(4, true), cut(5, false))).toBe('no');
    expect(verdict(uncut, cut(3, false), cut(4, false), cut(5, false))).toBe('no');
    expect(verdict(uncut, cut(3, false), cut(4, true), cut(5, false, false))).toBe('no');
    expect(verdict(cut(0, false), cut(3, false), cut(4, true), cut(5, false))).toBe('no');
  });
});

describe('lesson 15: UDP keeps boundaries', () => {
  test('two datagrams are two reads; a short read loses the rest, which is simulated', async () => {
    const report = await run(datagramsKeepBoundaries);
    expect(report.facts).toEqual({
      sends: ['hello', 'alex'],
      reads: ['hello', 'alex'],
      short: {
        isSimulated: true,
        readBytes: 5,
        sends: ['helloalex', 'next'],
        arrived: ['helloalex', 'next'],
        reads: ['hello', 'next'],
        lost: ['alex', ''],
      },
    });
    expect(report).toMatchObject({ answer: 'yes', outcome: 'expected' });
    expect(report.rows.find(({ label }) => label.en === 'simulated')?.value.en).toContain('Node gives every datagram whole');
  });

  test('a read as long as the datagram loses nothing', async () => {
    const report = await run(datagramsKeepBoundaries, { readBytes: 9 });
    expect(report.facts).toMatchObject({ short: { reads: ['helloalex', 'next'], lost: ['', ''] } });
  });

  test('answers no when the datagrams come glued', () => {
    const short = { isSimulated: true, readBytes: 5, sends: [], arrived: [], reads: [], lost: [] } as const;
    expect(datagramsKeepBoundaries.verdict({ sends: ['a', 'b'], reads: ['ab'], short })).toBe('no');
  });
});

type Cut = Parameters<typeof naiveFixBreaks.verdict>[0]['uncut'];

function cut(at: number, naive: boolean, decoder = true): Cut {
  return { at, naive: { isIntact: naive, got: alike('') }, decoder: { isIntact: decoder, got: alike('') } };
}

function verdict(uncut: Cut, ...cuts: readonly Cut[]): string {
  return naiveFixBreaks.verdict({ message: MESSAGE, frameBytes: 19, uncut, cuts });
}

const intact = { isIntact: true, got: alike(`'${MESSAGE}'`) };

/** What the naive fix makes of a frame cut at `at`. */
function naiveAt(at: number): object {
  if (at === 4) return intact;
  if (at < 4) {
    const got = { en: `a header of ${at} of 4 bytes, which cannot be unpacked`, zh: `头部只有 4 字节中的 ${at} 字节，无法解包` };
    return { isIntact: false, got };
  }
  const tail = ['', '\\xe5', '\\xe5\\x93'][(at - 4) % 3];
  const text = `'${'哈'.repeat((at - 4) / 3)}${tail}'`;
  return { isIntact: false, got: { en: `${at - 4} of 15 bytes: ${text}`, zh: `15 字节中的 ${at - 4} 字节：${text}` } };
}
