import { fileURLToPath } from 'node:url';
import type { Bug } from '../src/types.ts';

/** One server of the gallery: what is wrong with it, and a request that shows it. */
export interface GalleryEntry {
  readonly name: string;
  /** The file to run; it takes a port (default: a free one) and prints the port that it listens on. */
  readonly file: string;
  readonly language: 'node' | 'python';
  /** Whether it answers right however the request is cut and glued. */
  readonly isCorrect: boolean;
  /** What the bug is called, where the pattern of the failing cuts alone tells. */
  readonly bug?: Bug;
  readonly framing: 'u32be' | 'line';
  readonly request: Uint8Array;
  /** The plans that find it. */
  readonly plans: string;
  /** The cut that is left of it when it is shrunk, the nearest to a boundary; absent where a single cut does not show it. */
  readonly smallestCut?: number;
}

const FRAMED = framed(Buffer.from('one request, one frame, and one right answer'));
const LINE = Buffer.from('a line of text\r\n');
const TEXT = Buffer.from('grüße, 世界 🌍\n');
const LONG = framed(Buffer.alloc(2000, 'long '));

/** All servers of the gallery. */
export const GALLERY: readonly GalleryEntry[] = [
  node('header-one-recv', 'u32be', FRAMED, { bug: 'header-one-recv', smallestCut: 3 }),
  node('payload-one-recv', 'u32be', FRAMED, { bug: 'payload-one-recv', smallestCut: 5 }),
  node('recv-is-message', 'line', LINE, { bug: 'recv-is-message', smallestCut: 14 }),
  node('text-per-chunk', 'line', TEXT, { bug: 'text-per-chunk', smallestCut: 19 }),
  node('crlf-per-chunk', 'line', LINE, { bug: 'delimiter-per-chunk', smallestCut: LINE.length - 1 }),
  node('drops-second-message', 'u32be', FRAMED, { bug: 'first-message-only', plans: 'every-cut+glue:2+glue+cut' }),
  node('resets-on-short-read', 'u32be', FRAMED, { bug: 'recv-is-message', smallestCut: 4 }),
  node('off-by-one-at-1460', 'u32be', LONG, { smallestCut: 1460, plans: 'bytes:1460+random:40' }),
  node('shared-buffer', 'u32be', FRAMED, { bug: 'shared-between-connections' }),
  python('header_one_recv', 'u32be', FRAMED, { bug: 'header-one-recv', smallestCut: 3 }),
  python('payload_one_recv', 'u32be', FRAMED, { bug: 'payload-one-recv', smallestCut: 5 }),
  python('text_per_chunk', 'line', TEXT, { bug: 'text-per-chunk', smallestCut: 19 }),
  node('quadratic-but-correct', 'u32be', FRAMED, { isCorrect: true }),
  node('answers-late', 'u32be', FRAMED, { isCorrect: true }),
  node('length-prefixed', 'u32be', FRAMED, { isCorrect: true, plans: 'every-cut+glue:2+glue+cut' }),
  node('line', 'line', TEXT, { isCorrect: true, plans: 'every-cut+glue:2+glue+cut' }),
];

type Particulars = Partial<Pick<GalleryEntry, 'isCorrect' | 'bug' | 'plans' | 'smallestCut'>>;

function node(name: string, framing: GalleryEntry['framing'], request: Uint8Array, particulars: Particulars): GalleryEntry {
  return entry(name, 'ts', { framing, request, ...particulars });
}

function python(name: string, framing: GalleryEntry['framing'], request: Uint8Array, particulars: Particulars): GalleryEntry {
  return entry(name, 'py', { framing, request, ...particulars });
}

function entry(name: string, extension: 'ts' | 'py', rest: Pick<GalleryEntry, 'framing' | 'request'> & Particulars): GalleryEntry {
  const file = fileURLToPath(new URL(`${name}.${extension}`, import.meta.url));
  return { name, file, language: extension === 'ts' ? 'node' : 'python', isCorrect: false, plans: 'every-cut', ...rest };
}

function framed(payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(payload.length);
  return Buffer.concat([header, payload]);
}
