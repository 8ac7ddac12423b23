import { language, t } from '../../shell/language.ts';
import { BUGS_ZH, CONFIDENCE } from './words.ts';
import type { ProbeReport } from '../../../src/pages/probe/contract.ts';
import type { JSX } from 'preact';

/** The likely bug, and what speaks for it. */
export function Diagnosis({ diagnosis }: { readonly diagnosis: NonNullable<ProbeReport['diagnosis']> }): JSX.Element {
  const { bug, confidence, sentence, evidence } = diagnosis;
  const sure = CONFIDENCE[confidence];
  return (
    <section class="diagnosis" aria-label={t({ en: 'Diagnosis', zh: '诊断' })}>
      <h3>
        {t({ en: 'Diagnosis', zh: '诊断' })}: <code>{bug}</code>
      </h3>
      <p>{language.value === 'zh' ? (BUGS_ZH[bug] ?? sentence) : sentence}</p>
      <p class="quiet">
        <span lang="en">{evidence}</span> ({sure === undefined ? confidence : t(sure)})
      </p>
    </section>
  );
}
