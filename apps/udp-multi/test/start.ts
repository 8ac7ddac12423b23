import { startProgram } from '@socklab/testkit';
import type { Program, ProgramOptions } from '@socklab/testkit';

/** A running udp-multi and the port it took. */
export interface Server extends AsyncDisposable {
  readonly program: Program;
  readonly port: number;
}

/** Starts udp-multi on a free port of a loopback address. */
export async function startServer(
  args: readonly string[] = [],
  options: ProgramOptions & { readonly host?: string } = {},
): Promise<Server> {
  const { host = '127.0.0.1', ...rest } = options;
  const program = startProgram('udp-multi', ['--listen', `udp://${host}:0`, ...args], rest);
  const [port = 0] = await portsOf(program);
  return { program, port, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}

/** The ports of the endpoints that a program says it listens on. */
export async function portsOf(program: Program): Promise<number[]> {
  const { endpoints } = await program.log('listening');
  return (endpoints as string[]).map((endpoint) => Number(/:(\d+)$/.exec(endpoint)?.[1]));
}

/** Starts the client, `udp-multi send`. */
export function startClient(target: string | number, args: readonly string[] = []): Program {
  return startProgram('udp-multi', ['send', typeof target === 'number' ? `127.0.0.1:${target}` : target, ...args]);
}

/** The line a program shows for a datagram of a peer, as a test for the whole line. */
export function shownAs(port: number, text: string, host: string = '127.0.0.1'): (line: string) => boolean {
  return (line) => line === `('${host}', ${port}) : ${text}`;
}
