import { t } from '../../shell/language.ts';
import { draft } from './draft.ts';
import type { PlanOffer } from '../../../src/pages/probe/contract.ts';
import type { JSX } from 'preact';

/** All plans, and what each does; a button adds one to the form. */
export function PlanList({ plans, onChange }: { readonly plans: readonly PlanOffer[]; readonly onChange: () => void }): JSX.Element {
  const add = (usage: string): void => {
    const { plans: written } = draft.value;
    draft.value = { ...draft.value, plans: written.trim() === '' ? usage : `${written}+${usage}` };
    onChange();
  };
  return (
    <details>
      <summary>{t({ en: 'Which plans are there?', zh: '有哪些切法？' })}</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label={t({ en: 'All plans', zh: '全部切法' })}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t({ en: 'Plan', zh: '切法' })}</th>
              <th scope="col">{t({ en: 'What it does', zh: '做什么' })}</th>
              <th scope="col">{t({ en: 'Add', zh: '加入' })}</th>
            </tr>
          </thead>
          <tbody>
            {plans.map((plan) => {
              const usage = plan.usage.replace(':N', ':2');
              return (
                <tr key={plan.name}>
                  <th scope="row">
                    <code>{plan.usage}</code>
                  </th>
                  <td>
                    {t(plan.summary)}
                    {plan.needsFrames && <span class="quiet">{t({ en: ' (needs the framing)', zh: '（需要分帧方式）' })}</span>}
                  </td>
                  <td>
                    <button type="button" aria-label={t({ en: `Add ${usage}`, zh: `加入 ${usage}` })} onClick={() => add(usage)}>
                      +
                    </button>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </details>
  );
}
