import { delay } from '../../delay.ts';
import { ProbeError } from '../../errors.ts';
import { freeUdpPort } from '../../runner/target/free-port.ts';
import { createProgram } from '../../runner/target/program.ts';
import { splitWords } from '../../runner/target/words.ts';
import { resolveOwn } from '../../transports/ownership.ts';
import { parseTarget } from '../../transports/target.ts';
import { isListening } from '../trial/control.ts';
import type { StartedProgram } from '../../runner/target/program.ts';
import type { DatagramSettings } from '../options.ts';
import type { DatagramAddress } from '../trial/peer.ts';

/** The server of a campaign. */
export interface DatagramTarget {
  /** As it was named. */
  readonly text: string;
  readonly address: DatagramAddress;
  /** How often it was restarted; undefined when it was not started here. */
  readonly restarts: number | undefined;
  /** How its process ended, when it was started here and has ended. */
  readonly ending: string | undefined;
  /** Restarts it, if it was started here; resolves to whether it answers again. */
  revive(isAlive: () => Promise<boolean>, signal: AbortSignal | undefined): Promise<boolean>;
  stop(): Promise<void>;
}

/** A program may have to be compiled first. */
const START_PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 50;

/**
 * Resolves the target, or starts it on a free port.
 *
 * @throws ProbeError `PROBE_ERR_TARGET` for what is not an address of one's own, `PROBE_ERR_COMMAND` when it cannot be started.
 */
export async function openDatagramTarget(settings: DatagramSettings): Promise<DatagramTarget> {
  const { target, run, iOwnTheTarget = false } = settings;
  const address = target === undefined ? { host: '127.0.0.1', port: await freeUdpPort() } : await addressOf(target, iOwnTheTarget);
  if (run === undefined) return given(targetText(settings), address, settings.controlTimeoutMs);
  const program = createProgram(wordsOf(run), address);
  await program.start();
  const started = ownTarget(program, address);
  try {
    await listens(program, address, settings);
  } catch (error) {
    await program.stop();
    throw error;
  }
  return started;
}

/** What is probed, as it was named. */
export function targetText({ target = '', run }: Pick<DatagramSettings, 'target' | 'run'>): string {
  return run === undefined ? target : wordsOf(run).join(' ');
}

function wordsOf(run: string | readonly string[]): readonly string[] {
  return typeof run === 'string' ? splitWords(run) : run;
}

async function addressOf(text: string, iOwnTheTarget: boolean): Promise<DatagramAddress> {
  const target = parseTarget(text);
  if (target.kind === 'unix' || target.tls !== undefined)
    throw new ProbeError('PROBE_ERR_TARGET', `target ${JSON.stringify(text)}; allowed: host:port, as datagrams go over UDP`);
  const [host = target.host] = await resolveOwn(target.host, iOwnTheTarget);
  return { host, port: target.port };
}

/** A server that others started: a service manager may restart it. */
function given(text: string, address: DatagramAddress, patienceMs: number): DatagramTarget {
  return {
    text,
    address,
    restarts: undefined,
    ending: undefined,
    revive: (isAlive, signal) => comesBack(isAlive, patienceMs, signal),
    stop: () => Promise.resolve(),
  };
}

function ownTarget(program: StartedProgram, address: DatagramAddress): DatagramTarget {
  let restarts = 0;
  return {
    text: program.words.join(' '),
    address,
    get restarts() {
      return restarts;
    },
    get ending() {
      return program.ending;
    },
    async revive(isAlive, signal) {
      restarts += 1;
      await program.stop();
      await program.start();
      return comesBack(isAlive, START_PATIENCE_MS, signal);
    },
    stop: () => program.stop(),
  };
}

async function comesBack(isAlive: () => Promise<boolean>, patienceMs: number, signal: AbortSignal | undefined): Promise<boolean> {
  const giveUpAt = performance.now() + patienceMs;
  while (performance.now() < giveUpAt) {
    if (await isAlive()) return true;
    await delay(LOOK_EVERY_MS, signal);
  }
  return false;
}

/** Waits until the exchange is not refused any more; it is done whole, because a part of one may be what the server cannot stand. */
async function listens(program: StartedProgram, address: DatagramAddress, settings: DatagramSettings): Promise<void> {
  const giveUpAt = performance.now() + START_PATIENCE_MS;
  for (;;) {
    const listening = await isListening(address, settings);
    if (program.ending !== undefined) throw wrong(`${program.words[0]} ended before it took a datagram: ${program.ending}`);
    if (listening) return;
    if (performance.now() >= giveUpAt)
      throw wrong(`${program.words[0]} took no datagram in ${START_PATIENCE_MS / 1000} s; does it listen on {port}?`);
    await delay(LOOK_EVERY_MS, settings.signal);
  }
}

function wrong(what: string): ProbeError {
  return new ProbeError('PROBE_ERR_COMMAND', what);
}
