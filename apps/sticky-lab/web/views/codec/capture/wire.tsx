import { signal } from '@preact/signals';
import { readCapture } from '@socklab/service/capture';
import { useMemo } from 'preact/hooks';
import { showHex } from '../../../../src/pages/codec/hex.ts';
import { wireFlow, wireSide } from '../../../../src/pages/codec/wire-flow.ts';
import { Field } from '../../../controls/field.tsx';
import { Picture } from '../../../picture/picture.tsx';
import { t } from '../../../shell/language.ts';
import { change } from '../bench/bench-address.ts';
import { bytes } from '../bench/bench-state.ts';
import type { Dissection } from '../../../../src/pages/codec/dissect.ts';
import type { Text } from '../../../shell/language.ts';
import type { CapturedStream, ReadCapture, StreamSide } from '@socklab/service/capture';
import type { JSX } from 'preact';

/** The capture that was opened last. */
const capture = signal<(ReadCapture & { readonly name: string }) | undefined>(undefined);

/** Which of its connections is looked at, and which side of it. */
const chosen = signal<{ readonly stream: number; readonly side: StreamSide }>({ stream: 0, side: 'client' });

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/**
 * Reads a capture, and puts the first bytes of its first connection on the bench.
 *
 * @throws RangeError for a file that is none.
 */
export function take(name: string, content: Uint8Array): void {
  const read = readCapture(content);
  capture.value = { name, ...read };
  const first = read.streams.find(({ client, server }) => client.byteLength + server.byteLength > 0);
  if (first !== undefined) look(first.index, first.client.byteLength > 0 ? 'client' : 'server');
}

/** Puts the bytes of one side on the bench. */
function look(stream: number, from: StreamSide): void {
  chosen.value = { stream, side: from };
  const found = capture.peek()?.streams[stream];
  if (found !== undefined) change({ as: 'hex', typed: showHex(wireSide(found, from).bytes) });
}

const ARROWS: Readonly<Record<StreamSide, Text>> = {
  client: { en: 'client → server', zh: '客户端 → 服务器' },
  server: { en: 'server → client', zh: '服务器 → 客户端' },
};

/** The connections of the capture, of which one is looked at. */
export function Streams(): JSX.Element | null {
  const file = capture.value;
  if (file === undefined) return null;
  const { name, streams, packets, isTorn } = file;
  const { stream: at, side: from } = chosen.value;
  const found = t({
    en: `${name}: ${packets} packets, ${streams.length} TCP connections.`,
    zh: `${name}：${packets} 个数据包，${streams.length} 条 TCP 连接。`,
  });
  return (
    <div class="controls">
      <p role="status">
        {found}
        {isTorn && t({ en: ' It ends inside a packet.', zh: '文件在一个数据包中间结束。' })}
      </p>
      {streams.length > 0 && (
        <>
          <Field label={t({ en: 'Connection', zh: '连接' })}>
            {(ties) => (
              <select {...ties} value={String(at)} onChange={({ currentTarget }) => look(Number(currentTarget.value), from)}>
                {streams.map((stream) => (
                  <option key={stream.index} value={String(stream.index)}>
                    {streamName(stream)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <div class="choice" role="group" aria-label={t({ en: 'Direction', zh: '方向' })}>
            {(Object.keys(ARROWS) as StreamSide[]).map((each) => (
              <button key={each} type="button" aria-pressed={each === from} onClick={() => look(at, each)}>
                {t(ARROWS[each])}
              </button>
            ))}
          </div>
        </>
      )}
    </div>
  );
}

function streamName({ index, client, server }: CapturedStream): string {
  return `${index}. ${client.host}:${client.port} → ${server.host}:${server.port} · ${client.byteLength} B → ${server.byteLength} B`;
}

/** The messages that the framing finds against the segments that brought them; nothing of bytes that were typed. */
export function Wire({ dissection }: { readonly dissection: Dissection }): JSX.Element | null {
  const { stream: at, side } = chosen.value;
  const stream = capture.value?.streams[at];
  const found = useMemo(() => stream && wireSide(stream, side), [stream, side]);
  const flow = useMemo(() => found && wireFlow(found, dissection), [found, dissection]);
  // Other bytes may be on the bench by now.
  if (found === undefined || flow === undefined || !isSame(found.bytes, bytes.value)) return null;
  return (
    <section class="capture-picture">
      <h2>{t({ en: 'Messages against segments', zh: '消息与报文段' })}</h2>
      {found.stop !== undefined && <p class="bad">{t(STOPS[found.stop])}</p>}
      <Picture flow={flow} />
    </section>
  );
}

const STOPS: Readonly<Record<'gap' | 'limit', Text>> = {
  gap: {
    en: 'The capture lacks the bytes that follow; what is here ends before them.',
    zh: '抓包文件缺少后面的字节；这里只到缺口之前。',
  },
  limit: { en: 'The bench takes the first 65,536 bytes.', zh: '拆帧工具只取前 65,536 字节。' },
};
