import { partsOf, partsOfFault } from '../../../src/pages/codec/dissect.ts';
import { t } from '../../shell/language.ts';
import { bytes } from './bench/bench-state.ts';
import { LooseBytes, PartBox } from './part-box.tsx';
import type { Dissection, Fault, FoundFrame, Rest, Span } from '../../../src/pages/codec/dissect.ts';
import type { ShownPart } from '../../../src/pages/codec/parts/shown-part.ts';
import type { JSX } from 'preact';

/** Most parts of one frame that are drawn: with every byte escaped there are as many as bytes. */
const MAX_PARTS = 64;

/** What {@link FrameStrip} draws. */
export interface FrameStripProps {
  readonly dissection: Dissection;
  /** The frames of this page, and the number of the first. */
  readonly frames: readonly FoundFrame[];
  readonly first: number;
  /** Whether the rest after the last frame is drawn too. */
  readonly isLastPage: boolean;
}

/** The bytes in their order: each frame a box, each part of it a box with its name. */
export function FrameStrip({ dissection, frames, first, isLastPage }: FrameStripProps): JSX.Element {
  const { framing, fault, rest } = dissection;
  return (
    <ol class="codec-strip" aria-label={t({ en: 'Bytes, frame by frame', zh: '逐帧显示的字节' })}>
      {frames.map((frame, index) => (
        <li key={frame.start} class="codec-frame">
          <span class="codec-title">
            {t({ en: `frame ${first + index}`, zh: `第 ${first + index} 帧` })} <Place span={frame} />
          </span>
          <Parts parts={partsOf(bytes.value, framing, frame, true)} span={frame} />
        </li>
      ))}
      {isLastPage && fault !== undefined && <FaultBox framing={framing} fault={fault} />}
      {isLastPage && rest !== undefined && <RestBox framing={framing} rest={rest} />}
    </ol>
  );
}

function FaultBox({ framing, fault }: { readonly framing: string; readonly fault: Fault }): JSX.Element {
  const unread = { start: fault.end, end: bytes.value.length };
  return (
    <>
      <li class="codec-frame codec-broken">
        <span class="codec-title">
          ✗ {t({ en: 'no frame', zh: '不分帧' })} <Place span={fault} />
        </span>
        <Parts parts={partsOfFault(bytes.value, framing, fault)} span={fault} mark={fault.mark} />
      </li>
      {unread.end > unread.start && (
        <li class="codec-frame codec-open">
          <span class="codec-title">
            {t({ en: 'not read', zh: '未读取' })} <Place span={unread} />
          </span>
          <LooseBytes {...unread} label={t({ en: 'after the error', zh: '错误之后' })} />
        </li>
      )}
    </>
  );
}

function RestBox({ framing, rest }: { readonly framing: string; readonly rest: Rest }): JSX.Element {
  const title = rest.isPartOfFrame ? t({ en: 'incomplete frame', zh: '不完整的帧' }) : t({ en: 'between frames', zh: '帧与帧之间' });
  return (
    <li class="codec-frame codec-open">
      <span class="codec-title">
        {title} <Place span={rest} />
      </span>
      <Parts parts={partsOf(bytes.value, framing, rest, false)} span={rest} />
    </li>
  );
}

function Parts({ parts, span, mark }: { readonly parts: readonly ShownPart[]; readonly span: Span; readonly mark?: Span }): JSX.Element {
  const shown = parts.slice(0, MAX_PARTS);
  const looseFrom = parts.at(-1)?.end ?? span.start;
  return (
    <span class="codec-parts">
      {shown.map((part) => (
        <PartBox key={part.start} part={part} mark={mark} />
      ))}
      {parts.length > MAX_PARTS && (
        <span class="codec-hidden">
          {t({ en: `… ${parts.length - MAX_PARTS} more parts`, zh: `…… 还有 ${parts.length - MAX_PARTS} 个部分` })}
        </span>
      )}
      {looseFrom < span.end && <LooseBytes label="?" start={looseFrom} end={span.end} mark={mark} />}
    </span>
  );
}

function Place({ span: { start, end } }: { readonly span: Span }): JSX.Element {
  const place = end - start === 1 ? `${start}` : `${start}–${end - 1}`;
  return <span class="quiet">{t({ en: `bytes ${place}`, zh: `字节 ${place}` })}</span>;
}
