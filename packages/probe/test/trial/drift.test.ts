import { afterEach, describe, expect, test } from 'vitest';
import { CONFIRMED, createTargets, LINE, lines, probe } from '../line-server.ts';
import type { Socket } from 'node:net';

const targets = createTargets();

afterEach(() => targets.stop());

/** Answers with a number of its own; `numbers` gives the one of each connection. */
function numbered(numbers: (connection: number) => string): Promise<string> {
  return targets.start((socket: Socket, connection) => lines(socket, (line) => socket.write(`${line} id=${numbers(connection)} ok\n`)));
}

// Behind three controls and two trials.
const changing = () => numbered((connection) => (connection < 5 ? 'aaaa1' : 'bbbb2'));

describe('answers that differ uncut', () => {
  test('are named by their bytes, with the mask that covers them', async () => {
    const where = await numbered((connection) => String(connection + 1000));
    const report = await probe({ target: where, exchange: LINE });
    expect(report).toMatchObject({ outcome: 'flaky', control: { kind: 'flaky' } });
    expect(report.control.detail).toContain('in answer 0 bytes 9 to 12 ("1000", "1001") differ');
    expect(report.control.detail).toContain(String.raw`masked by --mask '(?<keep>hello id=)\d+', or by --mask auto`);
  });

  test('are masked by themselves where that is asked for, and the control says with what', async () => {
    const where = await numbered((connection) => String(connection * 7919 + 13));
    const report = await probe({ target: where, exchange: LINE, autoMask: true });
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
    expect(report.control.detail).toBe(String.raw`what differs uncut is masked: (?<keep>hello id=)\d+`);
  });

  test('do not hide a failure behind their mask', async () => {
    const where = await targets.start((socket, connection) => {
      let reads = 0;
      socket.on('data', () => (reads += 1));
      lines(socket, (line) => socket.write(`${line} id=${connection + 10} ${reads === 1 ? 'ok' : 'no'}\n`));
    });
    const report = await probe({ target: where, exchange: LINE, autoMask: true });
    expect(report).toMatchObject({ outcome: 'fail', totals: { fail: 5 } });
  });
});

describe('answers that change while trials run', () => {
  test('are blamed on nothing, and the bytes are named', async () => {
    const report = await probe({ target: await changing(), exchange: LINE, concurrency: 1 });
    expect(report).toMatchObject({ outcome: 'flaky', control: { kind: 'ok' }, totals: { fail: 0 } });
    expect(report.cases[0]?.detail).toContain('by now the uncut exchange differs too: in answer 0 bytes 9 to 13 ("aaaa1", "bbbb2") differ');
  });

  test('are masked where that is asked for', async () => {
    const report = await probe({ target: await changing(), exchange: LINE, concurrency: 1, autoMask: true });
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
  });
});
