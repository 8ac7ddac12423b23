import { exchangeOf, readRecording } from '@socklab/probe';
import { describe, expect, test } from 'vitest';
import { FlowRecord } from '../../../src/pages/proxy/flow-record.ts';
import { MAX_RECORDED_BYTES } from '../../../src/pages/proxy/recorded.ts';
import { firstRequest, recordingFile } from '../../../src/pages/proxy/recording-file.ts';

const OF = { target: '127.0.0.1:6379', framing: 'line' };

function read(record: FlowRecord, text: string, us: number): void {
  const bytes = Buffer.from(text);
  record.read(bytes, bytes.length, us);
}

/** A client that asks twice, and ends. */
function flow(): { readonly up: FlowRecord; readonly down: FlowRecord } {
  const [up, down] = [new FlowRecord('line'), new FlowRecord('line')];
  read(up, 'PI', 100);
  read(up, 'NG\r\n', 200);
  up.wrote(6, false, 210);
  read(down, '+PONG\r\n', 900);
  down.wrote(7, true, 950);
  read(up, 'QUIT\r\n', 1900);
  up.end(false, 2000);
  return { up, down };
}

describe('what passed through a proxy', () => {
  test('is a recording that the probe reads, in the order in which it passed', () => {
    const { up, down } = flow();
    const recording = readRecording(recordingFile({ up: up.whole, down: down.whole }, OF) ?? '');
    expect(recording).toMatchObject(OF);
    expect(recording.events.map(({ ms, from, bytes, end }) => [ms, from, end ?? Buffer.from(bytes ?? []).toString()])).toEqual([
      [0.1, 'client', 'PI'],
      [0.2, 'client', 'NG\r\n'],
      [0.9, 'server', '+PONG\r\n'],
      [1.9, 'client', 'QUIT\r\n'],
      [2, 'client', 'fin'],
    ]);
    expect(exchangeOf(recording).steps).toHaveLength(4);
  });

  test('is no recording when a part of it is not kept', () => {
    const { up, down } = flow();
    read(down, 'x'.repeat(MAX_RECORDED_BYTES), 3000);
    expect(recordingFile({ up: up.whole, down: down.whole }, OF)).toBeUndefined();
  });

  test('begins with what the client sent before it was answered', () => {
    const { up, down } = flow();
    expect(firstRequest({ up: up.whole, down: down.whole })).toEqual({ hex: Buffer.from('PING\r\n').toString('hex') });
    expect(firstRequest({ up: new FlowRecord(undefined).whole, down: down.whole })).toBeUndefined();
  });
});
