import { describe, expect, test } from 'vitest';
import { FORM_NAMES, recognise } from '../../../src/pages/codec/pasted/recognise.ts';
import type { PastedForm } from '../../../src/pages/codec/pasted/recognise.ts';

/** The same five bytes, an 0x16 and `hi"` and a zero, as programs show them. */
const BYTES = [0x16, 0x68, 0x69, 0x22, 0x00];

const SAMPLES: Readonly<Record<Exclude<PastedForm, 'tcpdump'>, readonly string[]>> = {
  hex: ['16 68 69 22 00', '0x16,0x68,0x69,0x22,0x00', '1668692200', '<Buffer 16 68 69 22 00>'],
  xxd: ['00000000: 1668 6922 00                             .hi".'],
  hexdump: ['00000000  16 68 69 22 00                                    |.hi".|\n00000005'],
  od: ['0000000 16 68 69 22 00\n0000005'],
  'c-array': [
    '/* Frame (5 bytes) */\nstatic const unsigned char pkt1[5] = {\n0x16, 0x68, 0x69, 0x22, /* .hi" */\n0x00 /* . */\n};',
    'uint8_t data[] = { 22, 104, 105, 34, 0 };',
  ],
  go: ['[]byte{0x16, 0x68, 0x69, 0x22, 0x0}', 'var b = [5]byte{22, 104, 105, 34, 0}'],
  python: [String.raw`b'\x16hi"\x00'`, String.raw`b"\x16hi\"\x00"`],
  string: [String.raw`"\x16hi\"\0"`, String.raw`'\u0016hi"\0'`],
  'node-json': ['{"type":"Buffer","data":[22,104,105,34,0]}'],
  decimals: ['[22, 104, 105, 34, 0]', '[22 104 105 34 0]', '22 104 105 34 0', '22,104,105,34,0'],
  base64: ['FmhpIgA=', 'FmhpIgA=\n'],
  yaml: [
    'peers:\n  - peer: 0\n    host: 127.0.0.1\n    port: 9000\npackets:\n  - packet: 4\n    peer: 0\n    index: 0\n    timestamp: 1.5\n    data: !!binary |\n      Fmho\n  - packet: 5\n    peer: 1\n    index: 0\n    timestamp: 1.6\n    data: !!binary |\n      AAAA\n'.replace(
      'Fmho',
      'FmhpIgA=',
    ),
  ],
  strace: [
    String.raw`sendto(3, "\26hi\"\0", 5, 0, NULL, 0) = 5`,
    `[pid 7] write(20<socket:[1]>, "\\26hi", 3) = 3\nread(20, "no", 64) = 2\nwrite(20, "\\"\\0", 2) = 2`,
  ],
};

/** IPv4 and TCP, from port 0x1000 to 0x2000 or back, with these bytes. */
function packet(payload: readonly number[], isBack = false): readonly number[] {
  const ports = isBack ? [0x20, 0, 0x10, 0] : [0x10, 0, 0x20, 0];
  const ip = [0x45, 0, 0, 40 + payload.length, 0, 0, 0, 0, 64, 6, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1];
  return [...ip, ...ports, ...Array<number>(8).fill(0), 0x50, 0x18, 1, 0, 0, 0, 0, 0, ...payload];
}

/** As `tcpdump -X` prints it, the summary first. */
function tcpdump(bytes: readonly number[]): string {
  const lines = ['12:00:00.000000 IP 127.0.0.1.4096 > 127.0.0.1.8192: Flags [P.], length 5'];
  for (let at = 0; at < bytes.length; at += 16) {
    const hex = Buffer.from(bytes.slice(at, at + 16))
      .toString('hex')
      .replaceAll(/(.{4})(?=.)/g, '$1 ');
    lines.push(`\t0x${at.toString(16).padStart(4, '0')}:  ${hex.padEnd(39)}  E..`);
  }
  return lines.join('\n');
}

describe('what is pasted', () => {
  test.each(Object.entries(SAMPLES).flatMap(([form, texts]) => texts.map((text) => [form, text] as const)))(
    'is taken for %s: %j',
    (form, text) => {
      expect(recognise(text)).toEqual({ form, reading: { bytes: Uint8Array.from(BYTES) }, headerBytes: 0 });
    },
  );

  test('of tcpdump is a packet with its headers, which are known; of several what TCP carried one way', () => {
    const one = recognise(tcpdump(packet(BYTES)));
    expect(one).toMatchObject({ form: 'tcpdump', headerBytes: 40 });
    expect(one?.reading).toEqual({ bytes: Uint8Array.from(packet(BYTES)) });
    const ethernet = recognise(tcpdump([...Array<number>(14).fill(1), ...packet(BYTES)]));
    expect(ethernet).toMatchObject({ headerBytes: 54 });
    const many = [packet([]), packet(BYTES.slice(0, 2)), packet([7, 7], true), packet(BYTES.slice(2))].map(tcpdump).join('\n');
    expect(recognise(many)?.reading).toEqual({ bytes: Uint8Array.from(BYTES) });
  });

  test('is refused with what would help where strace shortened it', () => {
    expect(recognise('write(1, "abc"..., 9000) = 9000')?.reading).toMatchObject({ refusal: { en: expect.stringContaining('-s 65536') } });
  });

  test.each(['', '   ', 'hello', 'a word or two', '"plain"', '[300, 2]'])('is left alone when it is none of them: %j', (text) => {
    expect(recognise(text)).toBeUndefined();
  });

  test('is looked at once, however long it is', () => {
    for (const part of ['1 ', '"\\', 'b"', '{', '0x', "'", 'peer: 1 data: !!binary |\n ', 'read(1, "', '/*']) {
      const { length } = part;
      expect(() => recognise(part.repeat(100_000 / length))).not.toThrow();
    }
  });

  test('has a name for each form in both languages', () => {
    expect(Object.keys(FORM_NAMES).toSorted()).toEqual([...Object.keys(SAMPLES), 'tcpdump'].toSorted());
  });
});
