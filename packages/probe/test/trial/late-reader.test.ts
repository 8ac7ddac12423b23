import { afterEach, expect, test } from 'vitest';
import { controlTrial } from '../../src/plans/base/steps.ts';
import { createConnector } from '../../src/transports/connector.ts';
import { parseTarget } from '../../src/transports/target.ts';
import { runTrial } from '../../src/trial/trial.ts';
import { createTargets, LINE, lines } from '../line-server.ts';
import type { ReadState } from '../../src/kernel/queue-poller.ts';
import type { TrialRun } from '../../src/trial/trial.ts';
import type { Socket } from 'node:net';

const targets = createTargets();

afterEach(() => targets.stop());

/** Plays an exchange with a server that reads only once it was asked whether it did. */
async function tried(seen: (serve: () => Promise<void>) => ReadState | Promise<ReadState>): Promise<TrialRun> {
  let paused: Socket | undefined;
  const target = await targets.start((socket) => {
    paused = socket.pause();
  });
  const serve = (): Promise<void> =>
    new Promise((resolve) => {
      lines(paused!, (line) => void paused!.write(`${line}\n`, () => resolve()));
      paused!.resume();
    });
  const observer = { name: 'asked', untilRead: async () => seen(serve) };
  const setting = {
    exchange: LINE,
    connector: await createConnector(parseTarget(target)),
    pace: { kind: 'auto', observer },
    limits: { hangMs: 30, quietMs: 30, trialMs: 10_000, maxAnswerBytes: 100 },
  } as const;
  return runTrial(controlTrial(LINE), setting, { answerBytes: [6], ended: 'open', isEndAnswered: false });
}

test('a peer that reads the request only when its time is over gets its time from then on', async () => {
  const { observation } = await tried(async (serve): Promise<ReadState> => {
    await serve();
    return 'read';
  });
  expect(observation.ended).toBe('open');
  expect(observation.received.map((answer) => Buffer.from(answer).toString())).toEqual(['hello\n']);
});

test.each(['late', 'gone', 'unseen', 'read'] as const)('a peer that does not answer hangs, where its reading is "%s"', async (state) => {
  const { observation } = await tried(() => state);
  expect(observation.ended).toBe('timeout');
});
