import { printable } from '@socklab/service';
import { ProxyHeaderError } from './proxy-header.ts';
import { MAX_V1_BYTES, parseV1, v1End } from './proxy-v1.ts';
import { MAX_V2_DECLARED_BYTES, V2_FIXED_BYTES, V2_SIGNATURE, parseV2, v2End } from './proxy-v2.ts';
import type { ProxyHeader } from './proxy-header.ts';

/** Options of {@link createProxyHeaderReader}. */
export interface ProxyHeaderReaderOptions {
  /** The versions taken. @defaultValue `'auto'`, which is both */
  readonly accept?: 'v1' | 'v2' | 'auto';
}

/** How far the header is. */
export type ProxyHeaderProgress = { readonly state: 'more' } | ProxyHeaderDone;

/** The header, and what came after it. */
export interface ProxyHeaderDone extends ProxyHeader {
  readonly state: 'done';
  /** The first bytes of the client: a view into the last chunk, often empty. */
  readonly rest: Uint8Array;
}

/** Reads the header of one connection. */
export interface ProxyHeaderReader {
  /**
   * Takes the next chunk. None is kept; the header so far is copied, at most 4112 bytes.
   * @throws ProxyHeaderError for anything else than a header: on the first byte that cannot stand where it does, or once
   * the header is whole and says what cannot be. RangeError after the end.
   */
  push(chunk: Uint8Array): ProxyHeaderProgress;
}

/**
 * A reader of the header that a proxy puts before the bytes of its client. It says who the client is, so it is to be
 * believed from proxies one knows alone: whoever may connect could write it. Nor may a connection go without it where it
 * is expected.
 *
 * Source: The PROXY protocol, versions 1 and 2 (doc/proxy-protocol.txt of HAProxy).
 */
export function createProxyHeaderReader({ accept = 'auto' }: ProxyHeaderReaderOptions = {}): ProxyHeaderReader {
  return new HeaderReader(FORMATS.filter(({ name }) => accept === 'auto' || accept === name));
}

/** How one version is told from others, and read. */
interface Format {
  readonly name: 'v1' | 'v2';
  /** What every header of it begins with. */
  readonly prefix: Uint8Array;
  readonly maxBytes: number;
  /** The offset behind the header, or undefined while it cannot be told; at least the prefix is there. */
  end(bytes: Uint8Array): number | undefined;
  parse(header: Uint8Array): ProxyHeader;
}

const FORMATS: readonly Format[] = [
  { name: 'v1', prefix: new TextEncoder().encode('PROXY '), maxBytes: MAX_V1_BYTES, end: v1End, parse: parseV1 },
  {
    name: 'v2',
    prefix: V2_SIGNATURE,
    maxBytes: V2_FIXED_BYTES + MAX_V2_DECLARED_BYTES,
    end: v2End,
    parse: parseV2,
  },
];

const MORE: ProxyHeaderProgress = { state: 'more' };
const NOTHING = new Uint8Array(0);

class HeaderReader implements ProxyHeaderReader {
  readonly #formats: readonly Format[];
  #held: Uint8Array = NOTHING;
  #isOver = false;

  constructor(formats: readonly Format[]) {
    this.#formats = formats;
  }

  push(chunk: Uint8Array): ProxyHeaderProgress {
    if (this.#isOver) throw new RangeError('the PROXY header was read, or refused, already');
    // Whatever throws below ends the reader.
    this.#isOver = true;
    const heldBytes = this.#held.length;
    const bytes = this.#withHeld(chunk);
    const format = this.#formatOf(bytes);
    const end = bytes.length < format.prefix.length ? undefined : format.end(bytes);
    if (end === undefined || end > bytes.length) return this.#wait(bytes);
    this.#held = NOTHING;
    return { state: 'done', ...format.parse(bytes.subarray(0, end)), rest: chunk.subarray(end - heldBytes) };
  }

  #withHeld(chunk: Uint8Array): Uint8Array {
    if (this.#held.length === 0) return chunk;
    const { maxBytes } = this.#formatOf(this.#held);
    return Buffer.concat([this.#held, chunk.subarray(0, maxBytes - this.#held.length)]);
  }

  #formatOf(bytes: Uint8Array): Format {
    const format = this.#formats.find(({ prefix }) => startsLike(bytes, prefix));
    if (format !== undefined) return format;
    const names = this.#formats.map(({ name }) => name).join(' or ');
    const seen = printable(bytes.subarray(0, V2_SIGNATURE.length));
    throw new ProxyHeaderError('PROXY_ERR_MISSING', `no PROXY header: the connection begins with ${seen}, allowed is ${names}`);
  }

  #wait(bytes: Uint8Array): ProxyHeaderProgress {
    // A copy: a view would keep the whole chunk, however little of it is header.
    this.#held = new Uint8Array(bytes);
    this.#isOver = false;
    return MORE;
  }
}

/** Tells whether the bytes, as many as there are, are those of the prefix. */
function startsLike(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return prefix.every((byte, index) => index >= bytes.length || byte === bytes[index]);
}
