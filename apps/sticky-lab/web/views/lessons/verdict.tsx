import type { JSX } from 'preact';
import type { Answer, Outcome, RunReport } from '@socklab/lab';
import { t, type Text } from '../../shell/language.ts';

const OUTCOMES: Readonly<Record<Outcome, { readonly sign: string; readonly name: Text }>> = {
  expected: { sign: '✓', name: { en: 'as expected', zh: '与预期一致' } },
  unexpected: { sign: '!', name: { en: 'not as expected', zh: '与预期不符' } },
  failed: { sign: '✕', name: { en: 'failed', zh: '运行失败' } },
};

const ANSWERS: Readonly<Record<Answer, Text>> = { yes: { en: 'Yes', zh: '是' }, no: { en: 'No', zh: '否' } };

/** The sign of an outcome, for those who see it. */
export function outcomeSign(outcome: Outcome): string {
  return OUTCOMES[outcome].sign;
}

/** An outcome in words. */
export function outcomeName(outcome: Outcome): Text {
  return OUTCOMES[outcome].name;
}

/** An answer in words. */
export function answerName(answer: Answer): Text {
  return ANSWERS[answer];
}

/** The answer that the sockets gave, and whether it is the one that is expected. */
export function Verdict({ report: { outcome, answer, expected, error } }: { readonly report: RunReport }): JSX.Element {
  return (
    <p class={outcome === 'expected' ? 'verdict good' : 'verdict bad'} data-outcome={outcome} data-answer={answer ?? ''}>
      <span class="verdict-sign" aria-hidden="true">
        {outcomeSign(outcome)}
      </span>
      {answer === null ? (
        <span>{t({ en: `The run failed: ${error ?? ''}`, zh: `运行失败：${error ?? ''}` })}</span>
      ) : (
        <span>
          <strong>{t(ANSWERS[answer])}</strong>
          {t({ en: ', ', zh: '，' })}
          {t(outcomeName(outcome))}
          {outcome === 'unexpected' && t({ en: `: the answer should be “${expected}”`, zh: `：答案应为“${t(ANSWERS[expected])}”` })}
        </span>
      )}
    </p>
  );
}
