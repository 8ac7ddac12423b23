import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { readAll, temporaryFolder } from '@socklab/testkit';
import { describe, expect, test, vi } from 'vitest';
import { PRACTICE_SERVERS } from '../../../src/pages/probe/practice/practice-servers.ts';
import { echoLines, probeApi, startTarget } from './probe-page-setup.ts';
import type { CampaignRequest, CutStory, PracticeStarted, ProbeEvent, ProbeOffer, ToldCell } from '../../../src/pages/probe/contract.ts';
import type { Socket } from 'node:net';

const isLinux = process.platform === 'linux';
const LINE = { text: String.raw`hello\n` };

type Told = Extract<ProbeEvent, { readonly type: 'told' }>;

function told(events: readonly ProbeEvent[]): readonly Told[] {
  return events.filter((event) => event.type === 'told');
}

function lastCells(events: readonly ProbeEvent[]): ReadonlyMap<number, string> {
  return new Map(told(events).flatMap(({ cells }): readonly ToldCell[] => cells));
}

describe('a campaign', () => {
  test('tells cells and tallies as they come, which sum to what the report says', async () => {
    await using api = probeApi();
    await using server = await startTarget((socket) => {
      let reads = 0;
      socket.prependListener('data', () => (reads += 1));
      echoLines(socket, (line) => (reads > 1 && line === 'hello' ? 'broken' : line));
    });
    const id = await api.start({
      target: server.target,
      request: LINE,
      framing: 'line',
      plans: 'every-cut+random:10+drip',
      hangMs: 10_000,
    });
    await expect(api.ended(id)).resolves.toMatchObject({ kind: 'probe', state: 'done', error: null });
    const events = api.events(id);
    const report = api.report(id);
    expect(events[0]).toMatchObject({ type: 'planned', target: server.target, bytes: 6, frames: [{ start: 0, end: 6 }] });
    const last = told(events).at(-1);
    expect(last).toMatchObject({ done: 16, total: 16 });
    expect(last?.plans).toEqual(report.plans.map(({ planned: _planned, ...tally }) => tally));
    expect(
      [...lastCells(events)]
        .toSorted(([left], [right]) => left - right)
        .map(([, cell]) => cell)
        .join(''),
    ).toBe(report.sends[0]?.cells);
    expect(report).toMatchObject({ outcome: 'fail', totals: { fail: 16 } });
  });

  test('is told at most ten times a second, each cell once', async () => {
    await using api = probeApi();
    await using server = await startTarget((socket) => echoLines(socket));
    const before = performance.now();
    const id = await api.start({ target: server.target, request: { text: `${'x'.repeat(300)}\\n` }, framing: 'line', hangMs: 10_000 });
    await api.ended(id);
    const seconds = (performance.now() - before) / 1000;
    const events = told(api.events(id));
    expect(events.length).toBeLessThanOrEqual(10 * seconds + 1);
    const cuts = events.flatMap(({ cells }) => cells.map(([cut]) => cut));
    expect(cuts.toSorted((left, right) => left - right)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
  });

  test('that is stopped goes on where it was, and does no trial twice', async () => {
    await using api = probeApi();
    const { promise: half, resolve } = Promise.withResolvers<void>();
    let isStopped = false;
    const cutsAfter = new Set<number>();
    await using server = await startTarget((socket, connection) => {
      if (connection === 50) resolve();
      // Until it is stopped nothing else is answered, so that it cannot end before.
      if (connection >= 50 && !isStopped) return;
      // Each piece is read before the next is sent: the first read ends where the trial cuts.
      socket.once('data', ({ length }) => void (isStopped && length < 101 && cutsAfter.add(length)));
      echoLines(socket);
    });
    const request = { text: `${'x'.repeat(100)}\\n` };
    const id = await api.start({ target: server.target, request, framing: 'line', plans: 'every-cut', hangMs: 10_000, concurrency: 2 });
    await half;
    await api.post(`/api/jobs/${id}/stop`, {});
    await expect(api.ended(id)).resolves.toMatchObject({ state: 'stopped' });
    isStopped = true;
    const doneBefore = told(api.events(id)).at(-1)?.done ?? 0;
    expect(doneBefore).toBeGreaterThan(20);
    expect(doneBefore).toBeLessThan(50);
    const again = await api.resume(id);
    await expect(api.ended(again)).resolves.toMatchObject({ state: 'done' });
    expect(Object.values(api.report(again).totals).reduce((sum, count) => sum + count)).toBe(100);
    expect(cutsAfter.size).toBe(100 - doneBefore);
    expect((await api.post(`/api/probe/campaigns/${id}/resume`, {})).status).toBe(409);
  });

  test('that runs is not gone on with, and no more than two run at once', async () => {
    await using api = probeApi();
    await using silent = await startTarget(() => undefined);
    const request: CampaignRequest = { target: silent.target, request: LINE };
    const first = await api.start(request);
    await api.start(request);
    expect((await api.post('/api/probe/campaigns', request)).status).toBe(429);
    expect((await api.post(`/api/probe/campaigns/${first}/resume`, {})).status).toBe(409);
    expect((await api.post('/api/probe/campaigns/nope/resume', {})).status).toBe(404);
  });

  test('of a target that takes no connection fails with the reason', async () => {
    await using api = probeApi();
    const { target } = await (async () => {
      await using gone = await startTarget(() => undefined);
      return gone;
    })();
    const id = await api.start({ target, request: LINE });
    await expect(api.ended(id)).resolves.toMatchObject({ state: 'failed', error: expect.stringContaining('ECONNREFUSED') });
  });

  test('leaves no journal behind when the service ends', async () => {
    // A folder of its own: other processes of this machine have journals too.
    await using folder = await temporaryFolder();
    vi.stubEnv('TMPDIR', folder.path);
    const journals = (): readonly string[] => readdirSync(folder.path).filter((name) => name.startsWith('sticky-lab-probe-'));
    try {
      await using api = probeApi();
      await using server = await startTarget((socket) => echoLines(socket));
      await api.ended(await api.start({ target: server.target, request: LINE }));
      expect(journals()).toHaveLength(1);
    } finally {
      vi.unstubAllEnvs();
    }
    expect(journals()).toEqual([]);
  });
});

describe('a request for a campaign is refused', () => {
  const right = { target: '127.0.0.1:1', request: LINE };

  test.for<readonly [string, object, string]>([
    ['target', { target: 'nowhere' }, 'host:port'],
    ['target', { target: '8.8.8.8:53' }, 'neither loopback nor private'],
    ['target', { target: '169.254.169.254:80' }, 'neither loopback nor private'],
    ['target', { target: '[fe80::1%lo]:80' }, 'neither loopback nor private'],
    ['target', { target: 7 }, 'string'],
    ['request', { request: {} }, 'received 0 of them'],
    ['request', { request: { text: 'a', hex: '61' } }, 'received 2 of them'],
    ['request', { request: { recording: 'GET /\n' } }, 'not a recording'],
    ['request', { request: { hex: '6' } }, 'even number of digits'],
    ['request', { request: { text: String.raw`\q` } }, 'escapes'],
    ['request', { request: { text: 'x'.repeat(4097) } }, '4097 bytes, limit 4096 bytes'],
    ['framing', { framing: 'raw' }, 'raw'],
    ['framing', { framing: 'u32be' }, 'u32be'],
    ['until', { until: 'soon' }, 'bytes:N'],
    ['plans', { plans: 'every-cat' }, 'every-cat'],
    ['plans', { plans: 'prefix' }, 'framing'],
    ['plans', { plans: 'random:20001' }, '20001 trials, limit 20000 trials'],
    ['pace', { pace: 'slow' }, 'gap:5ms'],
    ['masks.0', { masks: ['(a+)+$'] }, 'http-date'],
    ['concurrency', { concurrency: 65 }, '64'],
    ['maxTimeMs', { maxTimeMs: 600_001 }, '600000'],
    ['seed', { seed: 0.5 }, '0.5'],
    ['own', { own: true }, 'own'],
  ])('naming the field %s: %j', async ([field, change, words]) => {
    await using api = probeApi();
    const response = await api.post('/api/probe/campaigns', { ...right, ...change });
    expect(response.status).toBe(422);
    const refusal = (await response.json()) as { readonly zh: string };
    expect(refusal).toMatchObject({ field, error: expect.stringContaining(words), zh: expect.stringMatching(/[一-鿿]/) });
    // Names and examples may be English, sentences may not.
    expect(refusal.zh).not.toMatch(/[a-z]+ [a-z]+ [a-z]+/);
    expect(api.jobs.list()).toEqual([]);
  });
});

describe('a recording', () => {
  const RECORDING = [
    { socklab: 'recording', version: 1 },
    { ms: 0, from: 'client', hex: Buffer.from('one\n').toString('hex') },
    { ms: 1, from: 'server', hex: Buffer.from('one\n').toString('hex') },
    { ms: 2, from: 'client', hex: Buffer.from('second\n').toString('hex') },
    { ms: 3, from: 'server', hex: Buffer.from('second\n').toString('hex') },
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');

  test('is played to the target, each of its sends cut everywhere, in one strip', async () => {
    await using api = probeApi();
    await using server = await startTarget((socket) => {
      let reads = 0;
      socket.prependListener('data', () => (reads += 1));
      // Wrong where the second line comes in two reads.
      echoLines(socket, (line) => {
        const isBroken = line === 'second' && reads > 1;
        reads = 0;
        return isBroken ? 'broken' : line;
      });
    });
    const id = await api.start({ target: server.target, request: { recording: RECORDING }, plans: 'every-cut', hangMs: 10_000 });
    await expect(api.ended(id)).resolves.toMatchObject({ state: 'done', error: null });
    const report = api.report(id);
    expect(report.sends.map(({ cells }) => cells.length)).toEqual([3, 6]);
    const strip = report.sends.map(({ cells }) => cells).join('-');
    const cells = lastCells(api.events(id));
    expect(Array.from({ length: 10 }, (_, at) => cells.get(at + 1) ?? '-').join('')).toBe(strip);
    const story = (await (await api.ask(`/api/probe/campaigns/${id}/cuts/6`)).json()) as CutStory;
    expect(story).toMatchObject({ cut: 6, cell: strip[5], where: [expect.stringContaining('after byte 2 of the 7-byte request')] });
    expect(story.replay).toContain('--recording connection.jsonl');
    // Between the two sends nothing can be cut.
    expect((await api.ask(`/api/probe/campaigns/${id}/cuts/4`)).status).toBe(404);
  });
});

describe('the story of a cut', () => {
  test('has the sentence, the bytes, what was expected and received, and the command', async () => {
    await using api = probeApi();
    const practice = await api.post('/api/probe/practice', { name: 'payload-one-recv' });
    const { target } = (await practice.json()) as PracticeStarted;
    const { practice: offered } = (await (await api.ask('/api/probe')).json()) as ProbeOffer;
    const { request, framing, plans } = offered.find(({ name }) => name === 'payload-one-recv')!;
    const id = await api.start({ target, request, framing, plans, hangMs: 1000 });
    await api.ended(id);
    const story = (await (await api.ask(`/api/probe/campaigns/${id}/cuts/5`)).json()) as CutStory;
    expect(story).toMatchObject({ cut: 5, cell: expect.stringMatching(/[wmxh]/), where: [expect.stringContaining('payload of frame 0')] });
    expect(story.dump).toContain('SPLIT HERE');
    expect(story.replay).toBe(`sticky-lab probe --target ${target} --request hex:${request.hex} --framing u32be --hang 1000ms --plan at:5`);
    expect(story.case).toMatchObject({ expected: { totalBytes: 48 }, shrunk: { trial: { shape: '5' } } });
    const right = (await (await api.ask(`/api/probe/campaigns/${id}/cuts/4`)).json()) as CutStory;
    expect(right).toMatchObject({ cell: isLinux ? '.' : '?', detail: null, case: null });
    for (const cut of ['0', '48', '1.5', 'x']) expect((await api.ask(`/api/probe/campaigns/${id}/cuts/${cut}`)).status).toBe(404);
  });

  test('is there while the campaign runs, and its report is not', async () => {
    await using api = probeApi();
    await using silent = await startTarget(() => undefined);
    const id = await api.start({ target: silent.target, request: LINE });
    await expect((await api.ask(`/api/probe/campaigns/${id}/cuts/2`)).json()).resolves.toMatchObject({ cell: '-', detail: null });
    expect((await api.ask(`/api/probe/campaigns/${id}/report?as=html`)).status).toBe(409);
  });
});

describe('the report of a campaign', () => {
  test('is a file: JSON, HTML, JUnit or text', async () => {
    await using api = probeApi();
    await using server = await startTarget((socket) => echoLines(socket));
    const id = await api.start({ target: server.target, request: LINE, hangMs: 10_000 });
    await api.ended(id);
    const ask = async (as: string): Promise<string> => {
      const response = await api.ask(`/api/probe/campaigns/${id}/report?as=${as}`);
      expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="probe\.[\w.]+"$/);
      return response.text();
    };
    expect(JSON.parse(await ask('json'))).toEqual(api.report(id));
    expect(await ask('html')).toMatch(/^<!doctype html>/i);
    expect(await ask('junit')).toMatch(/^<\?xml /);
    expect(await ask('text')).toContain(server.target);
    expect((await api.ask(`/api/probe/campaigns/${id}/report?as=pdf`)).status).toBe(422);
  });
});

// Of its 2003 cuts, those that break it, and their neighbours.
const NEARBY: Readonly<Record<string, string>> = { 'off-by-one-at-1460': 'at:543+at:544+at:545+at:1459+at:1460+at:1461' };

// Most of their time is spent waiting for what hangs.
describe.runIf(isLinux).concurrent('the practice server', { timeout: 90_000 }, () => {
  test.for(PRACTICE_SERVERS)('$name does what is said of it', async ({ name, request, framing, plans, server }) => {
    await using api = probeApi();
    const { target } = (await (await api.post('/api/probe/practice', { name })).json()) as PracticeStarted;
    const again = (await (await api.post('/api/probe/practice', { name })).json()) as PracticeStarted;
    expect(again).toEqual({ target });
    const id = await api.start({ target, request, framing, plans: NEARBY[name] ?? plans, hangMs: server.isCorrect ? 10_000 : 600 });
    await api.ended(id);
    const { outcome, diagnosis, sends } = api.report(id);
    expect(outcome).toBe(server.isCorrect ? 'pass' : 'fail');
    const failing = (sends[0]?.cells ?? '').split('').flatMap((cell, index) => (/[.-]/.test(cell) ? [] : [index + 1]));
    // A piece of 1460 bytes comes first, or second.
    if (name === 'off-by-one-at-1460') expect(failing).toEqual([544, 1460]);
    else if (!server.isCorrect) expect(diagnosis?.bug).toBe(server.bug);
  });

  test('that is not known is 404', async () => {
    await using api = probeApi();
    expect((await api.post('/api/probe/practice', { name: '__proto__' })).status).toBe(404);
  });

  // Sooner than it would be cut off for doing nothing.
  test('takes a frame of no bytes, and cuts off a client that sends more than a practice needs', { timeout: 30_000 }, async () => {
    await using api = probeApi();
    const start = async (name: string): Promise<Socket> => {
      const { target } = (await (await api.post('/api/probe/practice', { name })).json()) as PracticeStarted;
      return connect(Number(target.split(':')[1]), '127.0.0.1').on('error', () => undefined);
    };
    const empty = await start('payload-one-recv');
    empty.end(Buffer.alloc(4));
    await expect(readAll(empty)).resolves.toEqual(Buffer.alloc(4));
    const greedy = await start('length-prefixed');
    greedy.write(Buffer.alloc(2_097_152, 0xff));
    await new Promise((resolve) => greedy.once('close', resolve));
  });
});
