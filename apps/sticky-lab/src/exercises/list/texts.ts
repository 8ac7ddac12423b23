import { lengthPrefixed, u32be } from '@socklab/framing';
import type { Turn } from '../checks/answers.ts';
import type { Bytes } from '@socklab/framing';
import type { Text } from '@socklab/lab';

const encoder = new TextEncoder();
const CODEC = lengthPrefixed({ length: u32be });

/** The bytes of a text. */
export function bytes(text: string): Bytes {
  return encoder.encode(text);
}

/** Texts as frames: a 4-byte big-endian length, and the text. */
export function frames(...texts: readonly string[]): Bytes {
  return Uint8Array.from(texts.flatMap((text) => [...CODEC.encode(bytes(text))]));
}

/** A turn of texts. */
export function turn(say: string, answer: string): Turn {
  return { say: bytes(say), answer: bytes(answer) };
}

/** The name of the first check of most exercises. */
export const ANSWERS: Text = { en: 'answers as asked', zh: '按要求作出响应' };

/** The name of the check that all messages of one read are answered. */
export const GLUED: Text = { en: 'answers each of several messages that come in one read', zh: '一次读到多条消息时，每条都响应' };
