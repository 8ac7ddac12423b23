import { useState } from 'preact/hooks';
import { explanationOf } from '../../../src/pages/codec/explanations.ts';
import { t } from '../../shell/language.ts';
import { bytes } from './bench/bench-state.ts';
import { FrameStrip } from './frame-strip.tsx';
import { FrameTable } from './frame-table.tsx';
import type { Dissection, Fault } from '../../../src/pages/codec/dissect.ts';
import type { JSX } from 'preact';

/** So many frames are drawn at a time. */
const PAGE_FRAMES = 40;

/** What the codec made of the bytes. */
export function Result({ dissection }: { readonly dissection: Dissection }): JSX.Element {
  const [wanted, setFirst] = useState(0);
  const { framing, frames, fault } = dissection;
  const lastPage = Math.floor(Math.max(frames.length - 1, 0) / PAGE_FRAMES) * PAGE_FRAMES;
  const first = Math.min(wanted, lastPage);
  const shown = frames.slice(first, first + PAGE_FRAMES);
  return (
    <>
      <p role="status" class={fault === undefined ? 'codec-summary' : 'codec-summary bad'}>
        {summaryOf(dissection)}
      </p>
      {fault !== undefined && <FaultText fault={fault} />}
      {frames.length > PAGE_FRAMES && <Pages first={first} lastPage={lastPage} total={frames.length} onMove={setFirst} />}
      <FrameStrip dissection={dissection} frames={shown} first={first} isLastPage={first === lastPage} />
      {shown.length > 0 && <FrameTable framing={framing} frames={shown} first={first} />}
    </>
  );
}

function summaryOf({ frames, fault, rest }: Dissection): string {
  const total = bytes.value.length;
  if (total === 0) return t({ en: 'No bytes yet.', zh: '还没有字节。' });
  const count = frames.length;
  const found = t({ en: `${count} ${count === 1 ? 'frame' : 'frames'}`, zh: `${count} 帧` });
  if (fault !== undefined)
    return t({ en: `${found}, then ${fault.code} at byte ${fault.at}.`, zh: `${found}，然后在第 ${fault.at} 字节出错：${fault.code}。` });
  if (rest === undefined) return t({ en: `${found}, all ${total} bytes.`, zh: `${found}，${total} 字节全部用完。` });
  const left = rest.end - rest.start;
  if (!rest.isPartOfFrame) return t({ en: `${found}; ${left} bytes between frames.`, zh: `${found}；另有 ${left} 字节在帧与帧之间。` });
  const needed = rest.neededBytes;
  if (needed === undefined) {
    return t({
      en: `${found}; ${left} bytes of the next, whose end has not come.`,
      zh: `${found}；下一帧已到 ${left} 字节，结尾还没有到。`,
    });
  }
  return t({
    en: `${found}; ${left} bytes of the next, which needs at least ${needed} more.`,
    zh: `${found}；下一帧已到 ${left} 字节，至少还需要 ${needed} 字节。`,
  });
}

function FaultText({ fault: { code, message, declared, limit } }: { readonly fault: Fault }): JSX.Element {
  return (
    <div class="codec-fault">
      <p>{t(explanationOf(code))}</p>
      {declared !== undefined && limit !== undefined && (
        <p>{t({ en: `Declared: ${declared}. Allowed: at most ${limit} bytes.`, zh: `声明：${declared}。允许：最多 ${limit} 字节。` })}</p>
      )}
      <p>
        <code lang="en">{message}</code>
      </p>
    </div>
  );
}

function Pages(props: {
  readonly first: number;
  readonly lastPage: number;
  readonly total: number;
  readonly onMove: (first: number) => void;
}): JSX.Element {
  const { first, lastPage, total, onMove } = props;
  const last = Math.min(first + PAGE_FRAMES, total) - 1;
  return (
    <div class="controls">
      <button type="button" disabled={first === 0} onClick={() => onMove(first - PAGE_FRAMES)}>
        {t({ en: 'Earlier frames', zh: '前面的帧' })}
      </button>
      <span>{t({ en: `Frames ${first} to ${last} of ${total}`, zh: `第 ${first} 到 ${last} 帧，共 ${total} 帧` })}</span>
      <button type="button" disabled={first === lastPage} onClick={() => onMove(first + PAGE_FRAMES)}>
        {t({ en: 'Later frames', zh: '后面的帧' })}
      </button>
    </div>
  );
}
