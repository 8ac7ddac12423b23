import { readdirSync, readFileSync } from 'node:fs';
import { receive, socketPair } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { CELLS, CHUNKINGS, SIZES } from '../bench/cells.ts';
import { CONTENDERS } from '../bench/contenders/index.ts';
import { echoReport } from '../bench/echo/report.ts';
import { SERVERS } from '../bench/echo/servers/index.ts';
import { select } from '../bench/matrix.ts';
import { commonTargets, missedTargets, withQuote } from '../bench/report/quote.ts';
import { report } from '../bench/report/report.ts';
import { Results, summarize } from '../bench/report/results.ts';
import { computeTargets } from '../bench/report/targets.ts';
import { createHasher, expectedHash, expectedSums, touch } from '../bench/visitor.ts';
import { createWorkload } from '../bench/workload.ts';
import { codecByName } from '../src/index.ts';

const FRAMES = 20;
const FEW_FRAMES = 2;

test('the list of contenders is the folder, and each is named as its file', () => {
  const files = readdirSync(new URL('../bench/contenders/', import.meta.url)).filter((file) => file !== 'index.ts');
  expect(CONTENDERS.map(({ name }) => `${name}.ts`).toSorted()).toEqual(files.toSorted());
});

test('the list of echo servers is the folder, and each is named as its file', () => {
  const files = readdirSync(new URL('../bench/echo/servers/', import.meta.url)).filter((file) => file !== 'index.ts');
  expect(SERVERS.map(({ name }) => `${name}.ts`).toSorted()).toEqual(files.toSorted());
});

test.each(SERVERS)('$name echoes frames as they came', async ({ serve, wire }) => {
  await using pair = await socketPair();
  serve(pair.server);
  const frames = Buffer.concat([1, 200, 70_000, 3].map((byteLength) => codecByName(wire).encode(new Uint8Array(byteLength).fill(7))));
  const echoed = receive(pair.client, frames.length);
  pair.client.write(frames);
  expect((await echoed).equals(frames)).toBe(true);
});

describe.each(CONTENDERS)('$name', ({ task, wire, prepare }) => {
  const chunkings = task === 'encode' ? CHUNKINGS.slice(0, 1) : CHUNKINGS;
  const cells = chunkings.flatMap((chunking) =>
    SIZES.filter(({ name }) => name !== '64KiB' || chunking.chunkBytes > 1).map((size) => ({ size, chunking })),
  );

  test.each(cells)('does the whole work of $size.name in $chunking.name', async ({ size, chunking }) => {
    const workload = createWorkload(size, chunking, wire, size.name === '64KiB' ? FEW_FRAMES : FRAMES);
    const { visitor, state } = createHasher();
    expect((await prepare(workload, visitor)()).frames).toBe(workload.payloads.length);
    expect(state.hash).toBe(expectedHash(task, workload));
    const { frames, sum } = await prepare(workload, touch)();
    expect(frames).toBe(workload.payloads.length);
    expect(expectedSums(workload)).toContain(sum);
  });
});

test('the hash tells payloads apart that are cut, glued, changed or swapped', () => {
  const hashes = [['ab', 'cd'], ['abcd'], ['a', 'bcd'], ['abc', 'd'], ['cd', 'ab'], ['ab', 'ce'], ['ab', 'cd', '']].map((lines) => {
    const { visitor, state } = createHasher();
    for (const line of lines) visitor.text(line);
    return state.hash;
  });
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('a payload may be longer than what payloads are cut from', () => {
  const { payloads, stream, chunks } = createWorkload({ name: 'large', payloadBytes: 300_000 }, CHUNKINGS[0]!, 'u32be', 1);
  expect([payloads[0]?.length, stream.length, chunks.length]).toEqual([300_000, 300_004, 5]);
  expect(payloads[0]?.includes(0)).toBe(false);
});

test('frames of many MiB are for ours alone, and a byte of them is compared', () => {
  const large = select('64MiB');
  expect(large.map(({ contenders }) => contenders.every(({ group }) => group === 'ours'))).toEqual([true]);
  const results = new Results();
  for (const [size, nanoseconds] of [
    ['32MiB', 1e6],
    ['64MiB', 2.6e6],
  ] as const) {
    const cell = CELLS.find((each) => each.size.name === size)!;
    results.set(cell, CONTENDERS[0]!, summarize([nanoseconds], 1));
  }
  const target = computeTargets(results).find(({ text }) => text.includes('many 64 KiB chunks'));
  expect([target?.isMet, target?.comparisons[0]?.ratio.toFixed(2)]).toEqual([false, '1.30']);
});

test('everybody gets the same payloads, framed as they know it', () => {
  const [size, chunking] = [SIZES.at(-1)!, CHUNKINGS[1]!];
  const [first, ...others] = (['u32be', 'u32le', 'varint', 'lf'] as const).map((wire) => createWorkload(size, chunking, wire, FRAMES));
  for (const { payloads } of others) expect(payloads).toEqual(first!.payloads);
  for (const { chunks, stream } of [first!, ...others]) expect(new Uint8Array(Buffer.concat(chunks))).toEqual(stream);
  expect(new Set(first!.payloads.map(({ length }) => length)).size).toBeGreaterThan(FRAMES / 2);
});

/** How wide columns are is the formatter's. */
function squeezed(text: string): string {
  return text.replaceAll(/ +/g, ' ').replaceAll(/-+/g, '-');
}

test.each([
  ['bench/MISSES.md', missedTargets],
  ['README.md', commonTargets],
])('%s quotes the results as they are', (path, quoted) => {
  const document = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
  const results = readFileSync(new URL('../bench/RESULTS.md', import.meta.url), 'utf8');
  expect(squeezed(document)).toBe(squeezed(withQuote(document, quoted(results))));
  // A head alone would be a report that was not understood.
  expect(commonTargets(results).split('\n').length).toBeGreaterThan(2);
});

test('a filter takes whole words of a cell and parts of a contender', () => {
  expect(select('').length).toBe(CELLS.length);
  expect(select('decode 1KiB 1B-chunks ours').map(({ contenders }) => contenders.map(({ name }) => name))).toEqual([
    ['ours-auto', 'ours-cursor', 'ours-loop', 'ours-async-loop'],
  ]);
  expect(select('no-such-thing')).toEqual([]);
});

test('an echo has a table for each number of connections and of messages under way, with medians', () => {
  const cell = { connections: 1, payloadBytes: 64, depth: 32 };
  const samples = [1, 30, 2].map((cpuUs) => ({ cpuUs, messagesPerSecond: 5000, p99Us: 1500, residentBytes: 2 ** 20 }));
  const absent = [{ name: 'go-bufio', reason: 'no Go' }];
  const idle = new Map([['ours-messages', { connections: 9, heldBytes: 2048, residentBytes: 4096 }]]);
  const lines = echoReport({ samples: new Map([[cell, new Map([['ours-messages', samples]])]]), idle, foreign: [], absent, failures: [] });
  expect(lines.join('\n')).toMatch(
    /1 connection, 32 messages under way\n\|.*64 B.*\n.*\n\| `ours-messages` \| 2\.00 \(5\.0k\/s, 1\.5 ms, 1 MiB\)/,
  );
  expect(lines.at(-1)).toBe('Not here: `go-bufio` (no Go).');
  expect(lines.join('\n')).toMatch(/each of 9 connections[^]*\| `ours-messages` \| 2\.0 KiB \| 4\.0 KiB/);
});

describe('targets', () => {
  const cell = CELLS.find(({ task, size, chunking }) => task === 'decode' && size.name === '1KiB' && chunking.name === '64KiB-chunks')!;

  function measured(costs: Record<string, number>): Results {
    const results = new Results();
    for (const [name, cost] of Object.entries(costs)) {
      results.set(
        cell,
        CONTENDERS.find((contender) => contender.name === name)!,
        summarize([cost + 2, cost, cost - 2], FRAMES),
      );
    }
    return results;
  }

  function isMet(ours: number): boolean | undefined {
    return computeTargets(measured({ 'ours-auto': ours, 'hand-uint8array': 100 })).find(({ text }) => text.startsWith('as it comes, 64'))
      ?.isMet;
  }

  test('are met up to the ratio that is allowed, and missed above it', () => {
    expect([isMet(150), isMet(151)]).toEqual([true, false]);
  });

  test('that nothing was measured for are not there', () => {
    expect(computeTargets(measured({ 'ours-auto': 10 }))).toEqual([]);
  });

  test('and the figures they come from are in the report', () => {
    const effort = { rounds: 3, warmUpMs: 1, measureMs: 1, capMs: 1 };
    const conditions = { machine: 'a machine', node: '26', command: 'bench', load: '0', effort };
    const text = report(measured({ 'ours-auto': 32, 'hand-uint8array': 20, 'frame-stream': 12_345 }), conditions);
    expect(text).toMatch(/\| `ours-auto` +\| +\| +\| 32\.0 \(30\.0–34\.0\)/);
    expect(text).toContain('12.3k (12.3k–12.3k)');
    expect(text).toMatch(
      /\| as it comes, 64.* \| 1KiB, 64KiB-chunks \| 32\.0 +\| 20\.0 +\| 1\.60 × \| 1\.50 × +\| 0 of 1 +\| \*\*no\*\* \|/,
    );
    expect(text).toContain('64KiB-chunks: 32.0 against 20.0, 1.60 ×');
  });
});
