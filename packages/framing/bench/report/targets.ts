import { CHUNKINGS, ENCODING, SIZES } from '../cells.ts';
import { CONTENDERS } from '../contenders/index.ts';
import type { Group, Task } from '../cells.ts';
import type { Results } from './results.ts';

/** A goal, checked in each of its cells. */
interface Aim {
  readonly text: string;
  readonly task: Task;
  readonly sizes: readonly string[];
  readonly chunkings: readonly string[];
  readonly ours: string;
  /** The reference: the best of these contenders in the same cell. */
  readonly reference: readonly string[];
  /** At most this many times the reference's cost. */
  readonly allowed: number;
}

/** The comparison in one cell. */
export interface Comparison {
  readonly where: string;
  readonly ours: number;
  readonly reference: number;
  readonly ratio: number;
  readonly isMet: boolean;
}

/** A goal and its comparisons, worst cell first. */
export interface Target {
  readonly text: string;
  readonly allowed: number;
  readonly comparisons: readonly Comparison[];
  readonly isMet: boolean;
}

const sizes = SIZES.map(({ name }) => name);
const chunkings = CHUNKINGS.map(({ name }) => name);
const [bigChunks, cuttingChunks, singleBytes] = chunkings as [string, string, string];
/** Hand-written decoders that work on chunks, as a socket delivers them; the others see the whole stream. */
const streamingByHand = ['hand-no-views', 'hand-uint8array'];
/** Return prefix and payload separately: joining them is left to the program or the socket. */
const UNJOINED = ['encode-it-length-prefixed', 'encode-length-prefixed-stream'];
/** Doubling the input may cost two and a half times as much: a quarter more per byte. */
const LINEAR_RATIO = 1.25;

const AIMS: readonly Aim[] = [
  decoding('as it comes, 64 KiB chunks: at most 1.5 × `new Uint8Array` by hand', 'ours-auto', sizes, bigChunks, ['hand-uint8array'], 1.5),
  decoding('cursor, 64 KiB chunks: at most 1.3 × by hand without views', 'ours-cursor', sizes, bigChunks, ['hand-no-views'], 1.3),
  decoding('cursor, frames cut by chunks: at most 1.2 × by hand', 'ours-cursor', ['1KiB'], cuttingChunks, ['hand-no-views'], 1.2),
  decoding('as it comes, frames cut by chunks: at most 1.2 × by hand', 'ours-auto', ['1KiB'], cuttingChunks, ['hand-uint8array'], 1.2),
  {
    text: 'encode into a slab: at most 1.3 × one preallocated buffer by hand',
    task: 'encode',
    sizes,
    chunkings: [ENCODING.name],
    ours: 'encode-ours-slab',
    reference: ['encode-hand-one-buffer'],
    allowed: 1.3,
  },
  {
    text: 'encode(), a buffer for each frame: at most 1.3 × `Buffer.allocUnsafe` by hand',
    task: 'encode',
    sizes,
    chunkings: [ENCODING.name],
    ours: 'encode-ours-each',
    reference: ['encode-hand-each'],
    allowed: 1.3,
  },
  ...namesOf('decode', 'ours').map((ours) =>
    decoding(`${ours}, one-byte chunks: at most 1.5 × the best by hand`, ours, sizes, singleBytes, streamingByHand, 1.5),
  ),
  ...fastest('decode', chunkings, namesOf('decode', 'ours')),
  ...fastest('lines', chunkings, namesOf('lines', 'ours')),
  ...fastest('encode', [ENCODING.name], ['encode-ours-slab', 'encode-ours-each']),
];

function decoding(text: string, ours: string, at: readonly string[], chunking: string, reference: Aim['reference'], allowed: number): Aim {
  return { text, task: 'decode', sizes: at, chunkings: [chunking], ours, reference, allowed };
}

/** Once against those that do the same work, and once against all when some do less. */
function fastest(task: Task, at: readonly string[], contenders: readonly string[]): readonly Aim[] {
  const all = namesOf(task, 'npm');
  const whole = all.filter((name) => !UNJOINED.includes(name));
  return contenders.flatMap((ours) => {
    const aim = { task, sizes, chunkings: at, ours, allowed: 1 };
    const first = { ...aim, text: `${ours}: ahead of all of npm`, reference: whole };
    if (whole.length === all.length) return [first];
    return [
      { ...first, text: `${first.text} that join what belongs together` },
      { ...aim, text: `${first.text}, joining or not`, reference: all },
    ];
  });
}

function namesOf(task: Task, group: Group): readonly string[] {
  return CONTENDERS.filter((contender) => contender.task === task && contender.group === group).map(({ name }) => name);
}

/** Every goal of which a cell was measured. */
export function computeTargets(results: Results): readonly Target[] {
  return [...AIMS.map((aim) => concluded(aim.text, aim.allowed, compare(aim, results))), ...linearity(results)].filter(
    ({ comparisons }) => comparisons.length > 0,
  );
}

function compare({ task, sizes: at, chunkings: among, ours, reference, allowed }: Aim, results: Results): readonly Comparison[] {
  return among.flatMap((chunking) =>
    at.flatMap((size) => {
      const costs = reference.map((name) => results.cost(task, size, chunking, name));
      return comparison(`${size}, ${chunking}`, results.cost(task, size, chunking, ours), smallest(costs), allowed);
    }),
  );
}

/** A byte must cost the same in a large frame as in a small one: when bytes come one by one, and when a frame takes many chunks. */
function linearity(results: Results): readonly Target[] {
  return namesOf('decode', 'ours').flatMap((ours) => {
    const against = (chunking: string, large: Named, small: Named): readonly Comparison[] => {
      const [ofLarge, ofSmall] = [large, small].map(([size, byteLength]) => {
        const cost = results.cost('decode', size, chunking, ours);
        return cost === undefined ? undefined : cost / byteLength;
      });
      return comparison(`${large[0]}, a byte, against ${small[0]}`, ofLarge, ofSmall, LINEAR_RATIO);
    };
    const single = against(singleBytes, ['64KiB', 65_536], ['1KiB', 1024]);
    const many = against(bigChunks, ['64MiB', 2 ** 26], ['32MiB', 2 ** 25]);
    return [
      concluded(`${ours}, one-byte chunks: linear`, LINEAR_RATIO, single),
      concluded(`${ours}, one frame in many 64 KiB chunks: linear`, LINEAR_RATIO, many),
    ];
  });
}

/** A size and how many bytes it has. */
type Named = readonly [name: string, byteLength: number];

function comparison(where: string, ours: number | undefined, reference: number | undefined, allowed: number): readonly Comparison[] {
  if (ours === undefined || reference === undefined) return [];
  const ratio = ours / reference;
  return [{ where, ours, reference, ratio, isMet: ratio <= allowed }];
}

function concluded(text: string, allowed: number, comparisons: readonly Comparison[]): Target {
  const worstFirst = comparisons.toSorted((a, b) => b.ratio - a.ratio);
  return { text, allowed, comparisons: worstFirst, isMet: worstFirst.every(({ isMet }) => isMet) };
}

function smallest(costs: readonly (number | undefined)[]): number | undefined {
  const known = costs.filter((cost) => cost !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
