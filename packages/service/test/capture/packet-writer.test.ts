import { expect, test } from 'vitest';
import { pcapngPackets } from '../../src/capture/reading/pcapng-packets.ts';
import { packetWriter } from '../../src/index.ts';

test('packets keep their time, link type and bytes, whatever the order of the link types', () => {
  const written: Uint8Array[] = [];
  const writer = packetWriter((bytes) => void written.push(bytes));
  writer.describe(101, 'made up');
  const packets = [1, 101, 1, 113].map((linkType, index) => ({
    time: 1_700_000_000_000.001 + index,
    linkType,
    bytes: new Uint8Array(index).fill(index),
  }));
  for (const packet of packets) writer.packet(packet);
  const file = Buffer.concat(written);
  const read = pcapngPackets(file);
  expect(read.isTorn).toBe(false);
  expect(read.packets.map(({ time, linkType, bytes }) => ({ time, linkType, bytes: new Uint8Array(bytes) }))).toEqual(packets);
  expect(file.includes('made up')).toBe(true);
});

test('each write is of whole blocks: the file can be read after any of them', () => {
  let file = Buffer.alloc(0);
  const writer = packetWriter((bytes) => {
    file = Buffer.concat([file, bytes]);
    expect(pcapngPackets(file).isTorn).toBe(false);
  });
  writer.packet({ time: 1, linkType: 1, bytes: Buffer.from('hello') });
  writer.packet({ time: 2, linkType: 0, bytes: Buffer.from('world!') });
  expect(pcapngPackets(file).packets.length).toBe(2);
});
