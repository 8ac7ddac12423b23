/** A conversation that every server of a protocol accepts, and what may differ in its answers. */
export interface ReadyExchange {
  readonly name: string;
  /** Its protocol, and what it asks for. */
  readonly summary: string;
  /** Masks as `parseMask` takes them. */
  readonly masks: readonly string[];
  /** What the server may send anywhere, as `parseIgnored` takes it. @defaultValue nothing */
  readonly ignored?: readonly string[];
  /** As `parseConversation` takes it, once it is text. */
  readonly conversation: object;
}
