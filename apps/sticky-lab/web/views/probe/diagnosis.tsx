import { language, t } from '../../shell/language.ts';
import { Said } from './said.tsx';
import { BUGS_ZH, CONFIDENCE } from './words.ts';
import type { ProbeReport } from '../../../src/pages/probe/contract.ts';
import type { JSX } from 'preact';

/** The likely bug, and what speaks for it. */
export function Diagnosis({ diagnosis }: { readonly diagnosis: NonNullable<ProbeReport['diagnosis']> }): JSX.Element {
  const { bug, confidence, sentence, evidence } = diagnosis;
  return (
    <section class="diagnosis" aria-label={t({ en: 'Diagnosis', zh: '诊断' })}>
      <h3>
        {t({ en: 'Diagnosis', zh: '诊断' })}: <code>{bug}</code>
      </h3>
      <p>{language.value === 'zh' ? BUGS_ZH[bug] : sentence}</p>
      <p class="quiet">
        <Said text={evidence} /> ({t(CONFIDENCE[confidence])})
      </p>
    </section>
  );
}
