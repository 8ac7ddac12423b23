import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { datagramExchange, probeDatagrams } from '../../src/index.ts';
import type { DatagramProbeOptions } from '../../src/index.ts';
import type { Socket } from 'node:dgram';

let server: Socket;
let folder: string;
let journal: string;

/** Answers all but the empty datagram, with so many bytes that the first datagram of a new address amplifies. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'probe-'));
  journal = join(folder, 'journal');
  server = createSocket('udp4').bind(0, '127.0.0.1');
  server.on('message', (bytes, { port, address }) => {
    if (bytes.length > 0) server.send(Buffer.alloc(900, bytes), port, address);
  });
  await once(server, 'listening');
});

afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

function probed(more: Partial<DatagramProbeOptions> = {}): ReturnType<typeof probeDatagrams> {
  const exchange = datagramExchange([Buffer.from('list')]);
  const brief = { quietMs: 20, delayMs: 20, concurrency: 1, plans: 'vanish+truncate' };
  return probeDatagrams({ target: `127.0.0.1:${server.address().port}`, exchange, ...brief, journal, ...more });
}

function linesOf(path: string): readonly string[] {
  return readFileSync(path, 'utf8').trimEnd().split('\n');
}

describe('a journal of datagrams', () => {
  test('lets a stopped campaign go on: nothing done twice, nothing lost, cases and amplification as they were', async () => {
    const whole = await probed({ journal: join(folder, 'whole') });
    expect(whole).toMatchObject({ outcome: 'fail', totals: { same: 1, none: 1, fail: 4 } });
    const stop = new AbortController();
    const stopped = await probed({ stop: stop.signal, onVerdict: ({ id }) => void (id === 'truncate:0@1' && stop.abort()) });
    expect(stopped.totals).toMatchObject({ same: 1, none: 1, fail: 2 });
    expect(linesOf(journal)).toHaveLength(1 + 3);
    appendFileSync(journal, '[4,{"verd');
    const told: string[] = [];
    const resumed = await probed({ onVerdict: ({ id }) => void told.push(id) });
    expect(told.toSorted()).toEqual(['truncate:0@0', 'truncate:0@1', 'truncate:0@2', 'truncate:0@3', 'unharmed', 'vanish:0']);
    expect({ ...resumed, control: 0, durationMs: 0 }).toEqual({ ...whole, control: 0, durationMs: 0 });
    expect(linesOf(journal)).toEqual(linesOf(join(folder, 'whole')));
  });

  test('of another campaign is refused before anything is sent, and the difference is named', async () => {
    await probed({ plans: 'vanish' });
    let received = 0;
    server.on('message', () => (received += 1));
    const others: Readonly<Record<string, Partial<DatagramProbeOptions>>> = {
      exchange: { exchange: datagramExchange([Buffer.from('other')]) },
      plans: { plans: 'resend' },
      target: { target: '127.0.0.1:1' },
      id: { id: { at: 0, bytes: 2 } },
      masks: { masks: [] },
      allowed: { allowed: ['amplifies'] },
      delay: { delayMs: 21 },
      truncations: { maxTruncations: 2 },
    };
    for (const [name, more] of Object.entries(others))
      await expect(probed({ plans: 'vanish', ...more })).rejects.toMatchObject({
        code: 'PROBE_ERR_JOURNAL',
        message: expect.stringContaining(`its ${name} is`),
      });
    expect(received).toBe(0);
  });

  test('with an entry that is none is refused', async () => {
    await probed({ plans: 'vanish' });
    const right = readFileSync(journal, 'utf8');
    for (const entry of ['{}', '{"verdict":{"kind":"fail"}}', right.split('\n')[1]!.replace('"failure":"amplifies",', '').slice(3, -1)]) {
      writeFileSync(journal, `${right}[0,${entry}]\n`);
      await expect(probed({ plans: 'vanish' })).rejects.toMatchObject({
        code: 'PROBE_ERR_JOURNAL',
        message: expect.stringContaining('line 3 is not a trial from 0 to 0 and its verdict'),
      });
    }
  });
});
