import type { Capture } from './capture.ts';
import type { Direction } from './direction.ts';
import type { FlowSettings } from './settings.ts';
import type { FlowTotals } from './totals.ts';
import type { Trigger } from './triggers/trigger.ts';

/** Dependencies of a flow. */
export interface FlowContext {
  readonly connection: number;
  readonly direction: Direction;
  readonly settings: FlowSettings;
  readonly framing: string | undefined;
  /** Triggers of this direction. */
  readonly triggers: readonly Trigger[];
  readonly capture: Capture | undefined;
  /** Totals of all connections. */
  readonly totals: FlowTotals;
  /** Aborts when the connection ends. */
  readonly signal: AbortSignal;
  /** Resets both sides of the connection. */
  readonly reset: () => void;
  /** Called once when the bytes do not fit the framing. */
  readonly framingLost: (error: Error) => void;
  readonly happened: (trigger: Trigger, direction: Direction) => void;
}
