import { readdirSync, readFileSync } from 'node:fs';
import { codecByName, FrameError, FRAMINGS } from '@socklab/framing';
import { expect, test } from 'vitest';
import { writeCorpus } from '../../src/torture/corpus/corpus-file.ts';
import { CORPUS_VERSION } from '../../src/torture/corpus/corpus.ts';
import { tortureCorpus } from '../../src/torture/corpus/create-corpus.ts';

const folder = new URL('../../vectors/', import.meta.url);
const named = FRAMINGS.filter(({ keepsBoundaries }) => keepsBoundaries).map(({ name }) => name);

type Parts = readonly (string | { readonly pattern: number; readonly bytes: number })[];

interface Repeated {
  readonly repeat: number;
  readonly of: Parts;
}

interface Stream {
  readonly limit: number;
  readonly wire: Parts | Repeated;
  readonly payloads: readonly Parts[] | Repeated;
  readonly ending: 'clean' | 'truncated' | 'refused';
}

test('every framing that keeps boundaries has a file, and no file is of anything else', () => {
  const hint = '`pnpm --filter @socklab/probe vectors` writes these files';
  expect(readdirSync(folder).toSorted(), hint).toEqual(named.map((name) => `${name}.json`).toSorted());
});

test.each(named)('the file of %s is what the code makes of it: `pnpm --filter @socklab/probe vectors` writes it anew', (name) => {
  expect(readFileSync(new URL(`${name}.json`, folder), 'utf8') === writeCorpus(tortureCorpus(name))).toBe(true);
});

test.each(['u32be', 'cobs', 'amqp'])('the file of %s is read with what the documentation says of it, and nothing else', (name) => {
  const { version, streams, tests } = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as {
    version: number;
    streams: readonly Stream[];
    tests: readonly { readonly stream: number }[];
  };
  expect(version).toBe(CORPUS_VERSION);
  expect(new Set(tests.map(({ stream }) => stream)).size).toBe(streams.length);
  for (const { limit, wire, payloads, ending } of streams) {
    const bytes = 'of' in wire ? Buffer.concat(times(wire)) : expanded(wire);
    const expected = 'of' in payloads ? times(payloads) : payloads.map(expanded);
    const read = readWhole(name, limit, bytes);
    expect(read).toEqual({ payloads: expected.map((payload) => payload.toString('hex')), ending });
  }
});

function times({ repeat, of }: Repeated): readonly Buffer[] {
  return Array.from({ length: repeat }, () => expanded(of));
}

function expanded(parts: Parts): Buffer {
  return Buffer.concat(
    parts.map((part) =>
      typeof part === 'string'
        ? Buffer.from(part, 'hex')
        : Buffer.from(Array.from({ length: part.bytes }, (_, index) => 0x21 + ((part.pattern + index) % 89))),
    ),
  );
}

function readWhole(name: string, limit: number, bytes: Buffer): { readonly payloads: readonly string[]; readonly ending: string } {
  const decoder = codecByName(name, { maxPayloadBytes: limit }).createDecoder();
  const payloads: string[] = [];
  let ending = 'refused';
  try {
    decoder.push(bytes);
    for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) payloads.push(Buffer.from(payload).toString('hex'));
    ending = 'truncated';
    decoder.end();
    return { payloads, ending: 'clean' };
  } catch (error) {
    expect(error).toBeInstanceOf(FrameError);
    return { payloads, ending };
  }
}
