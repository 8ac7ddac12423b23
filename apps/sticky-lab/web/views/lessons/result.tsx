import { useSignal } from '@preact/signals';
import { download } from '../../controls/download.ts';
import { Flows } from '../../picture/flows.tsx';
import { PointedAtContext } from '../../picture/pointed-at.ts';
import { t } from '../../shell/language.ts';
import { CodePanel } from './code-panel.tsx';
import { Verdict } from './verdict.tsx';
import type { LabDescription } from '../../../src/pages/lessons/contract.ts';
import type { PointedAt } from '../../picture/pointed-at.ts';
import type { Answer, RunReport } from '@socklab/lab';
import type { JSX } from 'preact';

type ExperimentSummary = LabDescription['experiments'][number];

/** What {@link Result} shows. */
export interface ResultProps {
  readonly report: RunReport;
  readonly experiment: ExperimentSummary;
  /** The reader's prediction, if any. */
  readonly guess: Answer | null;
  /** Whether it was run when the service started, and not from here. */
  readonly isOfStart: boolean;
}

/** What a run gave: the picture first, then the verdict and why, the facts, and all of it as a file. */
export function Result({ report, experiment, guess, isOfStart }: ResultProps): JSX.Element {
  const pointedAt = useSignal<PointedAt | null>(null);
  const { rows, flows, omittedFlows, durationMs, machine } = report;
  const when = isOfStart ? t({ en: 'Run when the service started', zh: '服务启动时运行' }) : t({ en: 'This run', zh: '本次运行' });
  return (
    <>
      <section class="lesson-picture" aria-label={t({ en: 'What happened to the bytes', zh: '字节的旅程' })}>
        <Verdict report={report} guess={guess} usual={experiment.usual} />
        <PointedAtContext.Provider value={pointedAt}>
          <Flows list={flows} omitted={omittedFlows} />
        </PointedAtContext.Provider>
      </section>
      <section class="result" aria-labelledby="result-title">
        <CodePanel report={report} pointedAt={pointedAt} />
        <h3 id="result-title">{t({ en: 'Why', zh: '为什么' })}</h3>
        <p class="why">{t(report.why)}</p>
        <Rows rows={rows} />
        <details class="keep">
          <summary>{t({ en: 'Save and repeat', zh: '保存与重现' })}</summary>
          <p>
            {t({ en: 'The same on the command line: ', zh: '命令行中同样的运行：' })}
            <code class="command">{commandOf(report)}</code>
          </p>
        </details>
        <div class="controls">
          <button
            type="button"
            onClick={() => download(`${report.id}.json`, 'application/json', `${JSON.stringify(report, undefined, 2)}\n`)}
          >
            {t({ en: 'Save JSON', zh: '保存 JSON' })}
          </button>
          <span class="quiet">
            {when} · {durationMs} {t({ en: 'ms', zh: '毫秒' })} · Node.js {machine.node} · {machine.platform}
          </span>
        </div>
      </section>
    </>
  );
}

/** Limits the list next to a picture; a button shows the rest. */
const MAX_OPEN_ROWS = 6;

/** What the sockets did, for people. */
function Rows({ rows }: Pick<RunReport, 'rows'>): JSX.Element {
  const rest = rows.slice(MAX_OPEN_ROWS);
  return (
    <>
      <RowTable rows={rows.slice(0, MAX_OPEN_ROWS)} />
      {rest.length > 0 && (
        <details>
          <summary>{t({ en: `${rest.length} more`, zh: `另外 ${rest.length} 项` })}</summary>
          <RowTable rows={rest} />
        </details>
      )}
    </>
  );
}

function RowTable({ rows }: Pick<RunReport, 'rows'>): JSX.Element {
  return (
    <table class="rows">
      <tbody>
        {rows.map(({ label, value }, at) => (
          <tr key={at}>
            <th scope="row">{t(label)}</th>
            <td>{t(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function commandOf({ id, params }: RunReport): string {
  const flags = Object.entries(params).map(([name, value]) => ` --param ${name}=${value}`);
  return `sticky-lab demo ${id}${flags.join('')}`;
}
