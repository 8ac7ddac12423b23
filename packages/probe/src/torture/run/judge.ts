import type { Fail, FailureKind, Verdict } from '../../types.ts';
import type { TortureStream, TortureTest } from '../corpus/corpus.ts';
import type { Answer } from './answer-reader.ts';
import type { Played, ProgramFault } from './decoder-process.ts';

/** The result of a program in one test. */
export interface Judged {
  readonly verdict: Verdict;
  /** The expected and the received payload, when one of them is wrong, in hex. */
  readonly expected: string;
  readonly received: string;
}

const FAULTS: Readonly<Record<ProgramFault['kind'], FailureKind>> = {
  hang: 'hang',
  died: 'target-died',
  flood: 'extra-bytes',
  protocol: 'wrong-bytes',
};

/** The ends of the chunks of a test: how many bytes a decoder has after each. */
export function chunkEnds({ stream, cuts }: Pick<TortureTest, 'stream' | 'cuts'>): readonly number[] {
  return stream.wire.length === 0 ? [] : [...cuts, stream.wire.length];
}

/** Compares answers with the expected ones. Commands were `new`, one `chunk` for each of {@link chunkEnds}, and `end`. */
export function judge(test: TortureTest, { answers, fault }: Played, hexOf: (payload: number) => string): Judged {
  const told = answers.findIndex(({ error }) => error !== undefined);
  const upTo = told < 0 ? answers : answers.slice(0, told + 1);
  const given = upTo.flatMap(({ payloads }, command) => payloads.map((hex) => ({ hex, command })));
  const failed = payloadFault(test, given, hexOf);
  if (failed !== undefined) return failed;
  if (told < 0 && fault !== undefined) return verdictOf(fail(FAULTS[fault.kind], given.length, fault.detail), hexOf(given.length), '');
  const failure = errorFault(test, answers, told) ?? missing(test.stream, given.length);
  return verdictOf(failure ?? { kind: 'pass' }, failure === undefined ? '' : hexOf(given.length), '');
}

/** The first payload that differs from the expected one, or came late. */
function payloadFault(
  test: TortureTest,
  given: readonly { readonly hex: string; readonly command: number }[],
  hexOf: (payload: number) => string,
): Judged | undefined {
  const { payloads } = test.stream;
  const ends = chunkEnds(test);
  for (const [index, { hex, command }] of given.entries()) {
    const due = payloads[index];
    const title = `payload ${index + 1} of ${payloads.length}`;
    if (due === undefined) return verdictOf(fail('extra-bytes', index, tooMany(payloads.length)), '', hex);
    const expected = hexOf(index);
    if (hex !== expected) {
      const detail = `${title} is another one: ${due.bytes.length} bytes were due, ${hex.length / 2} came`;
      return verdictOf(fail('wrong-bytes', index, detail, firstDifference(hex, expected)), expected, hex);
    }
    const dueCommand = 1 + [...ends, due.due].findIndex((end) => end >= due.due);
    if (command > dueCommand) {
      const when = command > ends.length ? 'came only when the stream ended' : `came only with chunk ${command}`;
      return verdictOf(fail('hang', index, `${title} was whole with chunk ${dueCommand} and ${when}`), expected, hex);
    }
  }
  return undefined;
}

function errorFault({ stream, cuts }: TortureTest, answers: readonly Answer[], told: number): Fail | undefined {
  const endCommand = chunkEnds({ stream, cuts }).length + 1;
  const error = told < 0 ? undefined : answers[told]?.error;
  const at = stream.payloads.length;
  if (stream.ending === 'clean' || (stream.ending === 'truncated' && told >= 0 && told < endCommand)) {
    return error === undefined ? undefined : fail('error-reply', at, `what is right was refused: ${error.slice(0, 200)}`);
  }
  if (stream.ending === 'truncated') {
    return error === undefined ? fail('not-refused', at, 'the stream ended in the middle of a frame, and no error was told') : undefined;
  }
  if (error === undefined) return fail('not-refused', at, 'what must be refused was taken, or more was waited for, and no error was told');
  return told === endCommand ? fail('not-refused', at, 'it was refused only when the stream ended') : undefined;
}

function tooMany(due: number): string {
  return due === 0 ? 'no payload was due, and one came' : `${due} of ${due} payloads came, and then one more`;
}

function missing({ payloads }: TortureStream, given: number): Fail | undefined {
  return given < payloads.length ? fail('missing-bytes', given, `${given} of ${payloads.length} payloads came`) : undefined;
}

function fail(failure: FailureKind, answer: number, detail: string, at: number = 0): Fail {
  return { kind: 'fail', failure, answer, at, detail };
}

function verdictOf(verdict: Verdict, expected: string, received: string): Judged {
  return { verdict, expected, received };
}

function firstDifference(left: string, right: string): number {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at++;
  return Math.floor(at / 2);
}
