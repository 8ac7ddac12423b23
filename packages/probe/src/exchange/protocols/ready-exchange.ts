/** A conversation that every server of a protocol takes, and what may differ in its answers. */
export interface ReadyExchange {
  readonly name: string;
  /** What it speaks, and what it asks for. */
  readonly summary: string;
  /** Masks as `parseMask` reads them. */
  readonly masks: readonly string[];
  /** As `parseConversation` reads it, once it is text. */
  readonly conversation: object;
}
