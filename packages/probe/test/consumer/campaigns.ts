// A program that has the package from npm: it probes servers and clients of the Node that it runs on.

import { fileURLToPath } from 'node:url';
import { probe, probeClient, readRecording, recordingHead, recordingLine, requestExchange } from '@socklab/probe';
import { matchers } from '@socklab/probe/vitest';
import { greetChunks, greetLines, served } from './servers.js';
import type { ProbeReport, Recording } from '@socklab/probe';

// Time enough, however busy the machine is: nothing hangs here.
const PATIENT = { hangMs: 10_000, pace: { kind: 'auto', timeoutMs: 10_000 } } as const;
const exchange = requestExchange(Buffer.from('ada lovelace\n'), { framing: 'line' });

const answered: Recording = readRecording(
  [
    recordingHead({ framing: 'u32be' }),
    recordingLine({ ms: 0, from: 'client', bytes: Buffer.from('hello\n') }),
    recordingLine({ ms: 1, from: 'server', bytes: Buffer.from('\0\0\0\x06answer') }),
    recordingLine({ ms: 2, from: 'client', end: 'fin' }),
  ].join(''),
);

/** What is known of a client that runs as `mode`. */
function clientReport(mode: string): Promise<ProbeReport> {
  const run = [process.execPath, fileURLToPath(new URL('client.js', import.meta.url)), '{port}', mode];
  return probeClient({ ...PATIENT, recording: answered, run, plans: 'bytes:5', maxShrinkRuns: 4 });
}

/** What of a report does not depend on the machine. */
function summary(report: ProbeReport): object {
  const { outcome, totals, diagnosis } = report;
  return { outcome, totals, bug: diagnosis?.bug, survives: matchers.toSurvive(report).pass };
}

const seen = {
  node: process.versions.node.split('.')[0],
  rightServer: summary(await served(greetLines, (target) => probe({ ...PATIENT, target, exchange, plans: 'every-cut+glue:2+glue+cut' }))),
  brokenServer: summary(await served(greetChunks, (target) => probe({ ...PATIENT, target, exchange, plans: 'every-cut' }))),
  rightClient: summary(await clientReport('whole')),
  brokenClient: summary(await clientReport('first-chunk')),
};
process.stdout.write(JSON.stringify(seen));
