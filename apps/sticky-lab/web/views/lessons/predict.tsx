import { t } from '../../shell/language.ts';
import { answerName } from './verdict.tsx';
import type { Answer } from '@socklab/lab';
import type { JSX } from 'preact';

/** What {@link Predict} tells. */
export interface PredictProps {
  /** What was predicted, while it is being run. */
  readonly guess: Answer | null;
  readonly isRunning: boolean;
  readonly onGuess: (guess: Answer) => void;
  /** The visitor skips the prediction. */
  readonly onSkip: () => void;
}

const ANSWERS: readonly Answer[] = ['yes', 'no'];

/** The reader answers the question first, then the sockets do. */
export function Predict({ guess, isRunning, onGuess, onSkip }: PredictProps): JSX.Element {
  return (
    <section class="predict" aria-labelledby="predict-title">
      <h3 id="predict-title">
        {t({ en: 'What do you think? Say it first, then real sockets answer.', zh: '你觉得呢？先作出预测，再由真实套接字来回答。' })}
      </h3>
      <div class="predict-answers">
        {ANSWERS.map((answer) => (
          <button
            key={answer}
            type="button"
            class="primary"
            aria-pressed={guess === answer}
            disabled={isRunning}
            onClick={() => onGuess(answer)}
          >
            {t(answerName(answer))}
          </button>
        ))}
        <button type="button" class="plain" disabled={isRunning} onClick={onSkip}>
          {t({ en: 'Just show me', zh: '直接看结果' })}
        </button>
        <span role="status" class="quiet">
          {isRunning ? t({ en: 'Running on real sockets…', zh: '正在用真实套接字运行…' }) : ''}
        </span>
      </div>
    </section>
  );
}
