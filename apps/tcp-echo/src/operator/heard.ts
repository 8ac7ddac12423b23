import { createQuitListener, QUIT_PAUSE_MS, quitMatcher } from '@socklab/service';
import type { Bytes } from '@socklab/framing';
import type { FramedSocket } from '@socklab/framing/node';

/** What the peer said. */
export interface Heard {
  readonly message: Bytes;
  /** Whether it is the word that ends the conversation. */
  readonly isQuit: boolean;
}

/** What the peer says, piece by piece. */
export interface Ear {
  /** The next; `undefined` once the peer has ended its side. Throws as `receive` does. */
  next(): Promise<Heard | undefined>;
}

/** Options of {@link createEar}. */
export interface EarOptions {
  readonly messages: FramedSocket<Bytes, Uint8Array>;
  /** The word that ends the conversation; empty: none. */
  readonly quit: string;
  /** Whether messages have boundaries. In a raw stream a message arrives in any number of pieces. */
  readonly keepsBoundaries: boolean;
}

const comes = (): boolean => true;

/** Makes the reader of one conversation. */
export function createEar({ messages, quit, keepsBoundaries }: EarOptions): Ear {
  return keepsBoundaries ? createMessageEar(messages, quit) : new StreamEar(messages, quit);
}

function createMessageEar(messages: EarOptions['messages'], quit: string): Ear {
  const isQuit = quitMatcher(quit);
  return {
    async next() {
      const message = await messages.receive();
      return message === undefined ? undefined : { message, isQuit: isQuit(message) };
    },
  };
}

/** A piece that may be the quit word waits for what follows, and is joined with it. */
class StreamEar implements Ear {
  readonly #messages: EarOptions['messages'];
  readonly #listener;
  /** The pending read: a pause ends the wait for it, not the read. */
  #coming: Promise<Bytes | undefined> | undefined;

  constructor(messages: EarOptions['messages'], quit: string) {
    this.#messages = messages;
    this.#listener = createQuitListener(quit);
  }

  async next(): Promise<Heard | undefined> {
    const listener = this.#listener;
    let message = await this.#piece();
    if (message === undefined) return undefined;
    let verdict = listener.hear(message);
    while (verdict === 'undecided') {
      if (!(await this.#comesSoon())) return { message, isQuit: listener.countsAfterPause };
      const piece = await this.#piece();
      if (piece === undefined) return { message, isQuit: true };
      message = new Uint8Array(Buffer.concat([message, piece]));
      verdict = listener.hear(piece);
    }
    return { message, isQuit: verdict === 'said' };
  }

  async #piece(): Promise<Bytes | undefined> {
    const coming = this.#awaited();
    try {
      return await coming;
    } finally {
      this.#coming = undefined;
    }
  }

  #awaited(): Promise<Bytes | undefined> {
    this.#coming ??= this.#messages.receive();
    return this.#coming;
  }

  /** Whether a piece, the end, or an error arrives before a pause. */
  async #comesSoon(): Promise<boolean> {
    const pause = Promise.withResolvers<boolean>();
    // What arrived while the process was busy is read before the pause counts.
    const timer = setTimeout(() => setImmediate(() => pause.resolve(false)), QUIT_PAUSE_MS);
    const isSoon = await Promise.race([this.#awaited().then(comes, comes), pause.promise]);
    clearTimeout(timer);
    return isSoon;
  }
}
