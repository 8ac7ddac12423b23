import { toHex } from '../../bytes/hex.ts';
import { DecoderProcess } from './decoder-process.ts';
import { chunkEnds, judge } from './judge.ts';
import type { TortureStream, TortureTest } from '../corpus/corpus.ts';
import type { Judged } from './judge.ts';

/** Room for answers besides the expected payloads: errors, and a few surplus payloads. */
const SPARE_CHARS = 1_048_576;

/** Runs tests with a program, one after the other; it is restarted when it hung or died. */
export class Bench {
  readonly #words: readonly string[];
  readonly #hangMs: number;
  readonly #hex = new WeakMap<TortureStream, { readonly wire: string; readonly payloads: readonly string[] }>();
  #process: DecoderProcess | undefined;
  /** How often the program was started. */
  starts = 0;

  constructor(words: readonly string[], hangMs: number) {
    this.#words = words;
    this.#hangMs = hangMs;
  }

  /** @throws ProbeError `PROBE_ERR_COMMAND` when the program cannot be started. */
  async play(test: TortureTest): Promise<Judged> {
    const process = (this.#process ??= await this.#start());
    const { wire, payloads } = this.#hexOf(test.stream);
    const maxAnswerChars = 2 * payloads.reduce((sum, hex) => sum + hex.length + 9, 0) + SPARE_CHARS;
    const played = await process.play(commandsOf(test, wire), { timeoutMs: this.#hangMs, maxAnswerChars });
    if (played.fault !== undefined) this.close();
    return judge(test, played, (payload) => payloads[payload] ?? '');
  }

  close(): void {
    this.#process?.kill();
    this.#process = undefined;
  }

  #start(): Promise<DecoderProcess> {
    this.starts++;
    return DecoderProcess.start(this.#words);
  }

  /** The bytes of a stream in hex, cached: it is used many times. */
  #hexOf(stream: TortureStream): { readonly wire: string; readonly payloads: readonly string[] } {
    const known = this.#hex.get(stream);
    if (known !== undefined) return known;
    const made = { wire: hexText(stream.wire), payloads: stream.payloads.map(({ bytes }) => hexText(bytes)) };
    this.#hex.set(stream, made);
    return made;
  }
}

/** The commands of a test, one a line. */
export function commandsOf(test: TortureTest, wire: string): readonly string[] {
  let start = 0;
  const chunks = chunkEnds(test).map((end) => {
    const chunk = `chunk ${wire.slice(2 * start, 2 * end)}`;
    start = end;
    return chunk;
  });
  return [`new ${test.stream.limit}`, ...chunks, 'end'];
}

/** Hex of megabytes. */
function hexText(bytes: Uint8Array): string {
  return bytes.length < 64 ? toHex(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
