import { sendsOf } from '../plans/base/steps.ts';
import { insideLineEnds } from '../plans/kinds/cuts/crlf.ts';
import { codePointAround } from '../plans/kinds/cuts/utf8.ts';
import type { Burst, Bytes, Cut, Exchange, FrameSpan, SendStep } from '../types.ts';

const LF = 0x0a;

/** Where in a burst a cut is: `after byte 2 of the 4-byte length of frame 0`. */
export function describePlace(exchange: Exchange, { sends }: Burst, cut: Cut): string {
  const all = sendsOf(exchange);
  let offset = 0;
  for (const [place, send] of sends.entries()) {
    const step = all[send]!;
    const at = cut - offset;
    if (at === 0) return `between request ${place - 1} and request ${place} of those that are glued`;
    if (at < step.send.length) return inSend(step, at) + whichSend(sends, place, all.length);
    offset += step.send.length;
  }
  return `at byte ${cut}`;
}

function whichSend(sends: readonly number[], place: number, count: number): string {
  if (sends.length > 1) return `, in glued request ${place}`;
  return count > 1 ? `, in send ${sends[0]}` : '';
}

function inSend({ send, frames }: SendStep, at: Cut): string {
  const index = frames?.findIndex((frame) => at < frame.end) ?? -1;
  const place = index < 0 ? inBytes(send, at) : inFrame(frames![index]!, at, index);
  return `${place}${inText(send, at)}`;
}

function inFrame({ start, payloadStart, payloadEnd, end, length }: FrameSpan, at: Cut, index: number): string {
  const name = `frame ${index}`;
  if (at === start) return `between frame ${index - 1} and ${name}`;
  if (length !== undefined && at > length.start && at < length.end) return after(at, length.start, length.end, `length of ${name}`);
  if (at < payloadStart) return after(at, start, payloadStart, `header of ${name}`);
  if (at === payloadStart) return `between the header and the payload of ${name}`;
  if (at < payloadEnd) return after(at, payloadStart, payloadEnd, `payload of ${name}`);
  if (at === payloadEnd) return `between the payload and the ${end - payloadEnd}-byte end of ${name}`;
  return after(at, payloadEnd, end, `end of ${name}`);
}

function after(at: Cut, start: number, end: number, what: string): string {
  return `after byte ${at - start} of the ${end - start}-byte ${what}`;
}

function inBytes(bytes: Bytes, at: Cut): string {
  const line = lineNumber(bytes, at);
  return `after byte ${at} of the ${bytes.length}-byte request${line === undefined ? '' : `, in line ${line}`}`;
}

/** The number of the line with the byte before `at`, from 1; `undefined` when there is only one line. */
function lineNumber(bytes: Bytes, at: Cut): number | undefined {
  let line = 1;
  for (let end = bytes.indexOf(LF); end >= 0 && end < at - 1; end = bytes.indexOf(LF, end + 1)) line++;
  const first = bytes.indexOf(LF);
  return first >= 0 && first < bytes.length - 1 ? line : undefined;
}

function inText(bytes: Bytes, at: Cut): string {
  const character = codePointAround(bytes, at);
  if (character !== undefined) return `, inside the ${character.length}-byte character ${nameOf(character)}`;
  const around = bytes.subarray(Math.max(0, at - 2), at + 2);
  const inside = insideLineEnds(around).includes(at - Math.max(0, at - 2));
  if (!inside) return '';
  return bytes[at] === LF ? ', between CR and LF' : ', between CR LF and CR LF';
}

/** The number of a character, and the character itself if it is safe for a terminal. */
function nameOf(character: Bytes): string {
  const text = new TextDecoder().decode(character);
  const number = `U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(text) ? `${text} (${number})` : number;
}
