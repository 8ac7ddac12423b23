import type { PlaygroundSettings } from './settings.ts';
import type { Verdict } from './verdict.ts';
import type { Row } from '@socklab/lab';
import type { RecordedFlow } from '@socklab/lab/picture';

/** The result of one run of the playground. Plain JSON. */
export interface PlaygroundResult {
  readonly settings: PlaygroundSettings;
  /** When it started, ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Without framing: each read is taken for a message. */
  readonly raw: PlaygroundSide;
  /** The same messages in frames. */
  readonly framed: PlaygroundSide;
}

/** What happened on one connection. */
export interface PlaygroundSide {
  /** The name of its framing. */
  readonly framing: string;
  readonly verdict: Verdict;
  /** The first received messages, shortened. At most `MAX_LISTED_MESSAGES`. */
  readonly received: readonly string[];
  /** What the sockets did, for people. */
  readonly rows: readonly Row[];
  readonly flow: RecordedFlow;
}

/** The events of a run. */
export interface PlaygroundEvent {
  readonly type: 'side';
  /** The framing whose connection starts. */
  readonly framing: string;
}

/** Most messages that a result lists. */
export const MAX_LISTED_MESSAGES = 200;
