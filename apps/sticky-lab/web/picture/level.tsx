import { levelOf } from '@socklab/lab/picture';
import { t } from '../shell/language.ts';
import { timeName } from './words.ts';
import type { RecordedFlow } from '@socklab/lab/picture';
import type { JSX } from 'preact';

const HEIGHT = 56;
/** With fewer events the picture itself shows them. */
const LEAST_EVENTS = 20;

/** What {@link LevelChart} shows. */
export interface LevelChartProps {
  readonly flow: RecordedFlow;
  /** In pixels. */
  readonly width: number;
}

/** How many bytes waited to be read, over time: a queue without a reader. Nothing for a few events. */
export function LevelChart({ flow, width }: LevelChartProps): JSX.Element | null {
  const { totals, transport } = flow;
  const level = totals.write + totals.read < LEAST_EVENTS ? undefined : levelOf(flow, width, HEIGHT);
  if (level === undefined) return null;
  const { most, left, durationUs, points } = level;
  const line = points.map(({ x, y }) => `L${x},${y}`).join(' ');
  const where =
    transport === 'tcp'
      ? { en: 'written, not read yet', zh: '已写入、尚未读取' }
      : { en: 'sent, not read: queued or lost', zh: '已发出、未读取（在排队或已丢失）' };
  const end = left === 0 ? { en: '', zh: '' } : { en: `, ${left} at the end`, zh: `，结束时还有 ${left}` };
  return (
    <figure class="level">
      <figcaption>
        {t({
          en: `Bytes ${where.en}: at most ${most}${end.en}, in ${timeName(durationUs)}`,
          zh: `${where.zh}的字节：最多 ${most}${end.zh}，历时 ${timeName(durationUs)}`,
        })}
      </figcaption>
      <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
        <path class="area" d={`M0,${HEIGHT} ${line} V${HEIGHT} Z`} />
      </svg>
    </figure>
  );
}
