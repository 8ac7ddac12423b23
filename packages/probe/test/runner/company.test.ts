import { listening } from '@socklab/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { createGalleryServer, sharedBuffer } from '../../gallery/gallery.ts';
import { requestExchange } from '../../src/exchange/create.ts';
import { probe } from '../../src/probe.ts';
import { mergeReports } from '../../src/report/merge.ts';
import { textReport } from '../../src/report/text.ts';
import { CONFIRMED, createTargets, lines } from '../line-server.ts';

const targets = createTargets();

afterEach(() => targets.stop());

/** Counts for all clients together, as a database does. */
function counting(): Promise<string> {
  let counter = 0;
  return targets.start((socket) =>
    lines(socket, (line) => {
      if (line === 'add') socket.write(`${(counter += 1)}\n`);
      if (line === 'get') socket.write(`${counter}\n`);
      if (line === 'clear') socket.write(`${(counter = 0)} cleared\n`);
    }),
  );
}

const exchange = requestExchange(Buffer.from('add\nget\nclear\n'));

describe('failures that need company', () => {
  test('are no proof against a server whose clients share a counter by design', async () => {
    const report = await probe({ target: await counting(), exchange, hangMs: 10_000, replay: ['sticky-lab', 'probe'] });
    expect(report.totals.fail).toBeGreaterThan(0);
    expect(report.outcome).toBe('flaky');
    expect(report.diagnosis).toBeUndefined();
    expect(textReport(report)).toMatch(/FLAKY {2}\d+ of \d+ trials fail, and only while other connections do the same: .*--concurrency 1/);
    const commands = report.cases.map(({ replay }) => replay);
    expect(commands.filter((command) => command?.endsWith(' --concurrency 64'))).not.toEqual([]);
    expect(mergeReports([report]).outcome).toBe('flaky');
  });

  test('are none one at a time', async () => {
    const report = await probe({ target: await counting(), exchange, hangMs: 10_000, concurrency: 1 });
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
  });

  test('are a bug where one byte on another connection changes the answer', async () => {
    const server = createGalleryServer(sharedBuffer);
    targets.servers.push(server);
    const target = `127.0.0.1:${await listening(server)}`;
    const report = await probe({
      target,
      exchange: requestExchange(sharedBuffer.request, { framing: 'u32be' }),
      hangMs: 300,
      maxShrinkRuns: 4,
    });
    expect(report).toMatchObject({ outcome: 'fail', diagnosis: { bug: 'shared-between-connections' } });
  });
});
