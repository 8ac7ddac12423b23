import type { Bytes } from '@socklab/framing';
import type { Text } from '@socklab/lab';

/** The result of parsing input: bytes, or why there are none. */
export type Reading = { readonly bytes: Bytes } | { readonly refusal: Text };

/** Most bytes that the bench reads or makes. */
export const MAX_BENCH_BYTES = 65_536;

/** Most characters of input: `0x00, ` for each byte, and room for the lines of a dump. */
export const MAX_TYPED_CHARACTERS: number = MAX_BENCH_BYTES * 8;

/** Why the input is too long; `undefined` when it is not. */
export function tooManyCharacters({ length }: string): Reading | undefined {
  if (length <= MAX_TYPED_CHARACTERS) return undefined;
  return {
    refusal: {
      en: `${length} characters; at most ${MAX_TYPED_CHARACTERS} are read`,
      zh: `共 ${length} 个字符，最多读取 ${MAX_TYPED_CHARACTERS} 个`,
    },
  };
}

/** These bytes, unless they are too many. */
export function readingOf(bytes: ArrayLike<number>): Reading {
  const { length } = bytes;
  if (length <= MAX_BENCH_BYTES) return { bytes: Uint8Array.from(bytes) };
  return {
    refusal: { en: `${length} bytes; at most ${MAX_BENCH_BYTES} are taken`, zh: `共 ${length} 字节，最多 ${MAX_BENCH_BYTES} 字节` },
  };
}

/** The input as a refusal quotes it: shortened. */
export function quoted(seen: string): string {
  return JSON.stringify(seen.length > 20 ? `${seen.slice(0, 20)}…` : seen);
}
