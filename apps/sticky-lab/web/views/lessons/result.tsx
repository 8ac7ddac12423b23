import type { JSX } from 'preact';
import type { RunReport } from '@socklab/lab';
import { download } from '../../controls/download.ts';
import { Conversations } from '../../picture/conversations.tsx';
import { t } from '../../shell/language.ts';
import { Verdict } from './verdict.tsx';

/** What {@link Result} shows. */
export interface ResultProps {
  readonly report: RunReport;
  readonly why: string;
  /** Whether it was run when the service started, and not from here. */
  readonly isOfStart: boolean;
}

/** What a run gave: the verdict and why, the facts, the pictures; and all of it as a file. */
export function Result({ report, why, isOfStart }: ResultProps): JSX.Element {
  const { id, rows, conversations, omittedConversations, durationMs, machine } = report;
  const when = isOfStart ? t({ en: 'Run when the service started', zh: '服务启动时运行' }) : t({ en: 'This run', zh: '本次运行' });
  return (
    <section class="result" aria-labelledby="result-title">
      <h3 id="result-title">{t({ en: 'Result', zh: '结果' })}</h3>
      <Verdict report={report} />
      <p class="why">{why}</p>
      <div class="scroll">
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
      </div>
      <h3>{t({ en: 'What happened to the bytes', zh: '字节的经过' })}</h3>
      <Conversations list={conversations} omitted={omittedConversations} />
      <h3>{t({ en: 'Save and repeat', zh: '保存与重现' })}</h3>
      <div class="controls">
        <button type="button" onClick={() => download(`${id}.json`, 'application/json', `${JSON.stringify(report, undefined, 2)}\n`)}>
          {t({ en: 'Save JSON', zh: '保存 JSON' })}
        </button>
        <span>
          {t({ en: 'The same on the command line: ', zh: '命令行中同样的运行：' })}
          <code class="command">{commandOf(report)}</code>
        </span>
      </div>
      <p class="quiet">
        {when} · {durationMs} {t({ en: 'ms', zh: '毫秒' })} · Node.js {machine.node} · {machine.platform}
      </p>
    </section>
  );
}

function commandOf({ id, params }: RunReport): string {
  const flags = Object.entries(params).map(([name, value]) => ` --param ${name}=${value}`);
  return `sticky-lab demo ${id}${flags.join('')}`;
}
