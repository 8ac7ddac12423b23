import { codecByName, FrameError } from '@socklab/framing';
import { readText } from './escaped-text.ts';
import { explanationOf } from './explanations.ts';
import { readHex } from './hex.ts';
import { MAX_BENCH_BYTES, readingOf, tooManyCharacters } from './reading.ts';
import type { Reading } from './reading.ts';
import type { ByteCodec } from '@socklab/framing';
import type { Text } from '@socklab/lab';

/** How bytes are typed. */
export type TypedAs = 'hex' | 'text';

/** Reads what was typed. */
export function readTyped(typed: string, as: TypedAs): Reading {
  return as === 'hex' ? readHex(typed) : readText(typed);
}

/**
 * Encodes payloads, one a line. An empty line is an empty payload, unless it is the last one.
 *
 * @throws RangeError when there is no such framing.
 */
export function encodeLines(lines: string, as: TypedAs, framing: string): Reading {
  const refused = tooManyCharacters(lines);
  if (refused !== undefined) return refused;
  const codec = codecByName(framing);
  const bytes: number[] = [];
  const payloads = lines === '' ? [] : lines.replace(/\r?\n$/u, '').split(/\r?\n/u);
  for (const [index, line] of payloads.entries()) {
    const encoded = encodeLine(codec, line, as);
    if ('refusal' in encoded) return { refusal: inLine(index + 1, encoded.refusal) };
    for (const byte of encoded.bytes) bytes.push(byte);
    if (bytes.length > MAX_BENCH_BYTES) break;
  }
  return readingOf(bytes);
}

function encodeLine(codec: ByteCodec, line: string, as: TypedAs): Reading {
  const payload = readTyped(line, as);
  if ('refusal' in payload) return payload;
  try {
    return { bytes: codec.encode(payload.bytes) };
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    const { code, message } = error;
    return { refusal: { en: `${message} (${code})`, zh: `${explanationOf(code).zh}（${code}：${message}）` } };
  }
}

function inLine(line: number, { en, zh }: Text): Text {
  return { en: `payload ${line}: ${en}`, zh: `第 ${line} 个载荷：${zh}` };
}
