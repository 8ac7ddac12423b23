import { computed, signal } from '@preact/signals';
import { framingOf } from '@socklab/framing';
import { dissect } from '../../../../src/pages/codec/dissect.ts';
import { readTyped } from '../../../../src/pages/codec/encode.ts';
import { showText } from '../../../../src/pages/codec/escaped-text.ts';
import { EXAMPLES } from '../../../../src/pages/codec/examples.ts';
import { showHex } from '../../../../src/pages/codec/hex.ts';
import type { Dissection } from '../../../../src/pages/codec/dissect.ts';
import type { TypedAs } from '../../../../src/pages/codec/encode.ts';
import type { Text } from '../../../shell/language.ts';
import type { Bytes } from '@socklab/framing';

/** What is typed and chosen on the bench. */
export interface BenchState {
  readonly framing: string;
  readonly as: TypedAs;
  readonly typed: string;
  /** Longest payload, as it was typed; empty for the format's own. */
  readonly limit: string;
  readonly payloads: string;
  readonly payloadsAs: TypedAs;
}

/** The largest limit that may be typed, in bytes. */
export const LARGEST_LIMIT = 16_777_216;

const [FIRST] = EXAMPLES;

/** What the bench shows when nothing else is asked for. */
export const INITIAL: BenchState = { framing: FIRST.framing, as: 'hex', typed: FIRST.hex, limit: '', payloads: '', payloadsAs: 'text' };

/** The bench, as long as the page is open. */
export const bench = signal<BenchState>(INITIAL);

/** What was typed, as bytes. */
export const reading = computed(() => readTyped(bench.value.typed, bench.value.as));

/** The current bytes: none while the input is invalid. */
export const bytes = computed<Bytes>(() => ('bytes' in reading.value ? reading.value.bytes : new Uint8Array(0)));

/** The codec's result, or why there is none. */
export const outcome = computed<Dissection | { readonly refusal: Text; readonly field: 'framing' | 'limit' }>(() => {
  const { framing, limit } = bench.value;
  try {
    framingOf(framing);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const { message } = error;
    return { field: 'framing', refusal: { en: message, zh: `分帧方式无效：${message}` } };
  }
  const isNumber = limit === '' || (/^\d{1,8}$/u.test(limit) && Number(limit) <= LARGEST_LIMIT);
  if (!isNumber) return { field: 'limit', refusal: noLimit(limit) };
  try {
    return dissect(bytes.value, framing, limit === '' ? {} : { maxPayloadBytes: Number(limit) });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { field: 'limit', refusal: { en: error.message, zh: `这个上限容不下任何一帧：${error.message}` } };
  }
});

/** The same bytes in the other notation; invalid input is unchanged. */
export function retyped({ typed, as }: Pick<BenchState, 'typed' | 'as'>, to: TypedAs): string {
  const read = readTyped(typed, as);
  if ('refusal' in read || as === to) return typed;
  return to === 'hex' ? showHex(read.bytes) : showText(read.bytes);
}

function noLimit(typed: string): Text {
  const seen = JSON.stringify(typed.slice(0, 40));
  return { en: `${seen} is not a whole number from 0 to ${LARGEST_LIMIT}`, zh: `${seen} 不是 0 到 ${LARGEST_LIMIT} 的整数` };
}
