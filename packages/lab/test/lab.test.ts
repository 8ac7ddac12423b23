import { openHandles } from '@socklab/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { shown, utf8 } from '../src/lab/base/text.ts';
import { createLab } from '../src/lab/lab.ts';
import { recvSizes } from '../src/lab/record/recv.ts';
import type { OwnedLab } from '../src/lab/lab.ts';
import type { RecvProgram } from '../src/lab/record/recv.ts';

const controller = new AbortController();
let lab: OwnedLab;
let before: readonly string[];

function* firstByte(): RecvProgram<string> {
  return shown(yield 1);
}

beforeEach(async () => {
  before = await openHandles();
  lab = createLab(controller.signal);
});

afterEach(async () => {
  await lab.close();
  expect(await openHandles()).toEqual(before);
});

describe('tcpPair', () => {
  test('each read is one recv(n)', async () => {
    const { sender, receiver, arrived } = await lab.tcpPair(recvSizes(1, 2, 3, 4));
    sender.send(utf8('abcdefghijkl'));
    await arrived(12);
    sender.end();
    receiver.start();
    expect((await receiver.result()).map(shown)).toEqual(['a', 'bc', 'def', 'ghij', 'kl', '']);
  });

  test('nothing is read before the receiver starts', async () => {
    const { sender, receiver, arrived } = await lab.tcpPair(recvSizes(1024));
    for (const text of ['one', 'two', 'three']) sender.send(utf8(text));
    await arrived(11);
    expect(receiver.reads).toEqual([]);
    sender.end();
    receiver.start();
    expect((await receiver.result()).map(shown)).toEqual(['onetwothree', '']);
  });

  test('40 pieces delivered are seen as 40 reads, however much a read may take', async () => {
    const pieces = Array.from({ length: 40 }, (_, index) => utf8(String.fromCodePoint(0x41 + index)));
    const { sender, receiver, deliver } = await lab.tcpPair(recvSizes(4096));
    await deliver(pieces);
    sender.end();
    const reads = await receiver.result();
    expect(reads.slice(0, -1).map(shown)).toEqual(pieces.map(shown));
  });

  test('delivery waits no longer when the program is done', async () => {
    const { receiver, deliver } = await lab.tcpPair(firstByte());
    await deliver([utf8('ab'), utf8('cd')]);
    await expect(receiver.result()).resolves.toBe('a');
    expect(receiver.reads).toHaveLength(1);
    expect(lab.recorded().flows[0]?.totalBytes).toBe(4);
  });

  test('what the program throws is its result', async () => {
    const failure = new Error('no');
    // oxlint-disable-next-line require-yield -- it fails before its first read
    function* program(): RecvProgram<never> {
      throw failure;
    }
    const { receiver } = await lab.tcpPair(program());
    await expect(receiver.result()).rejects.toBe(failure);
  });

  test('a receiver that waits when the lab closes fails with LAB_ERR_CLOSED', async () => {
    const { receiver } = await lab.tcpPair(recvSizes(1024));
    receiver.start();
    const waiting = expect(receiver.result()).rejects.toThrow(expect.objectContaining({ code: 'LAB_ERR_CLOSED' }));
    await lab.close();
    await waiting;
  });
});

describe('udpSocket', () => {
  test('datagrams that came early wait, in order', async () => {
    const receiver = await lab.udpSocket();
    const sender = await lab.udpSocket();
    await Promise.all(['a', '', 'c'].map((text) => sender.send(utf8(text), receiver.port)));
    const received = [await receiver.receive(), await receiver.receive(), await receiver.receive()];
    expect(received.map(shown)).toEqual(['a', '', 'c']);
  });

  test('a receiver that waits when the lab closes fails with LAB_ERR_CLOSED', async () => {
    const receiver = await lab.udpSocket();
    const waiting = expect(receiver.receive()).rejects.toThrow(expect.objectContaining({ code: 'LAB_ERR_CLOSED' }));
    await lab.close();
    await waiting;
    await expect(receiver.receive()).rejects.toThrow(expect.objectContaining({ code: 'LAB_ERR_CLOSED' }));
  });
});

test('what is being opened when the lab closes is closed too, and nothing waits', async () => {
  const opening = Promise.allSettled([lab.tcpPair(recvSizes(1)), lab.udpSocket()]);
  await lab.close();
  const outcomes = await opening;
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('a closed lab opens nothing, LAB_ERR_CLOSED', async () => {
  await lab.close();
  const refused = expect.objectContaining({ code: 'LAB_ERR_CLOSED' });
  await expect(lab.tcpPair(recvSizes(1))).rejects.toThrow(refused);
  await expect(lab.udpSocket()).rejects.toThrow(refused);
});
