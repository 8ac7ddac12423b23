import { signal } from '@preact/signals';
import { showHex } from '../../../src/pages/codec/hex.ts';
import { FORM_NAMES, recognise } from '../../../src/pages/codec/pasted/recognise.ts';
import { t } from '../../shell/language.ts';
import { change } from './bench/bench-address.ts';
import type { TypedAs } from '../../../src/pages/codec/encode.ts';
import type { PastedForm } from '../../../src/pages/codec/pasted/recognise.ts';
import type { Bytes } from '@socklab/framing';
import type { JSX } from 'preact';

/** A pasted text, and its recognised form. */
export interface Taken {
  readonly form: PastedForm;
  readonly pasted: string;
  readonly bytes: Bytes;
  /** How many bytes at the begin are headers of IP and TCP. */
  readonly headerBytes: number;
}

/** The last pasted text; `null` when something was typed since. */
export const taken = signal<Taken | null>(null);

/** Handles a paste into an empty field, or over all of it; other pastes are left to the browser. */
export function takePasted(event: ClipboardEvent & { readonly currentTarget: HTMLTextAreaElement }, as: TypedAs): void {
  const { value, selectionStart, selectionEnd } = event.currentTarget;
  const pasted = event.clipboardData?.getData('text') ?? '';
  const isAll = selectionEnd - selectionStart === value.length;
  const found = isAll && as === 'hex' ? recognise(pasted) : undefined;
  // Invalid text is reported below the field, unchanged.
  if (found === undefined || 'refusal' in found.reading) return;
  event.preventDefault();
  const { bytes } = found.reading;
  taken.value = { form: found.form, pasted, bytes, headerBytes: found.headerBytes };
  change({ typed: showHex(bytes), as: 'hex' });
}

/** Shows what was pasted, and offers alternatives. */
export function TakenFor(): JSX.Element {
  const what = taken.value;
  return (
    <div class="taken-for" role="status">
      {what !== null && <Said what={what} />}
    </div>
  );
}

function Said({ what: { form, pasted, bytes, headerBytes } }: { readonly what: Taken }): JSX.Element {
  const name = FORM_NAMES[form];
  return (
    <>
      <span>{t({ en: `Taken for ${name.en}: ${bytes.length} bytes.`, zh: `识别为${name.zh}：${bytes.length} 字节。` })}</span>
      {headerBytes > 0 && (
        <button type="button" onClick={() => takeInstead(showHex(bytes.subarray(headerBytes)))}>
          {t({ en: `Skip ${headerBytes} bytes of headers`, zh: `跳过 ${headerBytes} 字节的头部` })}
        </button>
      )}
      {form !== 'hex' && (
        <button type="button" onClick={() => takeInstead(pasted)}>
          {t({ en: 'As it was pasted', zh: '恢复粘贴的原文' })}
        </button>
      )}
    </>
  );
}

function takeInstead(typed: string): void {
  taken.value = null;
  change({ typed });
}
