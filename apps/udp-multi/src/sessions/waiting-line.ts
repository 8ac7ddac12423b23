import type { Datagram } from './session.ts';

/** Datagrams that wait for their turn, in order of arrival, never more than the limits allow. */
export interface WaitingLine<Waiting extends Datagram = Datagram> {
  readonly size: number;
  /** Takes its place at the end; false when there is none left. */
  add(datagram: Waiting): boolean;
  /** The one whose turn it is. It keeps its place until {@link WaitingLine.leave}. */
  first(): Waiting | undefined;
  /** The first one leaves. */
  leave(): void;
  /** All leave, in order. */
  empty(): readonly Waiting[];
}

/** Limits of {@link createWaitingLine}. */
export interface WaitingLimits {
  readonly maxDatagrams: number;
  /** Payload bytes of all that wait. */
  readonly maxBytes: number;
}

/** Makes a {@link WaitingLine}. */
export function createWaitingLine<Waiting extends Datagram>({ maxDatagrams, maxBytes }: WaitingLimits): WaitingLine<Waiting> {
  let line: Waiting[] = [];
  let bytes = 0;
  return {
    get size() {
      return line.length;
    },
    add(datagram) {
      if (line.length >= maxDatagrams || bytes + datagram.payload.length > maxBytes) return false;
      line.push(datagram);
      bytes += datagram.payload.length;
      return true;
    },
    first: () => line[0],
    leave() {
      bytes -= line.shift()?.payload.length ?? 0;
    },
    empty() {
      const all = line;
      line = [];
      bytes = 0;
      return all;
    },
  };
}
