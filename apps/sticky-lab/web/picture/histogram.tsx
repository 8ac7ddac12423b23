import { fitting, sizeBins } from '@socklab/lab/picture';
import { t } from '../shell/language.ts';
import type { Text } from '../shell/language.ts';
import type { FlowIndex, SizeBin } from '@socklab/lab/picture';
import type { JSX } from 'preact';

const HEIGHT = 96;
const TOP = 16;
const BOTTOM = 18;
const WIDEST_BAR = 56;
const SPACE = 8;

/** What {@link Histogram} shows. */
export interface HistogramProps {
  /** The size of each read, or of each piece that a proxy sent on, in bytes; of those that are kept. */
  readonly sizes: readonly number[];
  /** How many there were. */
  readonly total: number;
  readonly of: FlowIndex['way']['sized'];
}

/** How many reads there were of each size. */
export function Histogram({ sizes, total, of }: HistogramProps): JSX.Element | null {
  const bins = sizeBins(sizes);
  if (bins.length === 0) return null;
  const most = Math.max(...bins.map(({ count }) => count));
  const step = bins.reduce((widest, bin) => Math.max(widest, nameOf(bin).length * 7 + SPACE), WIDEST_BAR);
  const width = step * bins.length + SPACE;
  return (
    <figure class="histogram">
      <figcaption>{titleOf(of, sizes.length, total)}</figcaption>
      <div class="scroll" tabIndex={0}>
        <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={sentence(bins)}>
          <line class="axis" x1="0" y1={HEIGHT - BOTTOM} x2={width} y2={HEIGHT - BOTTOM} />
          {bins.map((bin, at) => (
            <Bar key={bin.from} bin={bin} x={SPACE / 2 + at * step} width={step - SPACE} most={most} />
          ))}
        </svg>
      </div>
    </figure>
  );
}

const TITLES: Readonly<Record<HistogramProps['of'], Text>> = {
  read: { en: 'Sizes of the reads, in bytes', zh: '每次读取的字节数' },
  forwarded: { en: 'Sizes of the pieces sent on, in bytes', zh: '转发的每段字节数' },
  segment: { en: 'Sizes of the segments, in bytes', zh: '每个报文段的字节数' },
};

function titleOf(of: HistogramProps['of'], count: number, total: number): string {
  const title = t(TITLES[of]);
  if (count === total) return title;
  return t({ en: `${title}: the first ${count} of ${total}`, zh: `${title}（${total} 次中的前 ${count} 次）` });
}

interface BarProps {
  readonly bin: SizeBin;
  readonly x: number;
  readonly width: number;
  readonly most: number;
}

function Bar({ bin, x, width, most }: BarProps): JSX.Element {
  const height = Math.max(2, ((HEIGHT - TOP - BOTTOM) * bin.count) / most);
  const y = HEIGHT - BOTTOM - height;
  const middle = x + width / 2;
  return (
    <g data-from={bin.from} data-to={bin.to} data-count={bin.count}>
      <rect class="bar" x={x} y={y} width={width} height={height} />
      <text class="mark" x={middle} y={y - 4} text-anchor="middle">
        {fitting(width + SPACE, `×${bin.count}`)}
      </text>
      <text class="mark" x={middle} y={HEIGHT - 4} text-anchor="middle">
        {nameOf(bin)}
      </text>
    </g>
  );
}

function nameOf({ from, to }: SizeBin): string {
  return from === to ? `${from}` : `${from}–${to}`;
}

function sentence(bins: readonly SizeBin[]): string {
  return bins
    .map((bin) => t({ en: `${nameOf(bin)} bytes: ${bin.count}`, zh: `${nameOf(bin)} 字节：${bin.count} 次` }))
    .join(t({ en: '; ', zh: '；' }));
}
