import { afterEach, describe, expect, test } from 'vitest';
import { CONFIRMED, createTargets, LINE, lines, probe } from '../line-server.ts';

const targets = createTargets();

afterEach(() => targets.stop());

function answering(mark: string): Promise<string> {
  return targets.start((socket) => lines(socket, (line) => socket.write(`${line}${mark}\n`)));
}

describe('a server that is compared with another', () => {
  test('passes where it answers as that one does uncut', async () => {
    const against = await answering('!');
    const report = await probe({ target: await answering('!'), against, exchange: LINE, plans: 'thorough' });
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
    expect(report.control.detail).toBe(`as ${against} answers`);
  });

  test('fails where cuts make it answer otherwise', async () => {
    const target = await targets.start((socket) => {
      let reads = 0;
      socket.on('data', () => (reads += 1));
      lines(socket, (line) => socket.write(`${line}${reads === 1 ? '!' : '?'}\n`));
    });
    const report = await probe({ target, against: await answering('!'), exchange: LINE });
    expect(report).toMatchObject({ outcome: 'fail', totals: { fail: 5 } });
  });

  test('is not cut where the two differ uncut', async () => {
    const report = await probe({ target: await answering('?'), against: await answering('!'), exchange: LINE });
    expect(report).toMatchObject({ outcome: 'control-failed', control: { kind: 'failed' }, totals: { fail: 0 } });
    expect(report.control.detail).toMatch(
      /^uncut the target does not answer as 127\.0\.0\.1:\d+: byte 5 of the answer is 3f, the control has 21$/,
    );
  });
});
