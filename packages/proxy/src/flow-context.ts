import type { Capture } from './capture.ts';
import type { Direction } from './direction.ts';
import type { FlowSettings } from './settings.ts';
import type { FlowTotals } from './totals.ts';
import type { Trigger } from './triggers/trigger.ts';

/** What a flow works with. */
export interface FlowContext {
  readonly connection: number;
  readonly direction: Direction;
  readonly settings: FlowSettings;
  readonly framing: string | undefined;
  /** Those that look in this direction. */
  readonly triggers: readonly Trigger[];
  readonly capture: Capture | undefined;
  /** Counts for all connections. */
  readonly totals: FlowTotals;
  /** Aborts when the connection is over. */
  readonly signal: AbortSignal;
  /** Resets both ends. */
  readonly reset: () => void;
  /** Told once, when the bytes are not of the framing. */
  readonly framingLost: (error: Error) => void;
  readonly happened: (trigger: Trigger, direction: Direction) => void;
}
