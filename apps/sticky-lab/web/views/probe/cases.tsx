import { t } from '../../shell/language.ts';
import { opened } from './campaign.ts';
import { Said } from './said.tsx';
import { VERDICTS } from './words.ts';
import type { ProbeReport } from '../../../src/pages/probe/contract.ts';
import type { JSX } from 'preact';

/** The failed trials, each with a button that opens its story, including those that are not a single cut. */
export function Cases({ report: { cases, omittedCases } }: { readonly report: ProbeReport }): JSX.Element | null {
  if (cases.length === 0) return null;
  return (
    <details class="cases">
      <summary>{t({ en: `Failures: ${cases.length} shown`, zh: `失败的试验：显示 ${cases.length} 个` })}</summary>
      <ul>
        {cases.map(({ trial, kind, detail }, index) => (
          <li key={trial.id}>
            <button
              type="button"
              data-case={index}
              onClick={() => {
                opened.value = { kind: 'case', index };
              }}
            >
              <code>{trial.id}</code> {t(VERDICTS[kind])}
            </button>{' '}
            <Said text={detail} />
          </li>
        ))}
      </ul>
      {omittedCases > 0 && <p class="quiet">{t({ en: `and ${omittedCases} more`, zh: `另有 ${omittedCases} 个` })}</p>}
    </details>
  );
}
