import { t } from '../../shell/language.ts';
import { VERDICTS } from './words.ts';
import type { LivePlan, VerdictKind } from '../../../src/pages/probe/contract.ts';
import type { ShownCampaign } from './campaign.ts';
import type { JSX } from 'preact';

const KINDS: readonly VerdictKind[] = ['pass', 'fail', 'unconfirmed', 'flaky'];

/** The verdicts of each plan, and of all of them. */
export function Tallies({ shown: { planned, told, report } }: { readonly shown: ShownCampaign }): JSX.Element | null {
  const plans: readonly LivePlan[] = report?.plans ?? told?.plans ?? [];
  if (plans.length === 0) return null;
  const counts = new Map(
    (report?.plans.map(({ plan, planned: count }) => ({ plan, count })) ?? planned?.plans ?? []).map((each) => [each.plan, each.count]),
  );
  const sum = (kind: VerdictKind): number => plans.reduce((total, each) => total + each[kind], 0);
  return (
    <table class="tallies">
      <caption>{t({ en: 'Trials', zh: '试验次数' })}</caption>
      <thead>
        <tr>
          <th scope="col">{t({ en: 'Plan', zh: '切法' })}</th>
          <th scope="col">{t({ en: 'planned', zh: '总次数' })}</th>
          {KINDS.map((kind) => (
            <th key={kind} scope="col">
              {t(VERDICTS[kind])}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {plans.map((each) => (
          <tr key={each.plan}>
            <th scope="row">
              <code>{each.plan}</code>
            </th>
            <td>{counts.get(each.plan)}</td>
            {KINDS.map((kind) => (
              <Count key={kind} kind={kind} count={each[kind]} />
            ))}
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t({ en: 'all', zh: '合计' })}</th>
          <td>{[...counts.values()].reduce((total, count) => total + count, 0)}</td>
          {KINDS.map((kind) => (
            <Count key={kind} kind={kind} count={sum(kind)} />
          ))}
        </tr>
      </tfoot>
    </table>
  );
}

function Count({ kind, count }: { readonly kind: VerdictKind; readonly count: number }): JSX.Element {
  const look = kind === 'fail' && count > 0 ? 'bad' : undefined;
  return (
    <td class={look} data-verdict={kind}>
      {count}
    </td>
  );
}
