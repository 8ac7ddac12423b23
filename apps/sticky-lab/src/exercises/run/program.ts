import { setTimeout as wait } from 'node:timers/promises';
import { createProgram, freePort, ProbeError } from '@socklab/probe';
import { ServiceError } from '@socklab/service';
import { connectOnce } from './connect.ts';
import type { StartedProgram } from '@socklab/probe';

/** A student's program: a server that is started on a port, and restarted when it exits. */
export interface StudentProgram extends StartedProgram {
  /** Starts it, and waits until it accepts connections. Resolves to whether it does. */
  listens(signal: AbortSignal): Promise<boolean>;
}

/** A program may have to be compiled first. */
export const START_PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 50;

/** Prepares a program: its words, in which `{port}` is replaced by a port that is free now. Starts nothing. */
export async function prepareProgram(words: readonly string[]): Promise<StudentProgram> {
  const program = createProgram(words, { port: await freePort() });
  const start = (): Promise<void> => program.start().catch(asUsage);
  return {
    words,
    port: program.port,
    start,
    get ending() {
      return program.ending;
    },
    stop: () => program.stop(),
    async listens(signal) {
      await start();
      const giveUpAt = performance.now() + START_PATIENCE_MS;
      while (program.ending === undefined && performance.now() < giveUpAt) {
        const socket = await connectOnce(program.port, signal);
        socket?.destroy();
        if (socket !== undefined) return true;
        await wait(LOOK_EVERY_MS, undefined, { signal });
      }
      return false;
    },
  };
}

function asUsage(error: unknown): never {
  if (!(error instanceof ProbeError)) throw error;
  throw new ServiceError('SERVICE_ERR_USAGE', error.message, { cause: error });
}
