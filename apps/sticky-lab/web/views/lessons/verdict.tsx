import { t } from '../../shell/language.ts';
import type { Text } from '../../shell/language.ts';
import type { Answer, RunOutcome, RunReport } from '@socklab/lab';
import type { JSX } from 'preact';

const OUTCOMES: Readonly<Record<RunOutcome, Text>> = {
  expected: { en: 'as expected', zh: '与预期一致' },
  unexpected: { en: 'not as expected', zh: '与预期不符' },
  failed: { en: 'failed', zh: '运行失败' },
};

const ANSWERS: Readonly<Record<Answer, Text>> = { yes: { en: 'Yes', zh: '是' }, no: { en: 'No', zh: '否' } };

/** An outcome in words. */
export function outcomeName(outcome: RunOutcome): Text {
  return OUTCOMES[outcome];
}

/** An answer in words. */
export function answerName(answer: Answer): Text {
  return ANSWERS[answer];
}

/** What {@link Verdict} shows. */
export interface VerdictProps {
  readonly report: RunReport;
  /** What the reader had said, if he had. */
  readonly guess: Answer | null;
  /** The answer with the usual parameters. */
  readonly usual: Answer;
}

/** The answer of the sockets, next to the reader's, and whether it is the expected one. */
export function Verdict({ report: { outcome, answer, expected, error }, guess, usual }: VerdictProps): JSX.Element {
  return (
    <p class={outcome === 'expected' ? 'verdict' : 'verdict bad'} data-outcome={outcome} data-answer={answer ?? ''}>
      {answer === null ? (
        <span>{t({ en: `The run failed: ${error ?? ''}`, zh: `运行失败：${error ?? ''}` })}</span>
      ) : (
        <>
          <strong class="verdict-answer">{t(ANSWERS[answer])}</strong>
          {outcome === 'unexpected' && (
            <span>
              {t({ en: `Not as expected: the answer should be “${expected}”`, zh: `与预期不符：答案应为“${t(ANSWERS[expected])}”` })}
            </span>
          )}
          {outcome === 'expected' && answer !== usual && (
            <span>{t({ en: 'as it must be with these parameters', zh: '这组参数下本该如此' })}</span>
          )}
          {guess !== null && (
            <span class={guess === answer ? 'guess good' : 'guess'}>
              {guess === answer
                ? t({ en: '✓ You said so.', zh: '✓ 你猜对了。' })
                : t({ en: `You said “${t(ANSWERS[guess])}”.`, zh: `你的预测是“${t(ANSWERS[guess])}”。` })}
            </span>
          )}
        </>
      )}
    </p>
  );
}
