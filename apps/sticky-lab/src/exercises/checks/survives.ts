import { createExchange, probe } from '@socklab/probe';
import { MET, notMet } from '../exercise.ts';
import { noConnection } from './answers.ts';
import type { Check, CheckContext, CheckResult } from '../exercise.ts';
import type { Turn } from './answers.ts';
import type { Text } from '@socklab/lab';
import type { CaseReport, ProbeReport } from '@socklab/probe';

const MAX_TIME_MS = 60_000;

/** What a program has to survive, and the texts for it. */
export interface SurvivalOptions {
  readonly points: number;
  readonly turns: readonly Turn[];
  /** @defaultValue 'every-cut' */
  readonly plans?: string;
  /** @defaultValue 'gives the same answers wherever its input is cut' */
  readonly name?: Text;
}

const CUTS: Text = { en: 'gives the same answers wherever its input is cut', zh: '不论输入在哪里被切开，响应都一样' };

/** Checks that the answers stay the same wherever the input is cut, with each cut confirmed. */
export function survives({ points, turns, plans = 'every-cut', name = CUTS }: SurvivalOptions): Check {
  return { name, points, run: (context) => cutEverywhere(context, turns, plans) };
}

async function cutEverywhere({ program, signal }: CheckContext, turns: readonly Turn[], plans: string): Promise<CheckResult> {
  if (!(await program.listens(signal))) return noConnection(program);
  const steps = turns.flatMap(({ say, answer }) => [{ send: say }, ...(answer.length === 0 ? [] : [waitFor(answer.length)])]);
  const exchange = createExchange({ steps });
  // A beginner's server serves one client after the other.
  const report = await probe({
    target: `127.0.0.1:${program.port}`,
    exchange,
    plans,
    concurrency: 1,
    maxTimeMs: MAX_TIME_MS,
    hangMs: 1000,
    signal,
  });
  return judged(report, program.ending);
}

function waitFor(count: number): { readonly expect: { readonly kind: 'bytes'; readonly count: number } } {
  return { expect: { kind: 'bytes', count } };
}

/** The report as a text about a student's program. */
export function judged({ outcome, control, cases, totals }: ProbeReport, ending: string | undefined): CheckResult {
  if (ending !== undefined) {
    const where = cases[0] === undefined ? '' : ` (${wordsOf(cases[0])})`;
    return notMet(`the program ended while it was cut: ${ending}${where}`, `切分过程中程序退出：${ending}${where}`);
  }
  if (outcome === 'pass') return MET;
  const [first] = cases;
  if (first !== undefined && outcome === 'fail') {
    const all = Object.values(totals).reduce((sum, count) => sum + count, 0);
    return notMet(
      `${totals.fail} of ${all} cuts change the answer; the smallest: ${wordsOf(first)}`,
      `${all} 个切点中有 ${totals.fail} 个改变了响应；最小的一个：${wordsOf(first)}`,
    );
  }
  if (outcome === 'unconfirmed') {
    return notMet(
      'this machine does not show whether a cut was read as a cut: on Linux it does',
      '本机看不到每一段是否被单独读走，无法判定：请在 Linux 上运行',
    );
  }
  const detail = control.detail ?? 'the answers differ without a cut';
  return notMet(`uncut, and one client after the other: ${detail}`, `不切分、一个客户端接一个客户端时：${detail}`);
}

function wordsOf({ where, detail }: CaseReport): string {
  return [...where, detail].join('; ');
}
