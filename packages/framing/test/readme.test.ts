import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { DEFAULT_MAX_PAYLOAD_BYTES, FRAMINGS, createFrameWriter, lengthPrefixed, line, raw, u8 } from '../src/index.ts';
import { DEFAULT_MAX_HEADER_BYTES, DEFAULT_SLAB_BYTES, MAX_PINNED_BYTES, MAX_PINNED_RATIO, MAX_RESERVED_BYTES } from '../src/limits.ts';
import { decoderStream } from '../src/node.ts';
import { checkedOptions } from '../src/node/framed-stream.ts';
import { DEFAULT_PARTIAL_FRAME_TIMEOUT_MS } from '../src/node/partial-frame-timer.ts';
import { FILES } from './layout/files.ts';
import { bytes } from './support/bytes.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const packageFolder = fileURLToPath(new URL('..', import.meta.url));

/** Each example with the output that the README says it has. */
const examples = [...readme.matchAll(/^```js\n(.*?)^```\n\n```text\n(.*?)^```$/gms)].map(([, code, output]) => ({
  title: /'(@socklab\/framing\/\w+)'/.exec(code!)?.[1] ?? code!.split('\n')[0]!,
  code: code!,
  output: output!,
}));

test('every example shows its output', () => {
  expect(examples.length).toBe(14);
  expect(readme.match(/^```js$/gm)?.length).toBe(examples.length);
  for (const surface of ['@socklab/framing', '@socklab/framing/node', '@socklab/framing/web', '@socklab/framing/testing']) {
    expect(examples.some(({ code }) => code.includes(`'${surface}'`))).toBe(true);
  }
});

test.each(examples)('the example prints what the README says: $title', async ({ code, output }) => {
  const parameters = ['--conditions=@socklab/source', '--input-type=module', '--eval', code];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, parameters, { cwd: packageFolder });
  expect(stderr).toBe('');
  expect(stdout).toBe(output);
});

test('the first example has at most a dozen lines', () => {
  expect(examples[0]?.code.trimEnd().split('\n').length).toBeLessThanOrEqual(12);
});

test('the table of limits says the defaults', () => {
  const section = readme.split('\n## ').find((part) => part.startsWith('Limits'))!;
  const rows = Object.fromEntries(
    [...section.matchAll(/^\| `(\w+)` +\| ([\d,]+)/gm)].map(([, name, value]) => [name, value!.replaceAll(',', '')]),
  );
  expect(rows).toEqual({
    maxPayloadBytes: `${DEFAULT_MAX_PAYLOAD_BYTES}`,
    maxHeaderBytes: `${DEFAULT_MAX_HEADER_BYTES}`,
    slabBytes: `${DEFAULT_SLAB_BYTES}`,
    readAheadBytes: '0',
    readAheadFrames: `${decoderStream(line()).readableHighWaterMark}`,
    partialFrameTimeoutMs: `${DEFAULT_PARTIAL_FRAME_TIMEOUT_MS}`,
    closeTimeoutMs: `${checkedOptions({}).closeTimeoutMs}`,
  });
  const writer = createFrameWriter();
  line().encodeInto(writer, bytes(''));
  // A quarter to spare, so that a batch of a whole slab fits.
  expect(writer.bytes.length).toBe(DEFAULT_SLAB_BYTES * 1.25);
  for (const codec of [line(), raw()]) expect(codec.maxPayloadBytes).toBe(DEFAULT_MAX_PAYLOAD_BYTES);
  expect(lengthPrefixed({ length: u8 }).maxPayloadBytes).toBe(u8.max);
});

test('the figures in the text are those of the sources', () => {
  expect(readme).toContain(`one page of ${MAX_RESERVED_BYTES / 1024} KiB`);
  expect([MAX_PINNED_RATIO, readme.includes(`at most ${MAX_PINNED_BYTES / 1024} KiB alive, or eight times its size`)]).toEqual([8, true]);
});

test('the drawing shows real frames', () => {
  for (const name of ['u32be', 'i32le']) {
    const frame = FRAMINGS.find((framing) => framing.name === name)!
      .create()
      .encode(bytes('hi'));
    const hex = Array.from(frame, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    expect(readme).toContain(`${name}: ${hex}`);
  }
});

test('the table of layouts is what is shipped', () => {
  const rows = [...readme.matchAll(/^\| `([\w-]+)\.json` +\| (.*?) +\| (.*?) +\|$/gm)].map(([, name, summary, source]) => [
    name,
    summary,
    source,
  ]);
  expect(rows, 'write each file of layouts/ into the table of packages/framing/README.md: its name, its summary, its source').toEqual(
    [...FILES].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([name, layout]) => [name, layout.summary, layout.source]),
  );
});
