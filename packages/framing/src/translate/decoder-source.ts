import { checkedChoice } from '../choice.ts';
import { translate } from './programs/program.ts';
import { c } from './targets/c.ts';
import { go } from './targets/go.ts';
import { kaitai } from './targets/kaitai.ts';
import { python } from './targets/python.ts';
import { wireshark } from './targets/wireshark.ts';
import type { Layout } from '../layout/layout.ts';

/** The languages and tools that a layout can be translated to. */
export type Target = 'python' | 'go' | 'c' | 'wireshark' | 'kaitai';

/** Every {@link Target}. */
export const TARGETS: readonly Target[] = ['python', 'go', 'c', 'wireshark', 'kaitai'];

const WRITERS = { python, go, c };

/** Options of {@link decoderSource}. */
export interface DecoderSourceOptions {
  /** `wireshark`: the TCP port whose streams are dissected. @defaultValue none: chosen with "Decode As" */
  readonly port?: number;
}

/**
 * Writes the decoder of a layout in another language: it finds the same payloads as `codecOf`, and refuses the same bytes with the same codes.
 *
 * - `python`: a module for Python 3; `go`: a package; `c`: a C99 header. They read incrementally, and need nothing besides their language.
 * - `wireshark`: a Lua dissector, which reassembles.
 * - `kaitai`: a .ksy file, of a stream that is there as a whole; checksums are read and not checked.
 *
 * @param layout - JSON, unchecked.
 * @throws RangeError that says where the layout is wrong, or names the part that the language cannot express.
 */
export function decoderSource(layout: Layout, target: Target, { port }: DecoderSourceOptions = {}): string {
  checkedChoice('target', target, TARGETS);
  if (port !== undefined && (!Number.isInteger(port) || port < 1 || port > 65_535))
    throw new RangeError(`port is ${port}; allowed: 1 to 65535`);
  if (target === 'kaitai') return kaitai(layout);
  const translation = translate(layout);
  return target === 'wireshark' ? wireshark(translation, port === undefined ? {} : { port }) : WRITERS[target](translation);
}
