import { bytesOf, hexLines, textOf, slicesOf } from '@socklab/lab/picture';
import { t } from '../shell/language.ts';
import { lookOf } from './patterns.tsx';
import { factsOf, firstRead } from './pointed.ts';
import { sliceName, rangeName } from './words.ts';
import type { Pointed } from './pointed.ts';
import type { ReadonlySignal } from '@preact/signals';
import type { MessageSlice } from '@socklab/lab/picture';
import type { FlowIndex } from '@socklab/lab/picture';
import type { JSX } from 'preact';

/** More bytes of one part, and more parts, are not shown. */
const MAX_BYTES = 256;
const MAX_SLICES = 12;

/** What {@link Detail} shows. */
export interface DetailProps {
  readonly index: FlowIndex;
  readonly pointed: ReadonlySignal<Pointed | null>;
  /** Bytes in a line of hex. */
  readonly perLine: number;
}

/** The bytes of the selected event: in hex, and as text, message by message. */
export function Detail({ index, pointed, perLine }: DetailProps): JSX.Element {
  const facts = factsOf(pointed.value ?? firstRead(index), index);
  return (
    <div class="picture-detail" role="group" tabIndex={0} aria-label={t({ en: 'Bytes of what is chosen', zh: '所选内容的字节' })}>
      {pointed.value === null && (
        <p class="quiet">
          {t({
            en: 'Point at a box, or move with the arrow keys, to see its bytes.',
            zh: '指向或点按方框，或用方向键移动，即可查看其字节。',
          })}
        </p>
      )}
      {facts !== undefined && (
        <>
          <p>
            <strong>{facts.title}</strong>
            {facts.range !== undefined && <span> · {rangeName(facts.range)}</span>}
          </p>
          {facts.remark !== undefined && <p class="remark">{facts.remark}</p>}
          {facts.range !== undefined &&
            slicesOf(index.messages, facts.range, MAX_SLICES).map((slice, at) => (
              <SliceBytes key={at} slice={slice} index={index} perLine={perLine} />
            ))}
        </>
      )}
    </div>
  );
}

interface SliceBytesProps {
  readonly slice: MessageSlice;
  readonly index: FlowIndex;
  readonly perLine: number;
}

function SliceBytes({ slice, index, perLine }: SliceBytesProps): JSX.Element {
  const bytes = bytesOf(index.flow, slice, MAX_BYTES);
  const missing = slice.end - slice.start - bytes.length;
  return (
    <div class={slice.message === null ? 'part-bytes' : `part-bytes look-${lookOf(slice.message)}`}>
      <span class="part-name">
        {sliceName(slice)} · {rangeName(slice)}
      </span>
      {bytes.length > 0 && (
        <>
          <pre>
            {hexLines(bytes, slice.start, perLine)
              .map(({ offset, hex }) => `${String(offset).padStart(6)}  ${hex}`)
              .join('\n')}
          </pre>
          <code class="text">{textOf(bytes)}</code>
        </>
      )}
      {missing > 0 && <span class="quiet">{t({ en: `${missing} more bytes are not shown`, zh: `另有 ${missing} 字节未显示` })}</span>}
    </div>
  );
}
