import { requestExchange } from '../../src/exchange/create.ts';
import { cutsOf } from '../../src/plans/base/segmentation.ts';
import { planTrials, shardOf } from '../../src/plans/base/sequence.ts';
import { parsePlan } from '../../src/plans/parse.ts';
import { ReportBuilder } from '../../src/report/builder.ts';
import { observed, prefixed, utf8 } from '../exchanges.ts';
import type { Shard } from '../../src/plans/base/sequence.ts';
import type { ProbeReport } from '../../src/report/model.ts';
import type { Exchange, Fail, Trial, Verdict } from '../../src/types.ts';

/** A request of one frame, 15 bytes long. */
export const request: Exchange = requestExchange(prefixed('the payload'), { framing: 'u32be', name: 'ask' });

export function hang(at = 0): Fail {
  return { kind: 'fail', failure: 'hang', answer: 0, at, detail: `nothing more came after ${at} of 2 bytes of the answer` };
}

/** A server that reads its header with one recv: any cut inside the first four bytes hangs. */
export function headerOneRecv({ steps, repeat }: Trial): Verdict {
  const cuts = steps.flatMap((step) => (step.kind === 'burst' ? cutsOf(step) : []));
  return repeat === 1 && cuts.some((cut) => cut < 4) ? hang() : { kind: 'pass' };
}

export interface SampleOptions {
  readonly exchange?: Exchange;
  readonly plans?: string;
  readonly judge?: (trial: Trial) => Verdict;
  readonly shard?: Shard;
  readonly target?: string;
  readonly control?: 'ok' | 'flaky' | 'failed';
  readonly answer?: string;
}

/** A campaign whose verdicts are made up by `judge`. */
export function builderOf(options: SampleOptions = {}): ReportBuilder {
  const {
    exchange = request,
    plans = 'every-cut+glue:2',
    judge = headerOneRecv,
    shard,
    target = '127.0.0.1:9000',
    control = 'ok',
    answer = 'ok',
  } = options;
  const campaign = planTrials(parsePlan(plans), exchange, { seed: 1 });
  const builder = new ReportBuilder({
    target,
    exchange,
    plans: campaign.plans,
    seed: 1,
    pace: 'drain',
    replay: ['sticky-lab', 'probe', '--target', target],
    ...(shard === undefined ? {} : { shard }),
  });
  const detail = control === 'ok' ? {} : { detail: 'runs 1 and 2 differ' };
  builder.setControl({ kind: control, runs: 3, durationMs: 1.25, ...detail, answers: [{ offset: 0, totalBytes: 2, hex: '6f6b' }] });
  for (const trial of shard === undefined ? campaign : shardOf(campaign, shard, 1)) {
    const verdict = judge(trial);
    builder.add(trial, verdict);
    if (verdict.kind === 'fail' || verdict.kind === 'flaky') {
      const expectation = { answers: [utf8(answer)], ended: 'open' } as const;
      builder.addCase({ trial, verdict, expectation, observation: observed([utf8(answer.slice(0, 1))]) });
    }
  }
  return builder;
}

export function sample(options?: SampleOptions): ProbeReport {
  return builderOf(options).build(1234);
}
