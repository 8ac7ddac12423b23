import { createHash } from 'node:crypto';
import { FAILURE_KINDS } from '../../types.ts';
import { isRecord, openJournalFile } from './journal-file.ts';
import type { Mask } from '../../trial/masks.ts';
import type { Exchange, SendStep, Trial, Verdict } from '../../types.ts';
import type { Journal, JournalFileOptions } from './journal-file.ts';

/** The identity of a campaign. Written into the first line of a journal. */
export interface CampaignIdentity {
  /** Hash of everything that is sent and awaited. */
  readonly exchange: string;
  readonly plans: string;
  readonly seed: string;
  readonly shard: string;
  readonly target: string;
  readonly pace: string;
  readonly masks: string;
}

/** Options of {@link openJournal}. */
export interface JournalOptions extends Pick<JournalFileOptions<Verdict>, 'path' | 'count'> {
  readonly identity: CampaignIdentity;
  /** Called with each verdict in the file, in order. */
  readonly onVerdict: (index: number, verdict: Verdict) => void;
}

/** The journal of a campaign over TCP. @throws ProbeError `PROBE_ERR_JOURNAL`, as {@link openJournalFile}. */
export function openJournal({ path, identity, count, onVerdict }: JournalOptions): Journal<Verdict> {
  const kind = 'socklab probe journal 1';
  return openJournalFile({ path, kind, identity: { ...identity }, count, isEntry: isVerdict, onEntry: onVerdict });
}

/** The trials that are not in the journal. */
export function* notDone(trials: Iterable<Trial>, journal: Journal<Verdict> | undefined): Generator<Trial, void, undefined> {
  for (const trial of trials) if (journal?.has(trial.index) !== true) yield trial;
}

/** A hash of an exchange: equal for the same bytes, waits and frames. */
export function hashExchange({ framing = '', steps }: Exchange): string {
  const hash = createHash('sha256').update(JSON.stringify([framing, steps.length]));
  for (const step of steps) {
    if ('send' in step) hash.update(JSON.stringify([step.send.length, step.end === true, ...marksOf(step)])).update(step.send);
    else hash.update(JSON.stringify([step.expect, step.captures?.map((capture) => ({ ...capture, pattern: capture.pattern?.source }))]));
  }
  return hash.digest('hex').slice(0, 32);
}

/** The masks as one text, for the first line. */
export function masksText(masks: readonly Mask[]): string {
  return masks.map(({ name, pattern }) => `${name} ${String(pattern)}`).join(', ');
}

function marksOf({ glue, cut, slots }: SendStep): readonly unknown[] {
  return [glue, cut, slots].some((mark) => mark !== undefined) ? [glue, cut, slots] : [];
}

function isVerdict(value: unknown): value is Verdict {
  if (!isRecord(value)) return false;
  if (value['kind'] === 'pass' || value['kind'] === 'unconfirmed') return true;
  if (typeof value['detail'] !== 'string') return false;
  if (value['kind'] === 'flaky') return true;
  const isFailure = FAILURE_KINDS.some((failure) => failure === value['failure']);
  return value['kind'] === 'fail' && isFailure && typeof value['answer'] === 'number' && typeof value['at'] === 'number';
}
