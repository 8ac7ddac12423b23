import { framingOf } from '@socklab/framing';
import { carriesWholeFrames } from '../../../src/pages/codec/dissect.ts';
import { encodeLines } from '../../../src/pages/codec/encode.ts';
import { showText } from '../../../src/pages/codec/escaped-text.ts';
import { showHex } from '../../../src/pages/codec/hex.ts';
import { Field } from '../../controls/field.tsx';
import { t } from '../../shell/language.ts';
import { change } from './bench/bench-address.ts';
import { bench, retyped } from './bench/bench-state.ts';
import { TypedAsChoice } from './choice.tsx';
import { CopyButton } from './copy-button.tsx';
import type { Dissection } from '../../../src/pages/codec/dissect.ts';
import type { TypedAs } from '../../../src/pages/codec/encode.ts';
import type { JSX } from 'preact';

/** The other direction: payloads to bytes. */
export function Encoder({ dissection }: { readonly dissection: Dissection }): JSX.Element {
  const { framing, payloads, payloadsAs } = bench.value;
  const encoded = encodeLines(payloads, payloadsAs, framing);
  const wire = 'bytes' in encoded ? showHex(encoded.bytes) : '';
  return (
    <section aria-labelledby="codec-encode">
      <h2 id="codec-encode">{t({ en: 'Encode', zh: '编码' })}</h2>
      <div class="controls">
        <TypedAsChoice
          label={t({ en: 'The payloads are typed as', zh: '载荷的输入形式' })}
          value={payloadsAs}
          onChange={(as) => change({ payloadsAs: as, payloads: linesRetyped(payloads, payloadsAs, as) })}
        />
        <button
          type="button"
          disabled={dissection.frames.length === 0}
          onClick={() => change({ payloads: linesOf(dissection, payloadsAs) })}
        >
          {t({ en: 'Take the payloads from above', zh: '取用上面的载荷' })}
        </button>
      </div>
      <Field
        label={t({ en: 'Payloads, one a line', zh: '载荷，每行一个' })}
        help={helpOf(framing)}
        refusal={'refusal' in encoded ? t(encoded.refusal) : undefined}
      >
        {(ties) => (
          <textarea
            {...ties}
            rows={4}
            spellcheck={false}
            autocomplete="off"
            value={payloads}
            onInput={({ currentTarget }) => change({ payloads: currentTarget.value })}
          />
        )}
      </Field>
      <Field label={t({ en: 'Bytes on the wire', zh: '线路上的字节' })}>
        {(ties) => <textarea {...ties} rows={3} readOnly value={wire} />}
      </Field>
      <div class="controls">
        <CopyButton text={wire} />
        <button type="button" disabled={wire === ''} onClick={() => change({ typed: wire, as: 'hex' })}>
          {t({ en: 'Decode these bytes', zh: '解码这些字节' })}
        </button>
      </div>
    </section>
  );
}

function linesOf({ frames }: Dissection, as: TypedAs): string {
  // A last line break tells one empty payload from none.
  return frames.map(({ payload }) => `${as === 'hex' ? showHex(payload) : showText(payload)}\n`).join('');
}

function linesRetyped(lines: string, from: TypedAs, to: TypedAs): string {
  return lines
    .split('\n')
    .map((line) => retyped({ typed: line, as: from }, to))
    .join('\n');
}

function helpOf(framing: string): string {
  if (carriesWholeFrames(framing)) {
    const { name } = framingOf(framing);
    return t({
      en: `${name} is carried in whole frames: header and all. They are checked, and come out as they are.`,
      zh: `${name} 以整帧传递：包含头部在内。整帧会被检查，并原样输出。`,
    });
  }
  return t({
    en: String.raw`Text with \n and \xHH, or hex. An empty line is an empty payload.`,
    zh: String.raw`文本可用 \n、\xHH，或用十六进制。空行就是空载荷。`,
  });
}
