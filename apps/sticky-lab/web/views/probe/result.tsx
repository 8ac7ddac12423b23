import { useMemo } from 'preact/hooks';
import { t } from '../../shell/language.ts';
import { campaign, opened } from './campaign.ts';
import { Cases } from './cases.tsx';
import { Diagnosis } from './diagnosis.tsx';
import { Said } from './said.tsx';
import { Story } from './story.tsx';
import { Strip } from './strip.tsx';
import { Tallies } from './tallies.tsx';
import { OUTCOMES, STATES } from './words.ts';
import type { ShownCampaign } from './campaign.ts';
import type { JSX } from 'preact';

/** The campaign that is shown: how far it is, its strip, what was found. */
export function Result(): JSX.Element | null {
  const shown = campaign.value;
  if (shown === undefined) return null;
  return <Shown shown={shown} />;
}

function Shown({ shown }: { readonly shown: ShownCampaign }): JSX.Element {
  const { planned, rows, report } = shown;
  const starts = useMemo(() => new Set(planned?.frames.map(({ start }) => start)), [planned]);
  const of = opened.value;
  return (
    <section aria-label={t({ en: 'Result', zh: '结果' })}>
      <h2>
        {t({ en: 'Campaign', zh: '切分测试' })} <span class="mono target">{planned?.target}</span>
      </h2>
      <Progress shown={shown} />
      {report?.diagnosis !== undefined && <Diagnosis diagnosis={report.diagnosis} />}
      {rows.length > 0 && (
        <Strip
          rows={rows}
          starts={starts}
          openedCut={of?.kind === 'cut' ? of.cut : undefined}
          onOpen={(cut) => {
            opened.value = { kind: 'cut', cut };
          }}
        />
      )}
      {of !== undefined && <Story of={of} shown={shown} />}
      <Tallies shown={shown} />
      {report !== undefined && <Cases report={report} />}
      {report !== undefined && <Downloads job={shown.job} />}
    </section>
  );
}

function Progress({ shown }: { readonly shown: ShownCampaign }): JSX.Element {
  const { state, told, error, report } = shown;
  const phase = state === 'running' ? (told?.phase ?? 'control') : state;
  const outcome = report === undefined ? undefined : OUTCOMES[report.outcome];
  const look = report?.outcome === 'pass' ? 'good' : report?.outcome === 'fail' ? 'bad' : '';
  const left = told?.leftMs === null || told?.leftMs === undefined ? undefined : Math.ceil(told.leftMs / 1000);
  return (
    <>
      <p role="status" class="campaign-state" data-state={report === undefined ? state : 'reported'}>
        {outcome === undefined && (STATES[phase] === undefined ? phase : t(STATES[phase]))}
        {outcome !== undefined && <strong class={look}>{t(outcome)}</strong>}
        {report?.outcome !== undefined && (report.notTried?.length ?? 0) > 0 && report.control.kind === 'ok' && (
          <span class="quiet not-tried">
            {' '}
            {t({ en: 'Not tried: ', zh: '未尝试：' })}
            {report.notTried?.map((clause, at) => (
              <span key={clause}>
                {at > 0 && t({ en: '; ', zh: '；' })}
                <Said text={clause} />
              </span>
            ))}
          </span>
        )}
        {report?.control.detail !== undefined && (
          <>
            {' '}
            <Said text={report.control.detail} />
          </>
        )}
        {error !== undefined && (
          <span class="bad">
            {t({ en: ': ', zh: '：' })}
            <Said text={error} />
          </span>
        )}
      </p>
      {told !== undefined && told.total > 0 && (
        <p>
          <progress max={told.total} value={told.done} aria-label={t({ en: 'Trials done', zh: '已完成的试验' })} />{' '}
          {t({ en: `${told.done} of ${told.total} trials`, zh: `${told.done} / ${told.total} 次试验` })}
          {state === 'running' && told.phase === 'trials' && left !== undefined && (
            <span class="quiet">{t({ en: `, about ${left} s left`, zh: `，约剩 ${left} 秒` })}</span>
          )}
        </p>
      )}
    </>
  );
}

const FORMS = [
  ['json', 'JSON'],
  ['html', 'HTML'],
  ['junit', 'JUnit'],
  ['text', t],
] as const;

function Downloads({ job }: { readonly job: string }): JSX.Element {
  return (
    <p class="downloads">
      {t({ en: 'The report as a file:', zh: '把报告存为文件：' })}{' '}
      {FORMS.map(([form, name]) => (
        <a key={form} href={`api/probe/campaigns/${encodeURIComponent(job)}/report?as=${form}`} download>
          {typeof name === 'string' ? name : name({ en: 'text', zh: '文本' })}
        </a>
      ))}
    </p>
  );
}
