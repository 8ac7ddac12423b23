import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { CONFIRMED, createTargets, LINE, lines, probe } from '../line-server.ts';

const targets = createTargets();

afterEach(() => targets.stop());

describe('the control', () => {
  test('fails for a server that never answers', async () => {
    const report = await probe({ target: await targets.start((socket) => socket.resume()), exchange: LINE, controlTimeoutMs: 100 });
    expect(report).toMatchObject({ outcome: 'control-failed', totals: { pass: 0, fail: 0 } });
    expect(report.control.detail).toContain('no whole answer in time');
  });

  test('fails for a server that resets', async () => {
    const report = await probe({
      target: await targets.start((socket) => socket.once('data', () => socket.resetAndDestroy())),
      exchange: LINE,
    });
    expect(report.outcome).toBe('control-failed');
    expect(report.control.detail).toContain('reset');
  });

  test('fails for a server that closes without an answer', async () => {
    const where = await targets.start((socket) => void socket.once('data', () => socket.end()));
    const report = await probe({ target: where, exchange: LINE });
    expect(report).toMatchObject({ outcome: 'control-failed', totals: { pass: 0, unconfirmed: 0 } });
    expect(report.control.detail).toContain('the connection was closed without an answer');
  });

  test('says that the answers are errors when they are', async () => {
    const where = await targets.start((socket) => lines(socket, () => socket.write('-ERR unknown command\n')));
    const report = await probe({ target: where, exchange: LINE });
    expect(report).toMatchObject({ outcome: CONFIRMED, control: { kind: 'ok', detail: expect.stringContaining('a Redis error ERR') } });
  });

  test('is flaky for a server that answers differently each time, and is not when that is masked', async () => {
    const where = await targets.start((socket, connection) => lines(socket, (line) => socket.write(`${line} ${connection + 1000}\n`)));
    const report = await probe({ target: where, exchange: LINE });
    expect(report).toMatchObject({ outcome: 'flaky', control: { kind: 'flaky' }, totals: { fail: 0 } });
    const masked = await probe({ target: where, exchange: LINE, masks: [{ name: 'count', pattern: /\d{4}/g }] });
    expect(masked.outcome).toBe(CONFIRMED);
  });

  test('learns to wait for silence where answers differ in length', async () => {
    const where = await targets.start((socket, connection) => lines(socket, () => socket.write(`${'7'.repeat(1 + (connection % 5))}\n`)));
    const report = await probe({ target: where, exchange: LINE, masks: [{ name: 'sevens', pattern: /7+/g }], quietMs: 30 });
    expect(report.outcome).toBe(CONFIRMED);
  });

  test('sends no round before the answer to the one before is whole, also when that is longer than the first', async () => {
    const where = await targets.start((socket) => {
      let round = 0;
      lines(socket, () => {
        const isFirst = ++round === 1;
        socket.write(isFirst ? 'one\n' : 'more');
        // Answers of requests that come together are mixed.
        if (!isFirst) setTimeout(() => socket.write('\n'), 20);
      });
    });
    const report = await probe({ target: where, exchange: LINE, plans: 'glue:3', quietMs: 60 });
    expect(report).toMatchObject({ outcome: 'fail', totals: { fail: 1 } });
  });

  test('throws PROBE_ERR_CONNECT when nobody listens', async () => {
    const where = await targets.start(() => {});
    await once(targets.servers[0]!.close(), 'close');
    await expect(probe({ target: where, exchange: LINE })).rejects.toMatchObject({ code: 'PROBE_ERR_CONNECT' });
  });
});
