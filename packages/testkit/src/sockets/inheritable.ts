import { createSocket } from 'node:dgram';
import { BoundSocket } from 'node:net';
import type { Socket } from 'node:dgram';

/** A socket bound by us for a process to inherit, as a service manager does it. `using` closes our copy. */
export interface InheritableSocket extends Disposable {
  /** For the `fds` of a program's options. */
  readonly fd: number;
  readonly port: number;
  /** Closes our copy; that of a process started before stays open. */
  close(): void;
}

/** A TCP socket on a port that the system picks: bound, not yet listening. */
export function inheritableTcp(host: string = '127.0.0.1'): InheritableSocket {
  const socket = new BoundSocket({ host, port: 0 });
  return inheritable(socket.fd(), socket.address().port, () => socket.close());
}

/**
 * A UDP socket on a port that the system picks. Close our copy as soon as the program is started: until then a
 * datagram may arrive at ours.
 */
export function inheritableUdp(host: string = '127.0.0.1'): InheritableSocket {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const { port } = socket.bindSync({ address: host, port: 0 });
  return inheritable(descriptorOf(socket), port, () => socket.close());
}

function inheritable(fd: number, port: number, closeOnce: () => void): InheritableSocket {
  let open = true;
  const close = (): void => {
    if (open) closeOnce();
    open = false;
  };
  return { fd, port, close, [Symbol.dispose]: close };
}

/** Node has no public API for the descriptor of a UDP socket; it is in the socket's internal state. */
function descriptorOf(socket: Socket): number {
  for (const symbol of Object.getOwnPropertySymbols(socket)) {
    const state = Reflect.get(socket, symbol) as { handle?: { fd?: unknown } } | undefined;
    if (typeof state?.handle?.fd === 'number') return state.handle.fd;
  }
  throw new Error('this version of Node keeps the descriptor of a UDP socket somewhere else');
}
