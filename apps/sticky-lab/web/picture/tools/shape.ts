import { effect, signal } from '@preact/signals';
import { remembered } from '../../shell/remembered.ts';

/** How flows are drawn: time downward, or bytes to the right. */
export type Shape = 'ladder' | 'lanes';

export const SHAPES: readonly Shape[] = ['ladder', 'lanes'];

/** How all flows of the page are drawn; the reader's choice is remembered. */
export const shape = signal<Shape>(remembered('picture', SHAPES) ?? 'ladder');

effect(() => localStorage.setItem('picture', shape.value));
