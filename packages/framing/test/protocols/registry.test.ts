import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DEFAULT_MAX_PAYLOAD_BYTES, FRAMINGS, codecByName, framingNames } from '../../src/index.ts';
import { checkCodec } from '../../src/testing.ts';
import { pattern } from '../support/bytes.ts';
import { carriesEmpty, payloadLists } from '../support/payloads.ts';

const withBoundaries = FRAMINGS.filter(({ keepsBoundaries }) => keepsBoundaries);

test('names are unique, and the names of their codecs', () => {
  expect(new Set(framingNames).size).toBe(framingNames.length);
  expect(framingNames).toEqual(FRAMINGS.map(({ name }) => name));
  for (const { name, create } of FRAMINGS) expect([create().name, codecByName(name).name]).toEqual([name, name]);
});

test('only raw keeps no boundaries', () => {
  expect(FRAMINGS.filter(({ keepsBoundaries }) => !keepsBoundaries).map(({ name }) => name)).toEqual(['raw']);
});

test.each(withBoundaries)('$name reads every list of payloads back, however it is cut or glued', (entry) => {
  for (const payloads of payloadLists(entry)) checkCodec(entry.create(), payloads);
});

test.each(withBoundaries.filter(({ exampleFrames }) => exampleFrames === undefined))(
  '$name reads payloads of exactly the limit back, beside empty ones',
  (entry) => {
    const codec = entry.create({ maxPayloadBytes: 17 });
    const shortest = pattern(carriesEmpty(entry) ? 0 : 1);
    checkCodec(codec, [pattern(17), shortest, pattern(17), pattern(16)]);
  },
);

test('an unknown name throws a RangeError that lists the names there are', () => {
  for (const name of ['u32', 'U32BE', '', 'constructor', '__proto__']) {
    expect(() => codecByName(name)).toThrow(
      new RangeError(
        `unknown framing ${JSON.stringify(name)}; allowed: ${framingNames.join(', ')}; ` +
          String.raw`forms as line:crlf, delimited:\0; a layout as JSON`,
      ),
    );
  }
});

test.each(FRAMINGS)('$name: a limit beyond what the format can express is lowered to that', ({ name, maxPayloadBytes }) => {
  expect(codecByName(name, { maxPayloadBytes: Number.MAX_SAFE_INTEGER }).maxPayloadBytes).toBe(maxPayloadBytes);
  expect(codecByName(name, { maxPayloadBytes }).maxPayloadBytes).toBe(maxPayloadBytes);
  expect(codecByName(name, { maxPayloadBytes: 64 }).maxPayloadBytes).toBe(64);
  expect(codecByName(name).maxPayloadBytes).toBe(Math.min(DEFAULT_MAX_PAYLOAD_BYTES, maxPayloadBytes));
});

test.each(FRAMINGS)('$name: a limit that is not a whole number throws a RangeError', ({ name }) => {
  for (const maxPayloadBytes of [Number.NaN, -1, 1.5]) expect(() => codecByName(name, { maxPayloadBytes })).toThrow(RangeError);
});

test('the README shows the framings in their order, with their summaries and limits', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const table = readme.split('\n## ').find((section) => section.startsWith('Framings'));
  const rows = [...table!.matchAll(/^\| `([\w-]+)` +\| (.+?) +\| (.+?) +\| +([\d,]+) +\|$/gm)].map(([, ...cells]) => cells);
  const expected = FRAMINGS.map(({ name, summary, keepsBoundaries, maxPayloadBytes }) => [
    name,
    summary,
    keepsBoundaries ? 'yes' : 'no',
    maxPayloadBytes.toLocaleString('en-US'),
  ]);
  const missing = expected.filter(([name]) => rows.every(([shown]) => shown !== name));
  const lines = missing.map(([name, ...cells]) => `| \`${name}\` | ${cells.join(' | ')} |`);
  expect(rows, `write into the table "Framings" of packages/framing/README.md:\n${lines.join('\n')}\n`).toEqual(expected);
});
