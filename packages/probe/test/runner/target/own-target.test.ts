import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { probe } from '../../../src/probe.ts';
import { textReport } from '../../../src/report/text.ts';
import { freePort } from '../../../src/runner/target/free-port.ts';
import { CONFIRMED, LINE } from '../../line-server.ts';

/** A server of lines as a program of its own; `more` is done with each chunk. */
function program(more: string): readonly string[] {
  const code = `
    const server = require('node:net').createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
      let kept = '';
      socket.on('error', () => {}).on('end', () => socket.end());
      socket.on('data', (chunk) => {
        ${more}
        const lines = (kept + chunk).split('\\n');
        kept = lines.pop();
        for (const line of lines) socket.write(line + '\\n');
      });
    });
    server.listen(Number(process.argv[1]), process.argv[2]);`;
  return [process.execPath, '-e', code, '{port}', '{host}'];
}

function starting(run: string | readonly string[]): Promise<unknown> {
  return probe({ run, exchange: LINE });
}

describe('a target that the campaign runs', () => {
  test('is started, waited for and ended', async () => {
    const report = await probe({ run: program(''), exchange: LINE, plans: 'every-cut', hangMs: 10_000 });
    expect(report).toMatchObject({ outcome: CONFIRMED, restarts: 0, totals: { fail: 0, flaky: 0 } });
    expect(report.target).toContain('{port}');
  });

  test.runIf(process.platform === 'linux')(
    'is started again when it dies, and the cut that kills it is named with its last words',
    async () => {
      const run = program(`if (String(chunk) === 'hel') throw new Error('three bytes are too few');`);
      const report = await probe({ run, exchange: LINE, plans: 'every-cut', hangMs: 10_000, concurrency: 1 });
      expect(report).toMatchObject({ outcome: 'fail', totals: { pass: 4, fail: 1, flaky: 0 } });
      expect(report.cases[0]).toMatchObject({ trial: { shape: '3' }, verdict: { failure: 'target-died' } });
      expect(report.cases[0]?.detail).toMatch(/it ended with exit code 1: Node\.js/);
      expect(report.restarts).toBeGreaterThan(0);
      expect(textReport(report)).toContain('the target died and was started again, ');
    },
  );

  test('that cannot be started, or ends at once, is told with what it said', async () => {
    await expect(starting('./no-such-program-here {port}')).rejects.toMatchObject({ code: 'PROBE_ERR_COMMAND' });
    await expect(starting([process.execPath, '-e', 'console.error("no such file"); process.exit(2)'])).rejects.toMatchObject({
      code: 'PROBE_ERR_COMMAND',
      message: expect.stringContaining('ended before it took a connection: exit code 2: no such file') as string,
    });
  });

  test('leaves nothing behind, whatever came of it', async () => {
    const stop = new AbortController();
    const port = await freePort();
    const target = `127.0.0.1:${port}`;
    const onProgress = (): void => void setImmediate(() => stop.abort(new Error('enough')));
    const began = probe({ run: program(''), target, exchange: LINE, signal: stop.signal, onProgress });
    await expect(began).rejects.toThrow('enough');
    const refused = (await once(connect(port, '127.0.0.1'), 'connect').catch((error: unknown) => error)) as NodeJS.ErrnoException;
    expect(refused.code).toBe('ECONNREFUSED');
  });
});

test('there is a target or a command', async () => {
  await expect(probe({ exchange: LINE })).rejects.toMatchObject({ code: 'PROBE_ERR_TARGET' });
});
