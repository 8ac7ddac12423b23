import { checkShape, isHex, isNumber, isObject, isOneOf, isText, isWhole, maybe, ShapeError } from '../../json-shape.ts';
import { openJournalFile } from '../../runner/journal/journal-file.ts';
import { hashExchange, masksText } from '../../runner/journal/journal.ts';
import { DATAGRAM_FAILURES, DATAGRAM_VERDICTS } from '../base/types.ts';
import type { Shape } from '../../json-shape.ts';
import type { Journal } from '../../runner/journal/journal-file.ts';
import type { DatagramTrial, DatagramVerdict } from '../base/types.ts';
import type { DatagramSettings } from '../options.ts';
import type { DoneTrial } from '../trial/judge.ts';

/** The journal of a campaign over UDP. */
export interface DatagramJournal {
  /** What was in it when it was opened. */
  readonly before: readonly DoneTrial[];
  has(trial: DatagramTrial): boolean;
  add(done: DoneTrial): void;
  close(): void;
}

/** What is written of a trial, beside its place in the campaign. */
type Entry = Omit<DoneTrial, 'trial'>;

const excerpt = isObject({ offset: isWhole(), totalBytes: isWhole(), hex: isHex });
const entryShape = isObject({
  verdict: isObject({ kind: isOneOf(...DATAGRAM_VERDICTS), failure: maybe(isOneOf(...DATAGRAM_FAILURES)), detail: maybe(isText) }),
  amplification: isObject({ bytesIn: isNumber(), bytesOut: isNumber(), datagramsOut: isNumber() }),
  received: excerpt,
  expected: excerpt,
}) as Shape<Entry>;

/**
 * Opens the journal of a campaign over UDP, or creates one.
 *
 * @throws ProbeError `PROBE_ERR_JOURNAL` when it belongs to another campaign, is not a journal, or cannot be read or written.
 */
export function openDatagramJournal(
  path: string,
  { settings, target, trials }: { readonly settings: DatagramSettings; readonly target: string; readonly trials: readonly DatagramTrial[] },
): DatagramJournal {
  const before: DoneTrial[] = [];
  const places = new Map(trials.map(({ id }, index) => [id, index]));
  const journal: Journal<Entry> = openJournalFile({
    path,
    kind: 'socklab probe-udp journal 1',
    identity: identityOf(settings, target),
    count: trials.length,
    isEntry,
    onEntry: (index, entry) => void before.push({ trial: trials[index]!, ...entry }),
  });
  return {
    before,
    has: ({ id }) => journal.has(places.get(id)!),
    add: ({ trial, verdict, amplification, received, expected }) =>
      journal.add(places.get(trial.id)!, { verdict, amplification, received, expected }),
    close: () => journal.close(),
  };
}

function identityOf(settings: DatagramSettings, target: string): Readonly<Record<string, string>> {
  const { exchange, id, plans, masks, allowed, delayMs, maxTruncations } = settings;
  return {
    exchange: hashExchange(exchange),
    id: id === undefined ? '' : `${id.at}:${id.bytes}`,
    plans,
    target,
    masks: masksText(masks),
    allowed: allowed.join(', '),
    delay: `${delayMs} ms`,
    truncations: String(maxTruncations),
  };
}

function isEntry(value: unknown): value is Entry {
  try {
    return isSaid(checkShape(entryShape, value).verdict);
  } catch (error) {
    if (error instanceof ShapeError) return false;
    throw error;
  }
}

/** A failure is of a kind, and what went wrong is said. */
function isSaid(verdict: DatagramVerdict): boolean {
  return (
    (verdict.kind !== 'fail' || 'failure' in verdict) && ((verdict.kind !== 'fail' && verdict.kind !== 'flaky') || 'detail' in verdict)
  );
}
