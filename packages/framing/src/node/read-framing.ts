import { readFileSync, statSync } from 'node:fs';
import { createSideDecoder } from '../layout/side-decoder.ts';
import { framingOf } from '../protocols/registry.ts';
import type { FramingEntry } from '../layout/entry.ts';
import type { Layout } from '../layout/layout.ts';

/** Longest layout file, in bytes. */
const MAX_FILE_BYTES = 65_536;

/**
 * The framing of a command line: anything that `framingOf` takes, and the path of a layout file: a text that ends in `.json`. The
 * `text` of the result contains the layout itself, so that other processes need no file. A layout without a name gets that of its
 * file.
 *
 * @throws RangeError when there is no such file, or it is not a layout: the message names file and place.
 */
export function readFraming(text: string): FramingEntry {
  if (!text.endsWith('.json') || text.trimStart().startsWith('{')) return checked(framingOf(text));
  const layout = parsed(readLayoutFile(text), text);
  const name = /(?<name>[^/\\]+)\.json$/.exec(text)?.groups?.['name'] ?? 'layout';
  try {
    return checked(framingOf(typeof layout === 'object' && layout !== null && 'kind' in layout ? { name, ...layout } : layout));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new RangeError(`${text}: ${cause.message}`, { cause });
  }
}

/** Checks the preamble too, so that a fault in it is reported at the start. */
function checked(entry: FramingEntry): FramingEntry {
  createSideDecoder(entry, 'client');
  return entry;
}

function readLayoutFile(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > MAX_FILE_BYTES) throw new RangeError(`${path} has ${size} bytes, a layout at most ${MAX_FILE_BYTES}`);
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    throw new RangeError(`cannot read the layout ${path}: ${(cause as Error).message}`, { cause });
  }
}

function parsed(text: string, path: string): Layout {
  try {
    return JSON.parse(text) as Layout;
  } catch (cause) {
    throw new RangeError(`${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
}
