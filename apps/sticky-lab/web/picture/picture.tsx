import { useComputed, useSignal } from '@preact/signals';
import { drawByteLanes, indexFlow, drawLadder } from '@socklab/lab/picture';
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { t } from '../shell/language.ts';
import { Detail } from './detail.tsx';
import { Drawn } from './drawn.tsx';
import { FactsTable } from './facts-table.tsx';
import { Histogram } from './histogram.tsx';
import { LevelChart } from './level.tsx';
import { useTellPointed } from './pointed-at.ts';
import { stepOf } from './tools/keys.ts';
import { clampedFirst, Pager, WINDOW, windowOf } from './tools/pager.tsx';
import { shape } from './tools/shape.ts';
import { Steps } from './tools/steps.tsx';
import { Toolbar } from './tools/toolbar.tsx';
import { useWidth } from './tools/use-width.ts';
import { segmentsHelp, segmentsName, summaryOf } from './words.ts';
import type { Pointed } from './pointed.ts';
import type { ReadonlySignal } from '@preact/signals';
import type { FlowIndex } from '@socklab/lab/picture';
import type { RecordedFlow } from '@socklab/lab/picture';
import type { JSX } from 'preact';

/** Sixteen bytes in hex need so much room, in pixels. */
const HEX_WIDTH = 540;

/** What {@link Picture} shows. */
export interface PictureProps {
  readonly flow: RecordedFlow;
  /** Whether more events follow, and the view scrolls to the latest unless the reader looks at earlier ones. */
  readonly isLive?: boolean;
  /** Whether to show only the drawing. @defaultValue false */
  readonly isPlain?: boolean;
}

/** A flow: its lanes, the bytes of what is pointed at, the sizes of its reads, and the same as a table. */
export function Picture({ flow, isLive = false, isPlain = false }: PictureProps): JSX.Element {
  const index = useMemo(() => indexFlow(flow), [flow]);
  const { events, omittedEvents } = flow;
  return (
    <figure class="picture" data-flow={flow.id}>
      <figcaption>
        {!isPlain && <strong>{t(flow.label)}</strong>}
        {!isPlain && <span class="transport">{flow.transport.toUpperCase()}</span>}
        <span class="quiet">{summaryOf(index)}</span>
        {!isPlain && <SegmentsBadge index={index} />}
      </figcaption>
      {events.length === 0 ? (
        <p class="quiet">{t({ en: 'Nothing was written or read yet.', zh: '还没有写入或读取。' })}</p>
      ) : (
        <Events index={index} isLive={isLive} isPlain={isPlain} />
      )}
      {omittedEvents > 0 && (
        <p class="quiet">{t({ en: `${omittedEvents} more events were not kept.`, zh: `另有 ${omittedEvents} 个事件未保留。` })}</p>
      )}
    </figure>
  );
}

/** The kernel's count: a badge, not a box, because it has no time; opened, it says what would have. */
function SegmentsBadge({ index }: { readonly index: FlowIndex }): JSX.Element | null {
  const [first] = index.flow.segments;
  if (first === undefined) return null;
  return (
    <details class="segments">
      <summary>{segmentsName(first)}</summary>
      <p>{segmentsHelp(first.whyNoTimes)}</p>
    </details>
  );
}

interface EventsProps extends Required<Pick<PictureProps, 'isLive' | 'isPlain'>> {
  readonly index: FlowIndex;
}

function Events({ index, isLive, isPlain }: EventsProps): JSX.Element {
  const { flow } = index;
  const total = flow.events.length;
  // The reader's position; null for automatic.
  const [wanted, setWanted] = useState<number | null>(null);
  const first = clampedFirst(wanted ?? (isLive ? total - 1 : 0), total);
  const chosen = useSignal<Pointed | null>(null);
  const hovered = useSignal<Pointed | null>(null);
  const shown = useComputed(() => hovered.value ?? chosen.value);
  useTellPointed(index, shown);
  const svg = useRef<SVGSVGElement>(null);
  const prefix = useId();
  const [frame, width] = useWidth();
  const drawing = useMemo(
    () => (shape.value === 'ladder' ? drawLadder : drawByteLanes)(index, { width, first, count: WINDOW }),
    [index, shape.value, width, first],
  );
  const at = chosen.value !== null && 'event' in chosen.value ? chosen.value.event : null;
  const choose = (event: number): void => {
    chosen.value = { event };
    setWanted(windowOf(event));
  };
  useEffect(() => {
    if (at !== null) svg.current?.querySelector(`[data-event="${at}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [at, first]);
  return (
    <>
      {!isPlain && (
        <Toolbar svg={svg} flow={flow}>
          <Steps at={at} total={total} onStep={choose} />
          <Pager first={first} total={total} onMove={setWanted} />
        </Toolbar>
      )}
      {!isPlain && <LevelChart flow={flow} width={width} />}
      <div class="picture-frame" ref={frame}>
        <Drawn
          index={index}
          drawing={drawing}
          label={`${t(flow.label)}: ${summaryOf(index)}`}
          prefix={prefix}
          chosen={at}
          element={svg}
          onPoint={(what) => {
            hovered.value = what;
          }}
          onChoose={(what) => {
            chosen.value = what;
          }}
          onKeyDown={(event) => {
            const next = stepOf(event, at, { first, total });
            if (next === undefined) return;
            event.preventDefault();
            hovered.value = null;
            choose(next);
          }}
        />
      </div>
      {!isPlain && <Beneath index={index} shown={shown} first={first} width={width} />}
    </>
  );
}

interface BeneathProps {
  readonly index: FlowIndex;
  readonly shown: ReadonlySignal<Pointed | null>;
  readonly first: number;
  readonly width: number;
}

function Beneath({ index, shown, first, width }: BeneathProps): JSX.Element {
  const { flow, sizes, way } = index;
  return (
    <>
      <Detail index={index} pointed={shown} perLine={width < HEX_WIDTH ? 8 : 16} />
      <div class="picture-foot">
        <Histogram sizes={sizes} total={flow.totals[way.sized]} of={way.sized} />
        <FactsTable index={index} first={first} count={WINDOW} />
      </div>
    </>
  );
}
