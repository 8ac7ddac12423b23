import { expect, test } from 'vitest';
import { createPcapStream } from '../../src/lab/packets/pcap-stream.ts';
import { pcapFile } from './pcap-file.ts';

const FILE = pcapFile([
  { time: 1_700_000_000_000.25, bytes: Buffer.from('hello') },
  { time: 1_700_000_001_999.999, bytes: Buffer.alloc(0) },
  { time: 1_700_000_002_000, bytes: Buffer.from('world') },
]);
const PACKETS = [
  { time: 1_700_000_000_000.25, linkType: 1, bytes: 'hello' },
  { time: 1_700_000_001_999.999, linkType: 1, bytes: '' },
  { time: 1_700_000_002_000, linkType: 1, bytes: 'world' },
];

test('the packets of a growing file are the same at every cut', () => {
  for (let cut = 0; cut <= FILE.length; cut++) {
    const stream = createPcapStream();
    const packets = [FILE.subarray(0, cut), FILE.subarray(cut)].flatMap((chunk) => stream.push(chunk));
    expect(packets.map(({ bytes, ...packet }) => ({ ...packet, bytes: Buffer.from(bytes).toString() }))).toEqual(PACKETS);
  }
});

test('what is no pcap file, or has a packet longer than any, is refused', () => {
  expect(() => createPcapStream().push(Buffer.alloc(24))).toThrow(new RangeError('a pcap file begins with d4c3b2a1, received 00000000'));
  const broken = Buffer.concat([FILE.subarray(0, 24), Buffer.alloc(16, 0xff)]);
  expect(() => createPcapStream().push(broken)).toThrow(expect.objectContaining({ code: 'FRAME_ERR_TOO_LARGE' }));
});
