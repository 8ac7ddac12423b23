import type { Text } from '../../text.ts';
import type { Connection } from './connection.ts';

/** A server to try the probe on, and a request that shows what it does. */
export interface PracticeServer {
  readonly name: string;
  readonly title: Text;
  /** What is wrong with it, for those who have looked for it. */
  readonly fault: Text;
  readonly framing: 'u32be' | 'line';
  /** Written as the form takes it. */
  readonly request: { readonly text: string } | { readonly hex: string };
  readonly plans: string;
  /** Serves one connection; it ends when this resolves. */
  readonly serve: (connection: Connection) => Promise<void>;
}
