import { printable } from '@socklab/service';
import { ProxyHeaderError } from './proxy-header.ts';
import { MAX_V1_BYTES, parseV1, v1End } from './proxy-v1.ts';
import { MAX_V2_DECLARED_BYTES, V2_FIXED_BYTES, V2_SIGNATURE, parseV2, v2End } from './proxy-v2.ts';
import type { ProxyHeader } from './proxy-header.ts';

/** Options of {@link createProxyHeaderReader}. */
export interface ProxyHeaderReaderOptions {
  /** The accepted versions. @defaultValue `'auto'`, which is both */
  readonly accept?: 'v1' | 'v2' | 'auto';
}

/** The state of the header. */
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
   * Takes the next chunk. Chunks are not kept; the header so far is copied, at most 4112 bytes.
   * @throws ProxyHeaderError for anything but a header: on the first byte that is invalid in its place, or once the
   * header is complete and its content is invalid. RangeError after the end.
   */
  push(chunk: Uint8Array): ProxyHeaderProgress;
}

/**
 * A parser of the header that a proxy puts before the bytes of its client, with the client's address. Accept it only
 * from known proxies: anyone who may connect could write it. Nor may a connection omit it where it is required.
 *
 * Source: The PROXY protocol, versions 1 and 2 (doc/proxy-protocol.txt of HAProxy).
 */
export function createProxyHeaderReader({ accept = 'auto' }: ProxyHeaderReaderOptions = {}): ProxyHeaderReader {
  return new HeaderReader(FORMATS.filter(({ name }) => accept === 'auto' || accept === name));
}

/** How one version is recognised, and parsed. */
interface Format {
  readonly name: 'v1' | 'v2';
  /** The beginning of all its headers. */
  readonly prefix: Uint8Array;
  readonly maxBytes: number;
  /** The offset after the header, or undefined while it is unknown; at least the prefix is there. */
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
    // Anything that throws below ends the parser.
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
    throw new ProxyHeaderError('PROXY_ERR_MISSING', `no PROXY header: the connection begins with ${seen}; allowed: ${names}`);
  }

  #wait(bytes: Uint8Array): ProxyHeaderProgress {
    // A copy: a view would keep the whole chunk, however short the header is.
    this.#held = new Uint8Array(bytes);
    this.#isOver = false;
    return MORE;
  }
}

/** Whether the bytes, as far as they go, equal the prefix. */
function startsLike(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return prefix.every((byte, index) => index >= bytes.length || byte === bytes[index]);
}
