import { NumberField } from '../../controls/number-field.tsx';
import { t } from '../../shell/language.ts';
import { answerName, outcomeName } from './verdict.tsx';
import type { LabDescription } from '../../../src/pages/lessons/contract.ts';
import type { Text } from '../../shell/language.ts';
import type { TypedRun } from './lesson-address.ts';
import type { RunState } from './use-run.ts';
import type { JSX } from 'preact';

type ExperimentSummary = LabDescription['experiments'][number];

const UNITS: Readonly<Record<ExperimentSummary['params'][string]['unit'], Text | undefined>> = {
  bytes: { en: 'bytes', zh: '字节' },
  ms: { en: 'ms', zh: '毫秒' },
  count: undefined,
};

/** What {@link LessonForm} shows, and whom it tells. */
export interface LessonFormProps {
  readonly experiment: ExperimentSummary;
  readonly typed: TypedRun;
  readonly state: RunState;
  readonly onType: (typed: TypedRun) => void;
  readonly onRun: () => void;
  readonly onStop: () => void;
}

/** The parameters of an experiment, and what runs it. */
export function LessonForm({ experiment, typed, state, onType, onRun, onStop }: LessonFormProps): JSX.Element {
  const { isRunning, refusals, trouble } = state;
  const names = Object.keys(experiment.params);
  // Refusals are shown at their fields; others below.
  const shown = new Set(names.map((name) => `params.${name}`));
  const others = Object.entries(refusals).flatMap(([field, saying]) => (shown.has(field) ? [] : [saying]));
  return (
    <form
      class="lesson-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isRunning) onRun();
      }}
    >
      <div class="controls">
        {names.map((name) => (
          <Parameter key={name} name={name} experiment={experiment} typed={typed} state={state} onType={onType} />
        ))}
      </div>
      <div class="run-line">
        <button type="submit" class="primary" aria-disabled={isRunning}>
          {t({ en: 'Run', zh: '运行' })}
        </button>
        {isRunning && (
          <button type="button" onClick={onStop}>
            {t({ en: 'Stop', zh: '停止' })}
          </button>
        )}
        <span role="status" class="quiet">
          {progressOf(state)}
        </span>
      </div>
      {[...others, ...(trouble === null ? [] : [trouble])].map((saying, at) => (
        <p key={at} class="bad" role="alert">
          {saying()}
        </p>
      ))}
    </form>
  );
}

function progressOf({ isRunning, report }: RunState): string {
  if (isRunning) return t({ en: 'Running on real sockets…', zh: '正在用真实套接字运行…' });
  if (report === null) return '';
  const { answer, outcome, durationMs } = report;
  const said = t(outcomeName(outcome));
  const verdict = answer === null ? said : `${t(answerName(answer))}${t({ en: ', ', zh: '，' })}${said}`;
  return t({ en: `Done in ${durationMs} ms: ${verdict}`, zh: `用时 ${durationMs} 毫秒：${verdict}` });
}

interface ParameterProps extends Pick<LessonFormProps, 'experiment' | 'typed' | 'state' | 'onType'> {
  readonly name: string;
}

function Parameter({ name, experiment, typed, state, onType }: ParameterProps): JSX.Element {
  const { min, max, unit, help } = experiment.params[name]!;
  const unitName = UNITS[unit];
  return (
    <NumberField
      label={t({ en: `${help.en} (${name})`, zh: `${help.zh}（${name}）` })}
      min={min}
      max={max}
      {...(unitName === undefined ? {} : { unit: t(unitName) })}
      value={typed.params[name] ?? ''}
      refusal={state.refusals[`params.${name}`]?.()}
      onInput={(value) => onType({ params: { ...typed.params, [name]: value } })}
    />
  );
}
