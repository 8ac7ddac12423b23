import { ProbeError } from '@socklab/probe';
import { ServiceError } from '@socklab/service';
import { APP } from '../../version.ts';
import type { ProcessContext } from '../process-context.ts';

/** The exit code when nothing could be learnt: the control failed or differs, or there was no connection. */
export const EXIT_NOTHING_LEARNT = 4;

/** The engine's option names, and the flags for them. */
const FLAGS: Readonly<Record<string, string>> = {
  iOwnTheTarget: '--i-own-the-target',
  concurrency: '--concurrency',
  hangMs: '--hang',
  quietMs: '--silence',
  controlTimeoutMs: '--control-timeout',
  trialTimeoutMs: '--trial-timeout',
  connectTimeoutMs: '--connect-timeout',
  maxTimeMs: '--max-time',
  maxTrialsPerSecond: '--max-rate',
  maxAnswerBytes: '--max-answer',
  maxShrinkRuns: '--max-shrink',
  delayMs: '--delay',
  maxTruncations: '--truncations',
};

const NAME = new RegExp(String.raw`\b(?:${Object.keys(FLAGS).join('|')})(?=\)| is )`, 'g');

/**
 * Runs a command. Input that the engine refuses is a usage error, so that exit code 1 always means that something was found; a
 * target without a connection is one line and exit code 4.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` for what `work` throws as ProbeError; `SERVICE_ERR_OUTPUT` where the system refused to write.
 */
export async function reportingErrors(context: ProcessContext, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    const text = `${error.message.replaceAll(NAME, (word) => FLAGS[word] ?? word)} (${error.code})`;
    if (error.code !== 'PROBE_ERR_CONNECT')
      throw new ServiceError(isFullDisk(error) ? 'SERVICE_ERR_OUTPUT' : 'SERVICE_ERR_USAGE', text, { cause: error });
    context.streams.stderr.write(`${context.name ?? APP}: ${text}\n`);
    context.exitWith(EXIT_NOTHING_LEARNT);
  }
}

/** Whether results could not be written. */
function isFullDisk({ cause }: ProbeError): boolean {
  return cause instanceof Error && 'syscall' in cause && cause.syscall === 'write';
}
