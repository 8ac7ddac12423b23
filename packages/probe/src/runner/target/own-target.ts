import { delay } from '../../delay.ts';
import { ProbeError } from '../../errors.ts';
import { optional } from '../../optional.ts';
import { createPatience } from '../../patience.ts';
import { createPreload } from '../../preload/preload.ts';
import { freePort } from './free-port.ts';
import { isNoConnection } from './patient-connector.ts';
import { createProgram } from './program.ts';
import { splitWords } from './words.ts';
import type { Preload } from '../../preload/preload.ts';
import type { Connector } from '../../transports/connector.ts';
import type { Target } from '../../transports/target.ts';
import type { StartedProgram } from './program.ts';

/** A target that was started for a campaign: it is restarted when it dies. */
export interface OwnTarget {
  readonly target: Target;
  /** Its command, as written. */
  readonly text: string;
  /** How often it died and was restarted. */
  readonly restarts: number;
  /** Its last exit, and its last output. */
  readonly ending: string | undefined;
  /** When it last died, on the clock of `performance.now()`; a broken connection may report it a little earlier, and is awaited. */
  readonly diedAt: () => Promise<number>;
  /**
   * Resolves when it accepts connections.
   *
   * @throws ProbeError `PROBE_ERR_COMMAND` when it exits before, or accepts none in half a minute; the signal's reason once it aborts.
   */
  listens(connector: Connector, signal: AbortSignal | undefined): Promise<void>;
  stop(): Promise<void>;
  /** What sees its reads, where that was asked for. */
  readonly preload?: Preload;
}

/** A program may have to be compiled first. */
const START_PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 25;
/** A process that exits closes its connections first. */
const LAST_BREATH_MS = 50;
/** Delay after an early exit, as with a busy port. */
const SHORT_LIFE_MS = 100;
/** After more deaths than this it is not restarted. */
const MAX_RESTARTS = 1000;

/**
 * Starts a target, on a free port of 127.0.0.1 where no address is given; with `isPreloaded` in a way that its reads are seen.
 *
 * @throws ProbeError `PROBE_ERR_COMMAND` when it cannot be started, or the command line is invalid; what {@link createPreload} throws.
 */
export async function startOwnTarget(run: string | readonly string[], given: Target | undefined, isPreloaded = false): Promise<OwnTarget> {
  const words = typeof run === 'string' ? splitWords(run) : run;
  const target = given ?? { kind: 'tcp', host: '127.0.0.1', port: await freePort() };
  const address = target.kind === 'tcp' ? { host: target.host, port: target.port } : { port: 0 };
  const preload = isPreloaded ? await createPreload(words, address.port) : undefined;
  try {
    return await startTarget({ words, target, address, preload });
  } catch (error) {
    preload?.close();
    throw error;
  }
}

interface Prepared {
  readonly words: readonly string[];
  readonly target: Target;
  readonly address: { readonly host?: string; readonly port: number };
  readonly preload: Preload | undefined;
}

async function startTarget({ words, target, address, preload }: Prepared): Promise<OwnTarget> {
  let restarts = 0;
  let ending: string | undefined;
  const died = { at: Number.NEGATIVE_INFINITY };
  let startedAt = performance.now();
  let restart: NodeJS.Timeout | undefined;
  let isListening = false;
  const program: StartedProgram = createProgram(words, {
    ...address,
    ...optional('env', preload?.env),
    onEnd() {
      ending = program.ending;
      died.at = performance.now();
      if (!isListening || restarts === MAX_RESTARTS) return;
      restarts += 1;
      // It was started before; connecting shows when it cannot be restarted.
      restart = setTimeout(() => program.start().catch(() => undefined), performance.now() - startedAt < SHORT_LIFE_MS ? SHORT_LIFE_MS : 0);
      startedAt = performance.now();
    },
  });
  await program.start();
  return {
    target,
    ...optional('preload', preload),
    text: words.join(' '),
    get restarts() {
      return restarts;
    },
    get ending() {
      return ending;
    },
    diedAt: async () => {
      const { at: before } = died;
      const breath = createPatience(LAST_BREATH_MS);
      while (died.at === before && !breath.isOver(performance.now())) await delay(1, undefined);
      return died.at;
    },
    async listens(connector, signal) {
      const giveUpAt = performance.now() + START_PATIENCE_MS;
      while (!isListening) {
        if (program.ending !== undefined) throw wrong(`${words[0]} ended before it took a connection: ${program.ending}`);
        if (performance.now() >= giveUpAt)
          throw wrong(`${words[0]} took no connection in ${START_PATIENCE_MS / 1000} s; does it listen on {port}?`);
        isListening = await takesOne(connector, signal);
        if (!isListening) await delay(LOOK_EVERY_MS, signal);
      }
    },
    async stop() {
      clearTimeout(restart);
      await program.stop();
      preload?.close();
    },
  };
}

async function takesOne(connector: Connector, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    (await connector.connect(signal)).on('error', () => undefined).destroy();
    return true;
  } catch (error) {
    if (!isNoConnection(error)) throw error;
    return false;
  }
}

function wrong(what: string): ProbeError {
  return new ProbeError('PROBE_ERR_COMMAND', what);
}
