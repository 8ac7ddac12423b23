import { startProgram } from '@socklab/testkit';
import type { Program } from '@socklab/testkit';

/** A real service to chat with. */
export interface ChatService extends AsyncDisposable {
  readonly program: Program;
  /** HOST:PORT. */
  readonly address: string;
}

/** Starts tcp-echo on a port that the system picks; with `operator` its standard input is the operator. */
export async function startOperator(args: readonly string[] = [], session: string = 'operator'): Promise<ChatService> {
  return started(startProgram('tcp-echo', ['--listen', 'tcp://127.0.0.1:0', '--session', session, ...args]));
}

/** Starts udp-multi on a port that the system picks. */
export async function startUdp(args: readonly string[] = []): Promise<ChatService> {
  return started(startProgram('udp-multi', ['--listen', 'udp://127.0.0.1:0', ...args]));
}

/** A room whose members hear each other. */
export function startRoom(): Promise<ChatService> {
  return startUdp(['--topology', 'many-to-many']);
}

async function started(program: Program): Promise<ChatService> {
  const { endpoints } = await program.log('listening');
  const address = String((endpoints as readonly string[])[0]).replace(/^\w+:\/\//, '');
  return { program, address, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}
