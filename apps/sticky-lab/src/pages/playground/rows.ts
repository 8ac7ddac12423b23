import { describeArrival } from '@socklab/lab';
import type { Plan } from './plan.ts';
import type { PlaygroundSettings } from './settings.ts';
import type { Arrival } from '@socklab/lab';
import type { Row, Text } from '@socklab/lab';
import type { RecordedFlow } from '@socklab/lab/picture';

/** Facts about a connection besides its plan. */
export interface SideFacts {
  /** The sizes of the reads, in bytes. */
  readonly readSizes: readonly number[];
  /** How it was verified that everything had arrived before the first read; `undefined` without that wait. */
  readonly arrival: Arrival | undefined;
  readonly settings: PlaygroundSettings;
  readonly durationMs: number;
  readonly flow: RecordedFlow;
}

/** What the sockets of one connection did, for people. */
export function describeSide(plan: Plan, { readSizes, arrival, settings, durationMs, flow }: SideFacts): readonly Row[] {
  const payloadBytes = plan.sent.reduce((sum, { length }) => sum + length, 0);
  const headerBytes = plan.wire.length - payloadBytes;
  const writeSizes = plan.writes.map(({ start, end }) => end - start);
  return [
    {
      label: { en: 'bytes on the wire', zh: '线上字节' },
      value: {
        en: `${plan.wire.length}: ${payloadBytes} of messages, ${headerBytes} of framing`,
        zh: `${plan.wire.length}：消息 ${payloadBytes}，分帧 ${headerBytes}`,
      },
    },
    { label: { en: 'writes', zh: '写入' }, value: sizes(writeSizes) },
    ...segments(flow),
    { label: { en: 'reads', zh: '读取' }, value: sizes(readSizes) },
    { label: { en: 'first read', zh: '首次读取' }, value: arrival === undefined ? begin(settings) : describeArrival(arrival) },
    { label: { en: 'took', zh: '用时' }, value: { en: `${durationMs.toFixed(1)} ms`, zh: `${durationMs.toFixed(1)} 毫秒` } },
  ];
}

/** As a capture has them, or the kernel's counters; no row where there is neither. */
function segments({ segments: counted, events }: RecordedFlow): readonly Row[] {
  const label = { en: 'segments', zh: '报文段' };
  const captured = events.flatMap((event) => (event.type === 'segment' ? [event.end - event.start] : []));
  if (captured.length > 0) return [{ label, value: sizes(captured) }];
  return counted.map(({ count }) => ({ label, value: { en: `${count}, by the kernel's count`, zh: `${count} 个（内核计数）` } }));
}

function sizes(byteLengths: readonly number[]): Text {
  const smallest = byteLengths.reduce((least, each) => Math.min(least, each), Infinity);
  const largest = byteLengths.reduce((most, each) => Math.max(most, each), 0);
  const count = byteLengths.length;
  const range = smallest === largest ? `${largest}` : `${smallest}–${largest}`;
  const unit = largest === 1 ? 'byte' : 'bytes';
  return { en: `${count}, of ${range} ${unit}`, zh: `${count} 次，每次 ${range} 字节` };
}

function begin({ firstRead, firstReadMs }: PlaygroundSettings): Text {
  if (firstRead !== 'delayed') return { en: 'began before anything was written', zh: '在写入之前就开始' };
  return { en: `began after ${firstReadMs} ms`, zh: `在 ${firstReadMs} 毫秒后开始` };
}
