import { boundUdp, programCommand, startProgram } from '@socklab/testkit';
import type { Program } from '@socklab/testkit';
import type { RemoteInfo } from 'node:dgram';

/** A UDP server made for a test: where it is, until it is disposed of. */
export interface TestServer extends AsyncDisposable {
  readonly target: { readonly host: string; readonly port: number };
}

/** Gives each datagram to `serve`, with what answers it. */
export async function serving(
  serve: (datagram: Buffer, answer: (payload: Uint8Array) => void, peer: RemoteInfo) => void,
  host: string = '127.0.0.1',
): Promise<TestServer> {
  const bound = await boundUdp(host);
  bound.socket.on('message', (datagram, peer) => {
    // A peer that is gone by now is not this server's fault.
    serve(datagram, (payload) => bound.socket.send(payload, peer.port, peer.address, () => undefined), peer);
  });
  return { target: { host, port: bound.port }, [Symbol.asyncDispose]: () => bound.close() };
}

/** A server that sends everything back. */
export function echoing(host?: string): Promise<TestServer> {
  return serving((datagram, answer) => answer(datagram), host);
}

/** The command line of `udp-multi call …` or `udp-multi join …`. */
export function clientCommand(args: readonly string[]): readonly string[] {
  return programCommand('udp-multi', args);
}

/** Starts `udp-multi call …` or `udp-multi join …`. */
export function startCall(...args: readonly string[]): Program {
  return startProgram('udp-multi', args);
}
