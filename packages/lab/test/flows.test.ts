import { i32le, lengthPrefixed } from '@socklab/framing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import datagramsKeepBoundaries from '../src/experiments/boundaries/datagrams-keep-boundaries.ts';
import framesSurvive from '../src/experiments/boundaries/frames-survive.ts';
import naiveFixBreaks from '../src/experiments/boundaries/naive-fix-breaks.ts';
import shortReadSplits from '../src/experiments/boundaries/short-read-splits.ts';
import twoSendsMerge from '../src/experiments/boundaries/two-sends-merge.ts';
import tcpConnectsFirst from '../src/experiments/meeting/tcp-connects-first.ts';
import { alike, utf8 } from '../src/lab/base/text.ts';
import { createLab } from '../src/lab/lab.ts';
import { recvExactly, recvMessages, recvSizes } from '../src/lab/record/recv.ts';
import { runExperiment } from '../src/lab/run/runner.ts';
import { machine } from './machine.ts';
import type { Experiment } from '../src/lab/experiment.ts';
import type { OwnedLab } from '../src/lab/lab.ts';
import type { RecordedFlow, FlowEvent } from '../src/picture/flow.ts';

async function flowsOf(experiment: Experiment, params = {}): Promise<readonly RecordedFlow[]> {
  const { flows, outcome } = await runExperiment(experiment, { machine, params });
  expect(outcome).toBe('expected');
  for (const { events } of flows) expect(events.map(({ us }) => us)).toEqual(events.map(({ us }) => us).toSorted((a, b) => a - b));
  return flows;
}

/** Events without their time and without what only some machines tell, shortly: `write 0-5`. */
/** What both programs did: segments are there where the machine lets them be captured. */
function short({ events }: RecordedFlow): readonly string[] {
  return events.filter(({ type }) => type !== 'segment').map(shortEvent);
}

function shortEvent(event: FlowEvent): string {
  if (event.type === 'end') return `end ${event.side}${event.isReset ? ' reset' : ''}`;
  if (event.type === 'handshake') return event.step;
  if (event.type === 'fault') return `fault ${event.start}: ${event.reason.en}`;
  return `${event.type} ${event.start}-${event.end}${event.type === 'message' ? ` ${event.text}` : ''}`;
}

describe('the experiments', () => {
  test('two sends: two writes, one read of both, the end', async () => {
    const [flow, ...others] = await flowsOf(twoSendsMerge);
    expect(others).toEqual([]);
    expect(flow).toMatchObject({ hex: '68656c6c6f616c6578', totalBytes: 9, omittedEvents: 0 });
    expect(flow?.messages).toEqual([
      { start: 0, end: 5 },
      { start: 5, end: 9 },
    ]);
    expect(flow && short(flow)).toEqual(['write 0-5', 'write 5-9', 'read 0-9', 'end sender', 'read 9-9']);
  });

  test('TCP connects first: the handshake as both programs were told of it, then the question; to nobody it ends with a reset', async () => {
    const [question, , , , toNobody, overUdp] = await flowsOf(tcpConnectsFirst, { rounds: 1 });
    const [first, ...others] = short(question!);
    expect(first).toBe('connect');
    // Which of the two programs is told first is up to the event loop.
    expect(others.slice(0, 2).toSorted()).toEqual(['accepted', 'connected']);
    expect(others.slice(2)).toEqual(['write 0-1', 'read 0-1']);
    expect(short(toNobody!)).toEqual(['connect', 'end receiver reset']);
    expect(short(overUdp!)).toEqual(['write 0-1']);
  });

  test('a short read: the first message is cut, its rest glued to the second', async () => {
    const [flow] = await flowsOf(shortReadSplits);
    expect(flow && short(flow)).toEqual(['write 0-5', 'write 5-9', 'read 0-2', 'read 2-9', 'end sender', 'read 9-9']);
  });

  test('frames: however a frame is read, its message is made of all its bytes', async () => {
    const flows = await flowsOf(framesSurvive, { messages: 2 });
    expect(flows).toHaveLength(19 + 1 + 37 + 1);
    const [byOne] = flows;
    const reads = Array.from({ length: 19 }, (_, at) => `read ${at}-${at + 1}`);
    expect(byOne && short(byOne)).toEqual(['write 0-19', 'end sender', ...reads, 'message 0-19 哈哈哈哈哈', 'read 19-19']);
    const frames = [
      { start: 0, end: 19 },
      { start: 19, end: 38 },
    ];
    for (const { messages, events } of flows.slice(19)) {
      expect(messages).toEqual(frames);
      expect(events.filter(({ type }) => type === 'message')).toMatchObject(frames);
    }
    const cut = flows.find(({ label }) => label.en === 'cut at 20');
    expect(cut && short(cut).slice(0, 5)).toEqual(['write 0-20', 'read 0-20', 'message 0-19 哈哈哈哈哈', 'write 20-38', 'read 20-38']);
  });

  test('the naive fix: a fault, or half a message taken for a whole one, where the decoder waits', async () => {
    const flows = await flowsOf(naiveFixBreaks);
    const at = (label: string): readonly string[] => short(flows.find(({ label: { en } }) => en === label)!);
    expect(flows).toHaveLength(38);
    expect(at('naive, cut at 3')).toEqual([
      'write 0-3',
      'read 0-3',
      'fault 0: a header of 3 of 4 bytes, which cannot be unpacked',
      'write 3-19',
    ]);
    expect(at('naive, cut at 7')).toEqual(['write 0-7', 'read 0-4', 'read 4-7', 'message 0-7 哈', 'write 7-19']);
    expect(at('decoder, cut at 7')).toEqual([
      'write 0-7',
      'read 0-7',
      'write 7-19',
      'read 7-19',
      'message 0-19 哈哈哈哈哈',
      'end sender',
      'read 19-19',
    ]);
  });

  test('datagrams: each write is read as it was sent', async () => {
    const [flow, ...others] = await flowsOf(datagramsKeepBoundaries);
    expect(others).toEqual([]);
    expect(flow).toMatchObject({ transport: 'udp', totalBytes: 22 });
    expect(flow && short(flow)).toEqual([
      'write 0-5',
      'write 5-9',
      'read 0-5',
      'read 5-9',
      'write 9-18',
      'write 18-22',
      'read 9-18',
      'read 18-22',
    ]);
  });

  test('a run gives the same flows as the one before, but for their times', async () => {
    const [once, again] = [await flowsOf(framesSurvive), await flowsOf(framesSurvive)];
    expect(once.map(short)).toEqual(again.map(short));
  });
});

describe('what is opened in a lab', () => {
  let lab: OwnedLab;
  beforeEach(() => {
    lab = createLab(new AbortController().signal);
  });
  afterEach(() => lab.close());

  const recorded = (): readonly (readonly string[])[] => lab.recorded().flows.map(short);

  test('what a receiver leaves has no read', async () => {
    const { receiver, deliver } = await lab.tcpPair(recvExactly(3));
    await deliver([utf8('ab'), utf8('cd'), utf8('ef')]);
    await receiver.result();
    expect(recorded()).toEqual([['write 0-2', 'read 0-2', 'write 2-4', 'read 2-3', 'write 4-6']]);
  });

  test('pieces are one message together, unless it is said otherwise', async () => {
    const { deliver } = await lab.tcpPair(recvSizes(9));
    await deliver([utf8('ab'), utf8('cd')]);
    const { deliver: deliverTwo } = await lab.tcpPair(recvSizes(9));
    await deliverTwo([utf8('ab'), utf8('cd')], { messages: [1, 3] });
    expect(lab.recorded().flows.map(({ messages }) => messages)).toEqual([
      [{ start: 0, end: 4 }],
      [
        { start: 0, end: 1 },
        { start: 1, end: 4 },
      ],
    ]);
  });

  test('a decoder that refuses bytes is a fault, where its frame begins', async () => {
    const codec = lengthPrefixed({ length: i32le, maxPayloadBytes: 9 });
    const { sender, receiver } = await lab.tcpPair(recvMessages(codec, 1024));
    sender.send(codec.encode(utf8('hello')));
    sender.send(Uint8Array.of(10, 0, 0, 0));
    sender.end();
    receiver.start();
    await expect(receiver.result()).rejects.toThrow(expect.objectContaining({ code: 'FRAME_ERR_TOO_LARGE' }));
    const [flow] = lab.recorded().flows;
    expect(flow?.events.filter(({ type }) => type === 'message')).toMatchObject([{ start: 0, end: 9, text: 'hello' }]);
    expect(flow?.events.find(({ type }) => type === 'fault')).toMatchObject({
      start: 9,
      reason: {
        en: expect.stringMatching(/^payload of 10 bytes, limit 9 .*\(FRAME_ERR_TOO_LARGE\)$/),
        zh: '载荷超过长度上限：10 字节，上限 9 字节（FRAME_ERR_TOO_LARGE）',
      },
    });
  });

  test('datagrams between two sockets are a flow each way, labelled by its sockets', async () => {
    const hub = await lab.udpSocket({ label: { en: 'hub', zh: '中心' } });
    const a = await lab.udpSocket({ label: alike('a') });
    const plain = await lab.udpSocket();
    await a.send(utf8('from a'), hub.port);
    await hub.receive();
    await plain.send(utf8('from b'), hub.port);
    await hub.receive();
    await hub.send(utf8('to a'), a.port);
    await a.receive();
    expect(lab.recorded().flows.map(({ label }) => label)).toEqual([
      { en: 'a → hub', zh: 'a → 中心' },
      { en: 'hub', zh: '中心' },
      { en: 'hub → a', zh: '中心 → a' },
    ]);
    expect(recorded()).toEqual([
      ['write 0-6', 'read 0-6'],
      ['write 0-6', 'read 0-6'],
      ['write 0-4', 'read 0-4'],
    ]);
  });

  test('a datagram that nobody reads has no read', async () => {
    const receiver = await lab.udpSocket();
    const sender = await lab.udpSocket();
    await sender.send(utf8('kept'), receiver.port);
    await receiver.receive();
    // Nobody has the port 9.
    await sender.send(utf8('lost'), 9);
    expect(recorded()).toEqual([['write 0-4', 'read 0-4'], ['write 0-4']]);
  });

  test('sockets of an experiment itself are recorded as it tells, and closed with the lab', async () => {
    let isClosed = false;
    lab.onClose(async () => void (isClosed = true));
    const recorder = lab.converse({ label: alike('own'), transport: 'tcp' });
    recorder.write(utf8('hi'));
    recorder.read(2);
    expect(recorded()).toEqual([['write 0-2', 'read 0-2']]);
    await lab.close();
    expect(isClosed).toBe(true);
  });
});
