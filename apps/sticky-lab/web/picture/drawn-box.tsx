import { lookOf, STRIP_HEIGHT } from './patterns.tsx';
import type { Box, PlacedSlice } from '@socklab/lab/picture';
import type { JSX } from 'preact';

/** Width of the border of a part, which must stay visible. */
const EDGE = 1.25;

/** What {@link DrawnBox} shows. */
export interface DrawnBoxProps {
  readonly box: Box;
  readonly prefix: string;
}

/** A box with its caption and the parts of messages in it. */
export function DrawnBox({ box, prefix }: DrawnBoxProps): JSX.Element {
  const { x, y, width, height } = box;
  return (
    <>
      {box.caption !== '' && (
        <text class="caption" x={x} y={y - 3}>
          {box.caption}
        </text>
      )}
      {box.slices.length === 0 && <rect class={`box ${box.kind}`} x={x} y={y} width={width} height={height} />}
      {box.slices.map((slice, at) => (
        <DrawnSlice key={at} slice={slice} box={box} prefix={prefix} />
      ))}
      <Seams box={box} />
      {box.isLost && <path class="lost" d={`M${x + width},${y + height / 2} h12 m-3,-5 l10,10 m0,-10 l-10,10`} />}
      {box.sign !== '' && (
        <text class={`sign ${box.kind}`} x={x + width / 2} y={y + 15} text-anchor="middle">
          {box.sign}
        </text>
      )}
    </>
  );
}

/** The lanes in which the receiver sees what happened to the boundaries. */
const RECEIVING: ReadonlySet<string> = new Set(['segment', 'read', 'message', 'forwarded', 'confirmed']);

/** A seam where messages are glued, a tear where one is cut: the point of the whole picture. */
function Seams({ box: { kind, slices, x, y, width, height } }: { readonly box: Box }): JSX.Element | null {
  if (!RECEIVING.has(kind)) return null;
  return (
    <>
      {slices
        .slice(1)
        .filter((slice, at) => isMessage(slice) && isMessage(slices[at]))
        .map((slice) => (
          <path key={slice.start} class="seam" d={`M${slice.x},${y - 1} v${height + 6}`} />
        ))}
      {isTorn(slices[0], 'hasStart') && <path class="tear" d={tearAt(x, y, height)} />}
      {isTorn(slices.at(-1), 'hasEnd') && <path class="tear" d={tearAt(x + width, y, height)} />}
    </>
  );
}

/** Whether bytes are of messages, of one or of several. */
function isMessage(slice: PlacedSlice | undefined): boolean {
  return slice !== undefined && (slice.message !== null || slice.merged > 0);
}

/** Whether the message goes on beyond this part, on that side. */
function isTorn(slice: PlacedSlice | undefined, side: 'hasStart' | 'hasEnd'): boolean {
  return slice !== undefined && slice.message !== null && !slice[side];
}

function tearAt(x: number, y: number, height: number): string {
  const step = height / 6;
  return `M${x},${y} l3,${step} l-6,${step} l6,${step} l-6,${step} l6,${step} l-3,${step}`;
}

interface DrawnSliceProps {
  readonly slice: PlacedSlice;
  readonly box: Box;
  readonly prefix: string;
}

function DrawnSlice({ slice, box, prefix }: DrawnSliceProps): JSX.Element {
  const { message, x, width, label } = slice;
  const look = message === null ? undefined : lookOf(message);
  return (
    <g class={look === undefined ? 'part' : `part look-${look}`} data-message={box.kind === 'meant' ? (message ?? undefined) : undefined}>
      <rect class="tint" x={x} y={box.y} width={width} height={box.height} />
      {look !== undefined && width > EDGE && (
        <rect
          x={x + EDGE / 2}
          y={box.y + box.height - STRIP_HEIGHT}
          width={width - EDGE}
          height={STRIP_HEIGHT - EDGE / 2}
          fill={`url(#${prefix}-${look})`}
        />
      )}
      {label !== '' && (
        <text class="number" x={x + width / 2} y={box.y + 12} text-anchor="middle">
          {label}
        </text>
      )}
    </g>
  );
}
