import { ProbeError } from '../errors.ts';
import { MAX_STEPS } from '../exchange/limits.ts';
import {
  checkShape,
  isFitting,
  isHex,
  isList,
  isNumber,
  isObject,
  isOneOf,
  isText,
  isTruth,
  isWhole,
  maybe,
  ShapeError,
} from '../json-shape.ts';
import { areCells } from '../trial/cells.ts';
import { FAILURE_KINDS } from '../types.ts';
import { MAX_CASES, MAX_FRAMES, REPORT_VERSION } from './model.ts';
import type { Shape } from '../json-shape.ts';
import type { FrameSpan } from '../types.ts';
import type { ProbeReport } from './model.ts';

/** Longest report that is read, in characters. */
const MAX_REPORT_CHARS = 268_435_456;

/** Most plans and shards of one report. */
const MAX_PLANS = 80;
const MAX_SHARDS = 100_000;

const span = isObject({ start: isWhole(), end: isWhole() });
const frame: Shape<FrameSpan> = isObject({
  start: isWhole(),
  end: isWhole(),
  payloadStart: isWhole(),
  payloadEnd: isWhole(),
  length: maybe(span),
});
const trial = isObject({ id: isText, index: isWhole(-1), plan: isText, pieces: isWhole(), shape: maybe(isText) });
const excerpt = isObject({ offset: isWhole(), totalBytes: isWhole(), hex: isHex });
const fail = isObject({ kind: isOneOf('fail'), failure: isOneOf(...FAILURE_KINDS), answer: isWhole(), at: isWhole(), detail: isText });
const verdicts = { pass: isWhole(), fail: isWhole(), unconfirmed: isWhole(), flaky: isWhole() };
const cells = isFitting(areCells, 'cells of the characters -.?o~exmwcrhdn');
const send = isObject({
  bytes: isWhole(1),
  hex: isHex,
  frameCount: maybe(isWhole()),
  frames: maybe(isList(frame, MAX_FRAMES)),
  cells,
});
const control = isObject({
  kind: isOneOf('ok', 'flaky', 'failed'),
  runs: isWhole(),
  durationMs: isNumber(),
  detail: maybe(isText),
  answers: isList(excerpt, MAX_STEPS),
});
const caseReport = isObject({
  trial,
  kind: isOneOf('fail', 'flaky'),
  verdict: maybe(fail),
  detail: isText,
  shrunk: maybe(isObject({ trial, runs: isWhole() })),
  like: maybe(isText),
  where: isList(isText, 1000),
  dump: isText,
  expected: excerpt,
  received: excerpt,
  replay: maybe(isText),
});
const diagnosis = isObject({
  bug: isOneOf(
    'header-one-recv',
    'payload-one-recv',
    'each-part-one-recv',
    'recv-is-message',
    'text-per-chunk',
    'delimiter-per-chunk',
    'first-message-only',
    'leftover-lost',
    'shared-between-connections',
    'silence-is-end',
    'no-limit',
    'end-unnoticed',
  ),
  confidence: isOneOf('certain', 'likely', 'possible'),
  sentence: isText,
  evidence: isText,
});
const glue = isObject({ kind: isOneOf('whole', 'cut'), first: isWhole(), isRepeated: isTruth, pass: isWhole(), fail: isWhole() });

const report: Shape<ProbeReport> = isObject({
  version: isOneOf(REPORT_VERSION),
  outcome: isOneOf('control-failed', 'flaky', 'fail', 'unconfirmed', 'pass'),
  target: isText,
  exchange: isObject({ name: maybe(isText), framing: maybe(isText) }),
  seed: isWhole(Number.MIN_SAFE_INTEGER),
  pace: isText,
  shards: isObject({ indexes: isList(isWhole(), MAX_SHARDS), of: isWhole(1, MAX_SHARDS) }),
  control,
  sends: isList(send, MAX_STEPS),
  plans: isList(isObject({ plan: isText, planned: isWhole(), untried: maybe(isText), ...verdicts }), MAX_PLANS),
  glue: isList(glue, MAX_STEPS * 4),
  totals: isObject(verdicts),
  durationMs: isNumber(),
  restarts: maybe(isWhole()),
  earlyAnswers: maybe(isWhole()),
  notTried: maybe(isList(isText, MAX_PLANS * 2)),
  diagnosis: maybe(diagnosis),
  cases: isList(caseReport, MAX_CASES),
  omittedCases: isWhole(),
});

/** Writes a report as JSON. Its keys are always in the same order, so that equal reports are equal text. */
export function writeReport(written: ProbeReport): string {
  return `${JSON.stringify(checkShape(report, written), undefined, 2)}\n`;
}

/** Parses a report. @throws ProbeError `PROBE_ERR_REPORT` saying where it is wrong. */
export function readReport(text: string): ProbeReport {
  if (text.length > MAX_REPORT_CHARS)
    throw new ProbeError('PROBE_ERR_REPORT', `a report of ${text.length} characters, limit ${MAX_REPORT_CHARS}`);
  try {
    return checkShape(report, JSON.parse(text));
  } catch (error) {
    if (!(error instanceof ShapeError || error instanceof SyntaxError)) throw error;
    throw new ProbeError('PROBE_ERR_REPORT', `not a report of version ${REPORT_VERSION}: ${error.message}`, { cause: error });
  }
}
