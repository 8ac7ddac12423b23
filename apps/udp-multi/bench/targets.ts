import { markdownTable, median } from '@socklab/bench';
import { describe } from './matrix.ts';
import type { Cell } from './matrix.ts';
import type { Sample } from './sample.ts';
import type { Samples } from '@socklab/bench';

interface Target {
  readonly text: string;
  readonly reference: string;
  readonly allowed: number;
  readonly applies: (cell: Cell) => boolean;
}

const isEcho = ({ kind }: Cell): boolean => kind !== 'fan-out';
const isFanout = ({ kind }: Cell): boolean => kind === 'fan-out';

/** At least 0.9 × as many copies for the same processor time. */
const FANOUT_ALLOWED = 1 / 0.9;

const TARGETS: readonly Target[] = [
  { text: 'against bare Node', reference: 'node-dgram', allowed: 1, applies: isEcho },
  { text: 'against bare Node, lookup at once', reference: 'node-dgram-lookup', allowed: 1, applies: isEcho },
  { text: 'against Python asyncio', reference: 'python-asyncio', allowed: 1, applies: isEcho },
  { text: 'fan-out against a bare Node loop', reference: 'node-dgram', allowed: FANOUT_ALLOWED, applies: isFanout },
  { text: 'fan-out against a bare Node loop, lookup at once', reference: 'node-dgram-lookup', allowed: FANOUT_ALLOWED, applies: isFanout },
];

/** The table of targets: what udp-multi costs against others, in the worst cell of each. */
export function targets(samples: Samples<Cell, Sample>): string {
  const rows = TARGETS.flatMap((target) => {
    const ratios = [...samples]
      .filter(([cell]) => target.applies(cell))
      .map(([cell, byName]) => ({ cell, ratio: cost(byName, 'udp-multi') / cost(byName, target.reference) }))
      .filter(({ ratio }) => Number.isFinite(ratio));
    return ratios.length === 0 ? [] : [row(target, ratios)];
  });
  const head = ['target', 'worst cell', 'ratio', 'allowed', 'cells met', 'missed'];
  return `## Targets: processor time for a datagram\n\n${markdownTable(head, rows)}`;
}

function row({ text, allowed }: Target, ratios: readonly { readonly cell: Cell; readonly ratio: number }[]): readonly string[] {
  const worst = ratios.toSorted((a, b) => b.ratio - a.ratio)[0]!;
  const missed = ratios.filter(({ ratio }) => ratio > allowed);
  return [
    text,
    describe(worst.cell),
    `${worst.ratio.toFixed(2)} ×`,
    `${allowed.toFixed(2)} ×`,
    `${ratios.length - missed.length} of ${ratios.length}`,
    missed.map(({ cell, ratio }) => `${describe(cell)}: ${ratio.toFixed(2)} ×`).join('; '),
  ];
}

function cost(byName: ReadonlyMap<string, readonly Sample[]>, name: string): number {
  return median((byName.get(name) ?? []).map(({ serverNanosecondsPerDatagram }) => serverNanosecondsPerDatagram));
}
