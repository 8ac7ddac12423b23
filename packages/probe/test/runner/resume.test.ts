import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTargets, LINE, lines, probe } from '../line-server.ts';
import type { ProbeProgress } from '../../src/probe.ts';

const targets = createTargets();

afterEach(() => targets.stop());

describe('a journal', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'probe-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  test('lets an interrupted campaign go on, nothing done twice and nothing lost', async () => {
    const journal = join(folder, 'journal');
    const where = await targets.start((socket) => {
      let reads = 0;
      socket.on('data', () => (reads += 1));
      lines(socket, (line) => socket.write(reads === 1 || line !== 'hello' ? `${line}\n` : 'broken\n'));
    });
    const options = { target: where, exchange: LINE, plans: 'every-cut+random:10', journal, concurrency: 2, maxShrinkRuns: 3 };
    const controller = new AbortController();
    const onProgress = ({ totals }: ProbeProgress): void => void (totals.fail > 0 && controller.abort());
    await expect(probe({ ...options, signal: controller.signal, onProgress })).rejects.toThrow();
    appendFileSync(journal, '[12,{"ki');
    const before = readFileSync(journal, 'utf8').split('\n').length;
    expect(before).toBeGreaterThan(1);
    const resumed = await probe(options);
    const entries = readFileSync(journal, 'utf8').trimEnd().split('\n').slice(1);
    const indexes = entries.map((line) => (JSON.parse(line) as [number])[0]);
    expect(indexes.toSorted((left, right) => left - right)).toEqual(Array.from({ length: 15 }, (_, index) => index));
    expect(resumed.totals).toMatchObject({ fail: 15 });
    expect(resumed.cases.length).toBe(15);
    const again = await probe(options);
    expect(again.totals).toEqual(resumed.totals);
    expect(readFileSync(journal, 'utf8').trimEnd().split('\n')).toHaveLength(16);
  });

  test('is told as if its trials had been done just now: each verdict once, those of the journal first', async () => {
    const journal = join(folder, 'journal');
    const where = await targets.start((socket) => lines(socket, (line) => socket.write(`${line}\n`)));
    const options = { target: where, exchange: LINE, plans: 'every-cut+random:10', journal, concurrency: 1 };
    const controller = new AbortController();
    const before: number[] = [];
    const interrupted = probe({
      ...options,
      signal: controller.signal,
      onVerdict: ({ index }) => void (before.push(index) === 4 && controller.abort()),
    });
    await expect(interrupted).rejects.toThrow();
    expect(before).toEqual([0, 1, 2, 3]);
    const told: (readonly [number, string])[] = [];
    const { totals } = await probe({ ...options, onVerdict: ({ index }, { kind }) => void told.push([index, kind]) });
    expect(told.map(([index]) => index)).toEqual(Array.from({ length: 15 }, (_, index) => index));
    expect(told.filter(([, kind]) => kind === 'pass')).toHaveLength(totals.pass);
  });

  test('of something else is refused', async () => {
    const journal = join(folder, 'journal');
    writeFileSync(journal, 'dear diary\n');
    const where = await targets.start((socket) => lines(socket, (line) => socket.write(`${line}\n`)));
    await expect(probe({ target: where, exchange: LINE, journal })).rejects.toMatchObject({ code: 'PROBE_ERR_JOURNAL' });
  });
});
