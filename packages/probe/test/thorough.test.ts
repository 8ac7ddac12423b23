import { listening } from '@socklab/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { createGalleryServer, dropsSecondMessage } from '../gallery/gallery.ts';
import { createExchange, requestExchange } from '../src/exchange/create.ts';
import { probe } from '../src/probe.ts';
import { CONFIRMED, createTargets, LINE, lines } from './line-server.ts';
import type { ProbeReport } from '../src/report/model.ts';

const targets = createTargets();

afterEach(() => targets.stop());

function failingPlans({ plans }: ProbeReport): readonly string[] {
  return plans.filter(({ fail }) => fail > 0).map(({ plan }) => plan);
}

describe('a probe that names no plan', () => {
  test('finds the commonest bug: only the first message of a read is handled', async () => {
    const server = createGalleryServer(dropsSecondMessage);
    targets.servers.push(server);
    const { request, framing, bug } = dropsSecondMessage;
    const target = `127.0.0.1:${await listening(server)}`;
    const report = await probe({ target, exchange: requestExchange(request, { framing }), hangMs: 300, maxShrinkRuns: 1 });
    expect(report).toMatchObject({ outcome: 'fail', diagnosis: { bug } });
    expect(failingPlans(report)).toEqual(['glue:2', 'glue+cut']);
  });

  test('finds a server that puts two pieces together, and no third', async () => {
    const where = await targets.start((socket) => {
      let chunks: string[] = [];
      socket.setEncoding('latin1').on('data', (text: string) => {
        chunks = [...chunks, text].slice(-2);
        if (text.endsWith('\n')) socket.write(chunks.join(''));
        if (text.endsWith('\n')) chunks = [];
      });
      socket.on('end', () => socket.end());
    });
    const report = await probe({ target: where, exchange: LINE, hangMs: 300, maxShrinkRuns: 1 });
    expect(failingPlans(report)).toEqual(expect.arrayContaining(['drip', 'bytes:2']));
    expect(failingPlans(report)).not.toContain('every-cut');
  });

  test('finds a server that takes a silence for the end of a message', async () => {
    const where = await targets.start((socket) => {
      let kept = '';
      let timer: NodeJS.Timeout | undefined;
      socket.setEncoding('latin1').on('data', (text: string) => {
        clearTimeout(timer);
        kept += text;
        if (!kept.endsWith('\n')) timer = setTimeout(() => ((kept = ''), socket.write('cut short\n')), 300);
        else socket.write(kept.replaceAll('\n', '!\n'));
        if (kept.endsWith('\n')) kept = '';
      });
      socket.on('end', () => socket.end()).on('close', () => clearTimeout(timer));
    });
    const report = await probe({ target: where, exchange: LINE, hangMs: 10_000, maxShrinkRuns: 1 });
    expect(report).toMatchObject({ outcome: 'fail', diagnosis: { bug: 'silence-is-end' } });
    expect(failingPlans(report)).toEqual(['pause:500ms']);
  });

  test('blames no server that is right to end, and says what it did not try', async () => {
    const where = await targets.start((socket) => lines(socket, (line) => socket.end(`${line}!\n`)));
    const report = await probe({ target: where, exchange: LINE, hangMs: 10_000 });
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
    expect(report.notTried).toContain('a second request in the same write: the connection ends with the answer');
  });

  test('does not glue what goes wrong twice in a row uncut: a log-in, an upgrade', async () => {
    const logIn = await targets.start((socket) => {
      let count = 0;
      lines(socket, () => socket.write(count++ === 0 ? 'welcome\n' : 'ERR logged in already\n'));
    });
    const report = await probe({ target: logIn, exchange: LINE, hangMs: 10_000 });
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
    expect(report.notTried?.join()).toContain('the second of two rounds is answered with an error');
    let requests = 0;
    const upgrade = await targets.start((socket) =>
      lines(socket, () => void ((requests += 1), socket.write('HTTP/1.1 101 Switching\r\n'))),
    );
    const upgraded = await probe({ target: upgrade, exchange: LINE, plans: 'thorough+at:2', concurrency: 1, hangMs: 10_000 });
    expect(upgraded.notTried?.join()).toContain('the answer changes the protocol');
    // Three controls, one beside an idle connection at most, and one request in each trial: never two on a connection.
    expect(requests).toBe(upgraded.totals.pass + upgraded.totals.unconfirmed + 3);
  });

  test('glues nothing over a wait: a mail behind DATA is for somebody else', async () => {
    const mail = await targets.start((socket) => {
      let state = 'command';
      // Right for a server that does not pipeline: what came with DATA is thrown away.
      socket.setEncoding('latin1').on('data', (text: string) => {
        if (state === 'command' && text.includes('\n')) socket.write(((state = 'mail'), '354 go on\n'));
        else if (state === 'mail' && text.includes('.\n')) socket.write('250 taken\n');
      });
      socket.on('end', () => socket.end());
    });
    const wait = { expect: { kind: 'control' } } as const;
    const exchange = createExchange({ steps: [{ send: Buffer.from('\n') }, wait, { send: Buffer.from('.\n'), glue: false }, wait] });
    const report = await probe({ target: mail, exchange, plans: 'thorough+at:1@1', hangMs: 300 });
    expect(report.plans.find(({ plan }) => plan === 'glue:2')).toMatchObject({ planned: 0 });
    expect(report.notTried?.join()).toContain('an answer is awaited between any two');
  });
});
