import { WINDOW } from './pager.tsx';

/** Which events are drawn, of how many. */
export interface Shown {
  readonly first: number;
  readonly total: number;
}

/** The event that a key goes to; `undefined` for any other key. */
export function stepOf({ key, altKey, ctrlKey, metaKey }: KeyboardEvent, at: number | null, { first, total }: Shown): number | undefined {
  if (altKey || ctrlKey || metaKey) return undefined;
  const target = targetOf(key, at ?? first - 1, total);
  if (target === undefined) return undefined;
  // The first key starts at what is visible.
  return Math.min(total - 1, Math.max(at === null ? first : 0, target));
}

function targetOf(key: string, at: number, total: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return at + 1;
    case 'ArrowUp':
    case 'ArrowLeft':
      return at - 1;
    case 'Home':
      return 0;
    case 'End':
      return total - 1;
    case 'PageDown':
      return at + WINDOW;
    case 'PageUp':
      return at - WINDOW;
    default:
      return undefined;
  }
}
