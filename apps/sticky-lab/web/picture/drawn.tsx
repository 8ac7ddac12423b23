import { clipped } from '@socklab/lab/picture';
import { t } from '../shell/language.ts';
import { DrawnBox } from './drawn-box.tsx';
import { lookOf, Patterns } from './patterns.tsx';
import { eventSentence, laneName } from './words.ts';
import type { Pointed } from './pointed.ts';
import type { FlowIndex, Box, Drawing, Ribbon } from '@socklab/lab/picture';
import type { JSX, RefObject } from 'preact';

/** What {@link Drawn} shows, and whom it tells. */
export interface DrawnProps {
  readonly index: FlowIndex;
  readonly drawing: Drawing;
  /** The accessible name. */
  readonly label: string;
  /** Keeps ids unique across pictures. */
  readonly prefix: string;
  /** The selected event. */
  readonly chosen: number | null;
  readonly element: RefObject<SVGSVGElement | null>;
  /** Something is pointed at with a mouse or a finger; `null` when it is left. */
  readonly onPoint: (pointed: Pointed | null) => void;
  readonly onChoose: (pointed: Pointed) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** A drawing as SVG: a list of events for screen readers, one of which is selected with the arrow keys. */
export function Drawn({ index, drawing, label, prefix, chosen, element, onPoint, onChoose, onKeyDown }: DrawnProps): JSX.Element {
  const { width, height, boxes } = drawing;
  const isDrawn = boxes.some(({ event, kind }) => event === chosen && kind !== 'meant');
  return (
    <svg
      ref={element}
      class="drawn"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="listbox"
      aria-label={label}
      tabindex={0}
      aria-activedescendant={isDrawn ? `${prefix}-event-${chosen}` : undefined}
      onKeyDown={onKeyDown}
      onMouseOver={({ target }) => onPoint(pointedAt(target))}
      onMouseLeave={() => onPoint(null)}
      onClick={({ target }) => {
        const pointed = pointedAt(target);
        if (pointed !== null) onChoose(pointed);
      }}
    >
      <Patterns prefix={prefix} />
      <Background drawing={drawing} />
      {boxes.map((box, at) => (
        <BoxGroup key={at} box={box} index={index} prefix={prefix} isChosen={box.event !== null && box.event === chosen} />
      ))}
    </svg>
  );
}

function Background({ drawing }: { readonly drawing: Drawing }): JSX.Element {
  return (
    <g aria-hidden="true">
      {drawing.guides.map((line, at) => (
        <line key={at} class="guide" {...line} />
      ))}
      {drawing.ribbons.map((ribbon, at) => (
        <path key={at} class={ribbon.message === null ? 'ribbon' : `ribbon look-${lookOf(ribbon.message)}`} d={bandOf(ribbon)} />
      ))}
      {drawing.heads.map(({ lane, x, y, anchor }) => (
        <text key={lane} class="head" x={x} y={y} text-anchor={anchor}>
          {laneName(lane)}
        </text>
      ))}
      {drawing.marks.map(({ x, y, anchor, text }, at) => (
        <text key={at} class="mark" x={x} y={y} text-anchor={anchor}>
          {text}
        </text>
      ))}
    </g>
  );
}

function bandOf({ left, right }: Ribbon): string {
  const middle = (left.x + right.x) / 2;
  const there = `M${left.x},${left.top} C${middle},${left.top} ${middle},${right.top} ${right.x},${right.top}`;
  return `${there} V${right.bottom} C${middle},${right.bottom} ${middle},${left.bottom} ${left.x},${left.bottom} Z`;
}

interface BoxGroupProps {
  readonly box: Box;
  readonly index: FlowIndex;
  readonly prefix: string;
  readonly isChosen: boolean;
}

function BoxGroup({ box, index, prefix, isChosen }: BoxGroupProps): JSX.Element {
  const facts = { 'data-kind': box.kind, 'data-start': box.start, 'data-end': box.end };
  const event = box.kind === 'meant' || box.event === null ? undefined : index.flow.events[box.event];
  if (event === undefined) {
    return (
      <g aria-hidden="true" {...facts}>
        <DrawnBox box={box} prefix={prefix} />
      </g>
    );
  }
  const { x, y, width, height } = box;
  const shown = event.type === 'fault' ? { ...box, caption: clipped(width, t(event.reason)) } : box;
  return (
    <g data-event={box.event} {...facts}>
      <g aria-hidden="true">
        <DrawnBox box={shown} prefix={prefix} />
      </g>
      <rect
        id={`${prefix}-event-${box.event}`}
        class="target"
        role="option"
        aria-selected={isChosen}
        aria-label={eventSentence(event, index)}
        x={x - 2}
        y={y - 2}
        width={width + 4}
        height={height + 4}
      />
    </g>
  );
}

function pointedAt(target: EventTarget | null): Pointed | null {
  if (!(target instanceof Element)) return null;
  const message = target.closest('[data-message]')?.getAttribute('data-message');
  if (message) return { message: Number(message) };
  const event = target.closest('[data-event]')?.getAttribute('data-event');
  return event ? { event: Number(event) } : null;
}
