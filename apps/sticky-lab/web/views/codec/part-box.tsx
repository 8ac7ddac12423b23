import { t } from '../../shell/language.ts';
import { bytes } from './bench/bench-state.ts';
import type { Span } from '../../../src/pages/codec/dissect.ts';
import type { ShownPart, PartKind } from '../../../src/pages/codec/parts/shown-part.ts';
import type { Text } from '../../shell/language.ts';
import type { JSX } from 'preact';

/** Of a long part, so many bytes at its start and at its end are shown. */
const HEAD_BYTES = 32;
const TAIL_BYTES = 8;

/** The name of a part without one in the protocol. */
export const KIND_NAMES: Readonly<Record<PartKind, Text>> = {
  length: { en: 'length', zh: '长度' },
  magic: { en: 'constant', zh: '固定字节' },
  field: { en: 'field', zh: '字段' },
  payload: { en: 'payload', zh: '载荷' },
  escape: { en: 'escape', zh: '转义' },
  delimiter: { en: 'delimiter', zh: '分隔符' },
  trailer: { en: 'trailer', zh: '帧尾' },
};

/** A run of bytes with its name above it. */
export function PartBox({ part, mark }: { readonly part: ShownPart; readonly mark?: Span | undefined }): JSX.Element {
  const { kind, name, value, start, end } = part;
  const label = name ?? t(KIND_NAMES[kind]);
  return (
    <span class={`codec-part codec-${kind}`}>
      <span class="codec-label">{value === undefined ? label : `${label} = ${value}`}</span>
      <Cells start={start} end={end} mark={mark} />
    </span>
  );
}

/** Bytes that are in no part. */
export function LooseBytes({ label, start, end, mark }: Span & { readonly label: string; readonly mark?: Span | undefined }): JSX.Element {
  return (
    <span class="codec-part codec-loose">
      <span class="codec-label">{label}</span>
      <Cells start={start} end={end} mark={mark} />
    </span>
  );
}

function Cells({ start, end, mark }: Span & { readonly mark?: Span | undefined }): JSX.Element {
  const hidden = end - start - HEAD_BYTES - TAIL_BYTES;
  if (hidden <= 1) return <span class="codec-cells">{range(start, end).map((at) => cell(at, mark))}</span>;
  return (
    <span class="codec-cells">
      {range(start, start + HEAD_BYTES).map((at) => cell(at, mark))}
      <span class="codec-hidden">{t({ en: `… ${hidden} bytes …`, zh: `…… ${hidden} 字节 ……` })}</span>
      {range(end - TAIL_BYTES, end).map((at) => cell(at, mark))}
    </span>
  );
}

function cell(at: number, mark: Span | undefined): JSX.Element {
  const byte = bytes.value[at] ?? 0;
  const isMarked = mark !== undefined && at >= mark.start && at < mark.end;
  const hex = byte.toString(16).padStart(2, '0');
  return (
    <span
      key={at}
      class={isMarked ? 'codec-byte codec-marked' : 'codec-byte'}
      title={t({ en: `byte ${at}: ${byte}`, zh: `第 ${at} 字节：${byte}` })}
    >
      {hex}{' '}
      <span class="codec-character" aria-hidden="true">
        {byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·'}
      </span>
    </span>
  );
}

function range(start: number, end: number): readonly number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}
