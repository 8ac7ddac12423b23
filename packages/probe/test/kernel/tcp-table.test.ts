import { describe, expect, test } from 'vitest';
import { addressDigits } from '../../src/kernel/address-digits.ts';
import { addRow, removeRow, scanRows, wantedRow } from '../../src/kernel/tcp-table.ts';
import type { RowAddress, RowIndex } from '../../src/kernel/tcp-table.ts';

const HEADING = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

function row(slot: number, local: string, remote: string, state: string, queues: string): string {
  return `${String(slot).padStart(4)}: ${local} ${remote} ${state} ${queues} 00:00000000 00000000     0        0 1145 1 0000000000000000 100 0 0 10 0\n`;
}

const HERE = '0100007F:CF48';
const THERE = '0100007F:9431';
const CONNECTION: RowAddress = { localAddress: '127.0.0.1', localPort: 0xcf48, remoteAddress: '127.0.0.1', remotePort: 0x9431 };

function scan(text: string, wanted: RowAddress = CONNECTION, table: 'tcp' | 'tcp6' = 'tcp'): { seen: [number, number][]; stopped: number } {
  const seen: [number, number][] = [];
  const index: RowIndex = new Map();
  const found = wantedRow(wanted, table, (sendQueue, receiveQueue) => seen.push([sendQueue, receiveQueue]));
  if (found !== undefined) addRow(index, found);
  const bytes = Buffer.from(text, 'latin1');
  return { seen, stopped: scanRows(bytes, bytes.length, table, index) };
}

describe('the table of TCP sockets', () => {
  test('gives both queues of the row with the wanted ports and addresses', () => {
    const text = HEADING + row(0, THERE, HERE, '01', '00000000:00000001') + row(1, HERE, THERE, '01', '0000000A:000001FF');
    expect(scan(text).seen).toEqual([[10, 511]]);
  });

  test('passes over sockets that listen or rest in TIME_WAIT, and those of other addresses', () => {
    const text =
      row(0, HERE, THERE, '0A', '00000000:00000000') +
      row(1, HERE, THERE, '06', '00000000:00000000') +
      row(2, '0200007F:CF48', THERE, '01', '00000000:00000000') +
      row(3, HERE, '0200007F:9431', '01', '00000000:00000000');
    expect(scan(text).seen).toEqual([]);
  });

  test('reads rows whose slot number is wider than its column', () => {
    expect(scan(row(123_456, HERE, THERE, '01', '00000000:00000007')).seen).toEqual([[0, 7]]);
  });

  test('stops where the first line begins that is not whole, at every position', () => {
    const whole = row(0, THERE, HERE, '01', '00000000:00000000');
    const text = whole + row(1, HERE, THERE, '01', '00000000:00000009');
    for (let end = whole.length; end < text.length; end++) {
      expect(scan(text.slice(0, end))).toEqual({ seen: [], stopped: whole.length });
    }
    expect(scan(text)).toEqual({ seen: [[0, 9]], stopped: text.length });
  });

  test('is not misled by lines that are none of a table', () => {
    expect(scan('\n:\n: \nnothing here\n1: 0100007F:CF48 0100007F:9431\n').seen).toEqual([]);
  });

  test('finds IPv6 and v4-mapped addresses in tcp6', () => {
    const mapped = '0000000000000000FFFF00000100007F';
    const text = row(0, `${mapped}:CF48`, `${mapped}:9431`, '01', '00000000:00000003');
    expect(scan(text, CONNECTION, 'tcp6').seen).toEqual([[0, 3]]);
    expect(scan(text, { ...CONNECTION, localAddress: '::ffff:127.0.0.1', remoteAddress: '::ffff:127.0.0.1' }, 'tcp6').seen).toEqual([
      [0, 3],
    ]);
    const loopback = '00000000000000000000000001000000';
    const six = { ...CONNECTION, localAddress: '::1', remoteAddress: '::1' };
    expect(scan(row(0, `${loopback}:CF48`, `${loopback}:9431`, '01', '00000000:00000004'), six, 'tcp6').seen).toEqual([[0, 4]]);
  });

  test('looks for no more than is in the index', () => {
    const index: RowIndex = new Map();
    const first = wantedRow(CONNECTION, 'tcp', () => {})!;
    const second = wantedRow(CONNECTION, 'tcp', () => {})!;
    addRow(index, first);
    addRow(index, second);
    removeRow(index, first);
    expect(index.get(first.key)).toEqual([second]);
    removeRow(index, second);
    expect(index.size).toBe(0);
  });
});

describe('an address as a table writes it', () => {
  test.for([
    ['127.0.0.1', 'tcp', '0100007F'],
    ['10.1.2.3', 'tcp', '0302010A'],
    ['127.0.0.1', 'tcp6', '0000000000000000FFFF00000100007F'],
    ['::ffff:127.0.0.1', 'tcp', '0100007F'],
    ['::1', 'tcp6', '00000000000000000000000001000000'],
    ['::', 'tcp6', '00000000000000000000000000000000'],
    ['fe80::1:2%eth0', 'tcp6', '000080FE000000000000000002000100'],
    ['2001:db8:1:2:3:4:5:6', 'tcp6', 'B80D0120020001000400030006000500'],
    ['::1', 'tcp', undefined],
    ['localhost', 'tcp', undefined],
  ] as const)('%s in %s is %s', ([address, table, digits]) => {
    expect(addressDigits(address, table)).toBe(digits);
  });
});
