import { getSystemErrorName } from 'node:util';
import type { Socket } from 'node:dgram';

/** The result of a send: the system has it, it waits for the system, or it was not sent and another way has to be tried. */
export type QuickSendResult = 'sent' | 'queued' | 'not-sent';

/** Passes a datagram to the system within the call. `later` is called once for one that is queued. */
export type QuickSend = (
  payload: Uint8Array,
  port: number,
  address: string,
  later: (error: Error | null, bytes: number) => void,
) => QuickSendResult;

/** The part of libuv's binding below node:dgram that is used here. */
interface UdpHandle {
  send?: Send;
  send6?: Send;
}

/** @returns one more than the bytes sent at once; 0 when the datagram was queued; negative for an error. */
type Send = (request: object, list: readonly Uint8Array[], count: number, port: number, address: string, hasCallback: boolean) => number;

interface SendRequest {
  list?: readonly Uint8Array[];
  oncomplete?: (status: number, bytes: number) => void;
}

/**
 * Nearly always the system takes a datagram at once, and its call returns that. node:dgram reports it a turn later, by a callback, which costs a
 * tenth of an answer. This calls the binding below it, the one private part of a socket that is used.
 *
 * @returns undefined where the binding is not as expected: then `socket.send` is used. The first datagram is never sent this way.
 */
export function createQuickSend(socket: Socket, name: 'send' | 'send6'): QuickSend | undefined {
  const state = stateOf(socket);
  if (typeof state?.handle?.[name] !== 'function') return undefined;
  let Request: (new () => SendRequest) | undefined;
  let request: SendRequest | undefined;
  learnRequest(state.handle, name, (constructor) => (Request = constructor));
  return (payload, port, address, later) => {
    const { handle } = state;
    // There is none when the socket is closed.
    if (handle === null || Request === undefined) return 'not-sent';
    request ??= new Request();
    const list = [payload];
    const result = handle[name]!(request, list, 1, port, address, true);
    if (result !== 0) return result > 0 ? 'sent' : 'not-sent';
    // The memory of the payload has to stay alive until then.
    request.list = list;
    request.oncomplete = (status, bytes) => later(status === 0 ? null : failure(status, address, port), bytes);
    request = undefined;
    return 'queued';
  };
}

/** As node:dgram reports it. */
function failure(status: number, address: string, port: number): Error {
  const code = getSystemErrorName(status);
  return Object.assign(new Error(`send ${code} ${address}:${port}`), { errno: status, code, syscall: 'send', address, port });
}

/** The internal state of a socket of node:dgram: its handle, or `null` once it is closed. */
function stateOf(socket: Socket): { readonly handle: UdpHandle | null } | undefined {
  const symbol = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'state symbol');
  const state: unknown = symbol === undefined ? undefined : Reflect.get(socket, symbol);
  return typeof state === 'object' && state !== null && 'handle' in state ? (state as { handle: UdpHandle | null }) : undefined;
}

/** Observes how node:dgram sends its first datagram, to learn what kind of request the binding needs. */
function learnRequest(handle: UdpHandle, name: 'send' | 'send6', learnt: (constructor: new () => SendRequest) => void): void {
  const send = handle[name]!;
  handle[name] = (request, ...rest) => {
    // The method of the prototype is visible again.
    delete handle[name];
    learnt(request.constructor as new () => SendRequest);
    return send.call(handle, request, ...rest);
  };
}
