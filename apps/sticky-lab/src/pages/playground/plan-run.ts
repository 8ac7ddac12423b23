import { framingNames, framingOf } from '@socklab/framing';
import { parseText, ProbeError } from '@socklab/probe';
import { PLAYGROUND_FRAMINGS } from '../../framing-lists.ts';
import { Refusal } from '../../http/refusal.ts';
import { delaysOf, fewestReads, planWrites, UnframableMessage } from './plan.ts';
import {
  MAX_DELAYS_MS,
  MAX_MESSAGE_BYTES,
  MAX_MESSAGES,
  MAX_PIECES,
  MAX_QUEUED_BYTES,
  MAX_READS,
  MAX_TOTAL_BYTES,
  RANGES,
} from './settings.ts';
import type { Plan } from './plan.ts';
import type { NumberName, PlaygroundSettings, SettingName } from './settings.ts';
import type { Bytes, FrameError, FramingEntry } from '@socklab/framing';

/** The two connections of a run: the same messages without framing, and with it. */
export interface RunPlan {
  readonly raw: Plan;
  readonly framed: Plan;
}

/**
 * Checks and plans the settings of a run. Opens nothing.
 *
 * @throws Refusal 422 naming the first invalid setting, what was given and what is allowed.
 */
export function planRun(settings: PlaygroundSettings): RunPlan {
  for (const name of Object.keys(RANGES)) checkNumber(name as NumberName, settings);
  const framing = readFraming(settings.framing);
  const sent = readMessages(settings);
  const plans = { raw: planSide(sent, framingOf('raw'), settings), framed: planSide(sent, framing, settings) };
  checkWrites(plans, settings);
  checkReads(plans, settings);
  checkDelays(plans, settings);
  return plans;
}

function checkNumber(name: NumberName, settings: PlaygroundSettings): void {
  const seen = settings[name];
  const { min, max } = RANGES[name];
  if (Number.isInteger(seen) && seen >= min && seen <= max) return;
  throw refuse(name, `allowed: whole numbers from ${min} to ${max}, received ${seen}`, `应为 ${min} 到 ${max} 的整数，收到 ${seen}`);
}

/** One of those with a name that carry any message; or a short form, or a layout as JSON, whose payloads may be whole frames. */
function readFraming(text: string): FramingEntry {
  if (PLAYGROUND_FRAMINGS.includes(text)) return framingOf(text);
  if (framingNames.includes(text) || !/[:{]/.test(text)) throw unknownFraming(text);
  try {
    const entry = framingOf(text);
    if (entry.keepsBoundaries) return entry;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const { message } = error;
    throw refuse('framing', message, `布局或简写无效：${message}`);
  }
  throw unknownFraming(text);
}

function unknownFraming(seen: string): Refusal {
  const shown = JSON.stringify(seen.slice(0, 60));
  const allowed = PLAYGROUND_FRAMINGS.join(', ');
  return refuse('framing', `allowed: ${allowed}; a layout; received ${shown}`, `可选：${allowed}；或布局；收到 ${shown}`);
}

function readMessages({ messages, repeat }: PlaygroundSettings): readonly Bytes[] {
  const count = messages.length * repeat;
  if (count === 0) throw refuse('messages', 'at least one message is needed, received none', '至少要有一条消息');
  if (count > MAX_MESSAGES) {
    const field = repeat > 1 ? 'repeat' : 'messages';
    const product = `${messages.length} × ${repeat}`;
    throw refuse(field, `${product} messages are more than ${MAX_MESSAGES}`, `${product} 条消息超过了上限 ${MAX_MESSAGES}`);
  }
  const once = messages.map(readMessage);
  const totalBytes = once.reduce((sum, { length }) => sum + length, 0) * repeat;
  if (totalBytes > MAX_TOTAL_BYTES) {
    const field = repeat > 1 ? 'repeat' : 'messages';
    throw refuse(
      field,
      `${totalBytes} bytes in all are more than ${MAX_TOTAL_BYTES}`,
      `总共 ${totalBytes} 字节，超过了上限 ${MAX_TOTAL_BYTES}`,
    );
  }
  if (totalBytes === 0)
    throw refuse('messages', 'at least one byte is needed, all messages are empty', '所有消息都是空的，至少要有一个字节');
  return Array.from({ length: repeat }, () => once).flat();
}

function readMessage(text: string, index: number): Bytes {
  const bytes = text === '' ? new Uint8Array(0) : unescape(text, index);
  if (bytes.length <= MAX_MESSAGE_BYTES) return bytes;
  throw refuse(
    'messages',
    `message ${index + 1} has ${bytes.length} bytes, at most ${MAX_MESSAGE_BYTES} are allowed`,
    `第 ${index + 1} 条消息有 ${bytes.length} 字节，最多 ${MAX_MESSAGE_BYTES} 字节`,
  );
}

function unescape(text: string, index: number): Bytes {
  try {
    return Uint8Array.from(parseText(text));
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    const escapes = String.raw`\n \r \t \0 \\ \xHH \u{H}`;
    throw refuse(
      'messages',
      `message ${index + 1} has another escape than ${escapes}`,
      `第 ${index + 1} 条消息里有不认识的转义，可用的是 ${escapes}`,
    );
  }
}

function planSide(sent: readonly Bytes[], { name: framing, create }: FramingEntry, settings: PlaygroundSettings): Plan {
  try {
    return planWrites(sent, create(), settings);
  } catch (error) {
    if (!(error instanceof UnframableMessage)) throw error;
    // A repeated list fails in its first round.
    const number = error.index + 1;
    const { reason } = error;
    throw refuse(
      'messages',
      `${framing} cannot carry message ${number}: ${reason.message}`,
      `${framing} 不能承载第 ${number} 条消息：${inChinese(framing, reason)}`,
    );
  }
}

const EXCLUDED: Readonly<Record<string, string>> = {
  line: '一行里不能有 LF，也不能以 CR 结尾',
  slip: '消息不能为空',
  'octet-counted': '消息不能为空',
};

function inChinese(framing: string, { code, declared, limit, message }: FrameError): string {
  if (code === 'FRAME_ERR_TOO_LARGE') return `它有 ${declared} 字节，最多 ${limit} 字节`;
  return EXCLUDED[framing] ?? message;
}

function checkWrites({ raw, framed }: RunPlan, { write }: PlaygroundSettings): void {
  const pieces = Math.max(raw.writes.length, framed.writes.length);
  if (write !== 'pieces' || pieces <= MAX_PIECES) return;
  throw refuse('pieceBytes', `makes ${pieces} pieces, at most ${MAX_PIECES} are allowed`, `会切成 ${pieces} 段，最多 ${MAX_PIECES} 段`);
}

function checkReads({ raw, framed }: RunPlan, settings: PlaygroundSettings): void {
  const reads = Math.max(fewestReads(raw, settings), fewestReads(framed, settings));
  if (reads > MAX_READS) {
    throw refuse('readBytes', `needs ${reads} reads, at most ${MAX_READS} are allowed`, `需要读 ${reads} 次，最多 ${MAX_READS} 次`);
  }
  if (settings.firstRead !== 'queued') return;
  if (settings.write === 'pieces') {
    throw refuse(
      'firstRead',
      'each piece waits until the one before was read, so that all of them never wait in the kernel: read at once, or after a time',
      '每一段都要等前一段被读走才发送，不可能全部在内核里排队：请选择立即读取，或延迟一段时间',
    );
  }
  const queuedBytes = Math.max(raw.wire.length, framed.wire.length);
  if (queuedBytes <= MAX_QUEUED_BYTES) return;
  throw refuse(
    'firstRead',
    `${queuedBytes} bytes may not fit in the kernel's queue, at most ${MAX_QUEUED_BYTES} are waited for: read at once, or after a time`,
    `${queuedBytes} 字节可能放不进内核队列，最多等待 ${MAX_QUEUED_BYTES} 字节：请选择立即读取，或延迟一段时间`,
  );
}

function checkDelays({ raw, framed }: RunPlan, settings: PlaygroundSettings): void {
  const sides = [delaysOf(raw, settings), delaysOf(framed, settings)];
  const totalMs = sides.reduce((sum, { writingMs, readingMs }) => sum + Math.max(writingMs, readingMs), 0);
  if (totalMs <= MAX_DELAYS_MS) return;
  const isWriting = sides.some(({ writingMs, readingMs }) => writingMs > readingMs);
  const seconds = Math.ceil(totalMs / 1000);
  const limit = MAX_DELAYS_MS / 1000;
  throw refuse(
    isWriting ? 'gapMs' : 'readGapMs',
    `the delays alone take ${seconds} s for both connections, at most ${limit} s are allowed`,
    `仅等待两个连接就要 ${seconds} 秒，最多 ${limit} 秒`,
  );
}

function refuse(field: SettingName, en: string, zh: string): Refusal {
  return new Refusal(422, { en, zh }, field);
}
