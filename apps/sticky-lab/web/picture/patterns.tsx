import { BOX_HEIGHT, CAPTION_HEIGHT, HEAD_HEIGHT, PATTERN_HEIGHT } from '@socklab/lab/picture';
import type { JSX } from 'preact';

/** Height of the strip of a pattern at the foot of a box, in pixels. */
export const STRIP_HEIGHT = 6;

/** Patterns begin where the strip of the first box does, and so of every other. */
const PATTERN_Y = (HEAD_HEIGHT + CAPTION_HEIGHT + BOX_HEIGHT - STRIP_HEIGHT) % PATTERN_HEIGHT;

/** This many messages look different. */
export const LOOKS = 8;

/** How a message looks in every lane: the number of its colour and pattern. */
export function lookOf(message: number): number {
  return (message - 1) % LOOKS;
}

interface Shape {
  readonly path: string;
  readonly isFilled?: boolean;
}

const SHAPES: readonly Shape[] = [
  { path: 'M0,0 h8 v8 h-8 z', isFilled: true },
  { path: 'M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4' },
  { path: 'M2,0 v8 M6,0 v8' },
  { path: 'M-2,6 l4,4 M0,0 l8,8 M6,-2 l4,4' },
  { path: 'M0,1.5 h8 M0,4.5 h8' },
  { path: 'M1,1 h2 v2 h-2 z M5,4 h2 v2 h-2 z', isFilled: true },
  { path: 'M0,0 l8,8 M0,8 l8,-8' },
  { path: 'M0,0 h4 v3 h-4 z M4,3 h4 v3 h-4 z', isFilled: true },
];

/** Patterns that distinguish messages without colours. `prefix` keeps the ids of several pictures unique. */
export function Patterns({ prefix }: { readonly prefix: string }): JSX.Element {
  return (
    <defs>
      {SHAPES.map(({ path, isFilled }, look) => (
        <pattern
          key={look}
          id={`${prefix}-${look}`}
          class={`look-${look}`}
          y={PATTERN_Y}
          width="8"
          height={PATTERN_HEIGHT}
          patternUnits="userSpaceOnUse"
        >
          <path class={isFilled === true ? 'hatch filled' : 'hatch'} d={path} />
        </pattern>
      ))}
    </defs>
  );
}
