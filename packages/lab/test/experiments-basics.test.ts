import { openHandles } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import addressIs32Bits from '../src/experiments/meeting/address-is-32-bits.ts';
import clientServer from '../src/experiments/meeting/client-server-and-browser-server.ts';
import tcpConnectsFirst from '../src/experiments/meeting/tcp-connects-first.ts';
import tcpIsFullDuplex from '../src/experiments/meeting/tcp-is-full-duplex.ts';
import bytesInFlight from '../src/experiments/transports/bytes-in-flight.ts';
import manyToMany from '../src/experiments/transports/many-to-many.ts';
import oneToMany from '../src/experiments/transports/one-to-many.ts';
import udpDoesNotSlowDown from '../src/experiments/transports/udp-does-not-slow-down.ts';
import udpLosesSilently from '../src/experiments/transports/udp-loses-silently.ts';
import { runExperiment } from '../src/lab/run/runner.ts';
import { machine } from './machine.ts';
import type { Facts as AddressFacts } from '../src/experiments/meeting/address-is-32-bits.ts';
import type { Facts as ClientServerFacts } from '../src/experiments/meeting/client-server-and-browser-server.ts';
import type { Facts as ConnectFacts } from '../src/experiments/meeting/tcp-connects-first.ts';
import type { Facts as DuplexFacts } from '../src/experiments/meeting/tcp-is-full-duplex.ts';
import type { Facts as InFlightFacts } from '../src/experiments/transports/bytes-in-flight.ts';
import type { Facts as ManyToManyFacts } from '../src/experiments/transports/many-to-many.ts';
import type { Facts as OneToManyFacts } from '../src/experiments/transports/one-to-many.ts';
import type { Facts as SpeedFacts } from '../src/experiments/transports/udp-does-not-slow-down.ts';
import type { Facts as LossFacts } from '../src/experiments/transports/udp-loses-silently.ts';
import type { Experiment } from '../src/lab/experiment.ts';
import type { RunReport } from '../src/lab/run/runner.ts';
import type { FlowEvent } from '../src/picture/flow.ts';

const isLinux = process.platform === 'linux';

interface Run<Facts> {
  readonly facts: Facts;
  readonly report: RunReport;
}

/** Runs an experiment, which must go as expected. */
async function run<Facts>(experiment: Experiment<Facts>, params: Readonly<Record<string, number>> = {}): Promise<Run<Facts>> {
  const report = await runExperiment(experiment, { machine, params });
  expect(report).toMatchObject({ error: null, answer: 'yes', outcome: 'expected' });
  return { facts: report.facts as Facts, report };
}

/** How many bytes the events of one type have together, of the flow with this name. */
function bytesOf({ flows }: RunReport, name: string, type: FlowEvent['type']): number {
  const { events } = flows.find(({ label }) => label.en === name)!;
  return events.reduce((sum, event) => (event.type === type && 'end' in event ? sum + event.end - event.start : sum), 0);
}

describe('lesson 1: an address is 32 bits', () => {
  test('100.4.5.6 is 01100100.00000100.00000101.00000110 is 1677985030, in any spelling', async () => {
    const { facts } = await run(addressIs32Bits);
    expect(facts).toMatchObject({
      address: '100.4.5.6',
      bits: '01100100.00000100.00000101.00000110',
      number: 1_677_985_030,
      spellings: ['1677985030', '0x64040506', '100.263430', '0144.04.05.06'].map((written) => ({ written, takenFor: '100.4.5.6' })),
      datagram: { sentTo: '2130706433', boundTo: '127.0.0.1', arrived: 'hello' },
      six: { written: '::ffff:100.4.5.6', groups: '0000:0000:0000:0000:0000:ffff:6404:0506', bits: 128 },
    });
  });

  test.runIf(isLinux)('the kernel has the address it is bound to as that number', async () => {
    const { facts } = await run(addressIs32Bits);
    expect(facts.kernel?.number).toBe(2_130_706_433);
  });

  test.each([
    [0, 0, 0, 0, 0],
    [255, 255, 255, 255, 4_294_967_295],
    [127, 0, 0, 1, 2_130_706_433],
    [10, 0, 0, 8, 167_772_168],
  ])('%d.%d.%d.%d is %d', async (first, second, third, fourth, number) => {
    const { facts } = await run(addressIs32Bits, { first, second, third, fourth });
    expect(facts.number).toBe(number);
    expect(Number.parseInt(facts.bits.replaceAll('.', ''), 2)).toBe(number);
  });

  test('answers no when a spelling is taken for another address, or refused, or the kernel has another number', async () => {
    const { facts } = await run(addressIs32Bits);
    const answer = (changed: Partial<AddressFacts>): string => addressIs32Bits.verdict({ ...facts, ...changed });
    expect(answer({ kernel: null, six: { ...facts.six, sourceSeen: null } })).toBe('yes');
    expect(answer({ spellings: [{ written: '5', takenFor: '0.0.0.5' }] })).toBe('no');
    expect(answer({ spellings: [{ written: '5', takenFor: null }] })).toBe('no');
    expect(answer({ kernel: { word: '00000000', number: 0 } })).toBe('no');
    expect(answer({ datagram: { ...facts.datagram, arrived: '' } })).toBe('no');
    expect(answer({ six: { ...facts.six, sourceSeen: '::1' } })).toBe('no');
  });
});

describe('lesson 2: client/server and browser/server', () => {
  test('gives both the same answer, and shows what each cost on the wire', async () => {
    const { facts, report } = await run(clientServer);
    expect(facts.question).toBe('hello, world');
    expect(facts.program).toEqual({ answer: 'HELLO, WORLD', requestBytes: 16, answerBytes: 16 });
    expect(facts.browser).toMatchObject({ answer: 'HELLO, WORLD', status: 200 });
    expect(facts.browser.requestBytes).toBeGreaterThan(facts.program.requestBytes);
    for (const [name, { requestBytes, answerBytes }] of Object.entries({ program: facts.program, browser: facts.browser })) {
      expect(bytesOf(report, `${name}: request`, 'read')).toBe(requestBytes);
      expect(bytesOf(report, `${name}: answer`, 'read')).toBe(answerBytes);
    }
  });

  test('the bytes of the browser are HTTP', async () => {
    const { report } = await run(clientServer);
    const request = report.flows.find(({ label }) => label.en === 'browser: request')!;
    expect(Buffer.from(request.hex, 'hex').toString()).toMatch(/^POST \/capitals HTTP\/1\.1\r\n[^]*\r\n\r\nhello, world$/);
  });

  test('a long question arrives whole both ways', async () => {
    const { facts } = await run(clientServer, { characters: 10_000 });
    expect(facts.program.answer).toHaveLength(10_000);
    expect(facts.program).toMatchObject({ requestBytes: 10_004, answer: facts.browser.answer });
  });

  test('answers no when one of them gets another answer', async () => {
    const { facts } = await run(clientServer);
    const answer = (changed: Partial<ClientServerFacts>): string => clientServer.verdict({ ...facts, ...changed });
    expect(answer({ program: { ...facts.program, answer: '' } })).toBe('no');
    expect(answer({ browser: { ...facts.browser, answer: '' } })).toBe('no');
    expect(answer({ browser: { ...facts.browser, status: 500 } })).toBe('no');
  });
});

describe('lesson 3: TCP connects first', () => {
  test('nobody listens: TCP is refused before a byte goes, UDP sends; every round of TCP is a connection', async () => {
    const { facts } = await run(tcpConnectsFirst, { rounds: 20 });
    expect(facts.nobodyListens).toEqual({ tcpError: 'ECONNREFUSED', isTcpByteTaken: false, isUdpByteTaken: true });
    expect(facts).toMatchObject({ rounds: 20, connections: 20 });
    for (const us of [facts.tcp.connectedUs, facts.tcp.firstByteUs, facts.udp.firstByteUs]) expect(us).toBeGreaterThan(0);
    expect(facts.tcp.firstByteUs).toBeGreaterThanOrEqual(facts.tcp.connectedUs);
  });

  test('times do not change the answer, what was taken does', async () => {
    const { facts } = await run(tcpConnectsFirst, { rounds: 1 });
    const answer = (changed: Partial<ConnectFacts>): string => tcpConnectsFirst.verdict({ ...facts, ...changed });
    expect(answer({ tcp: { connectedUs: 0, firstByteUs: 0 }, udp: { firstByteUs: 1_000_000 } })).toBe('yes');
    expect(answer({ connections: 0 })).toBe('no');
    expect(answer({ nobodyListens: { ...facts.nobodyListens, tcpError: null } })).toBe('no');
    expect(answer({ nobodyListens: { ...facts.nobodyListens, isTcpByteTaken: true } })).toBe('no');
    expect(answer({ nobodyListens: { ...facts.nobodyListens, isUdpByteTaken: false } })).toBe('no');
  });
});

describe('lesson 4: TCP is full duplex', () => {
  test('both have written before either reads, and each reads what the other wrote', async () => {
    const { facts, report } = await run(tcpIsFullDuplex);
    expect(facts).toMatchObject({ bytes: 32_768, isClientIntact: true, isServerIntact: true });
    const writes = report.flows.flatMap(({ events }) => events.filter(({ type, us }) => type === 'write' && us < firstRead(report)));
    expect(writes).toHaveLength(2);
    expect(bytesOf(report, 'client to server', 'read')).toBe(32_768);
    expect(bytesOf(report, 'server to client', 'read')).toBe(32_768 + 'still here'.length);
  });

  test.runIf(isLinux)('both directions have bytes in the kernel at the same moment', async () => {
    const { facts } = await run(tcpIsFullDuplex, { bytes: 1 });
    expect(facts.waiting).toEqual({ client: 1, server: 1 });
  });

  test('the client still receives after it has ended', async () => {
    const { facts } = await run(tcpIsFullDuplex, { bytes: 65_536 });
    expect(facts.afterEnd).toEqual({ sent: 'still here', arrived: 'still here' });
  });

  test('answers no when a direction had nothing, arrived wrong, or ended with the other', async () => {
    const { facts } = await run(tcpIsFullDuplex);
    const answer = (changed: Partial<DuplexFacts>): string => tcpIsFullDuplex.verdict({ ...facts, ...changed });
    expect(answer({ waiting: null })).toBe('yes');
    expect(answer({ waiting: { client: 0, server: 1 } })).toBe('no');
    expect(answer({ waiting: { client: 1, server: 0 } })).toBe('no');
    expect(answer({ isClientIntact: false })).toBe('no');
    expect(answer({ isServerIntact: false })).toBe('no');
    expect(answer({ afterEnd: { sent: 'still here', arrived: '' } })).toBe('no');
  });
});

describe('lesson 5: how much fits when nobody reads', () => {
  test('the kernel takes some, then a write waits; all of it arrives in the end', async () => {
    const { facts, report } = await run(bytesInFlight);
    expect(facts).toMatchObject({ chunkBytes: 16_384, isFull: true, writtenBytes: facts.completedBytes + 16_384 });
    expect(facts.readBytes).toBe(facts.writtenBytes);
    expect(bytesOf(report, 'to the one who does not read', 'read')).toBe(facts.writtenBytes);
  });

  test.each([1024, 65_536])('with writes of %d bytes too, and what the queues hold is what was taken', async (chunkBytes) => {
    const { facts } = await run(bytesInFlight, { chunkBytes });
    if (facts.queued === null) return;
    const queuedBytes = facts.queued.sendQueueBytes + facts.queued.receiveQueueBytes;
    expect(queuedBytes).toBeGreaterThanOrEqual(facts.completedBytes);
    expect(queuedBytes).toBeLessThanOrEqual(facts.writtenBytes);
  });

  test('answers no when the kernel takes everything or nothing, or bytes are lost', () => {
    const good: InFlightFacts = {
      chunkBytes: 10,
      isFull: true,
      completedBytes: 20,
      writtenBytes: 30,
      queued: null,
      durationMs: 1,
      readBytes: 30,
    };
    expect(bytesInFlight.verdict(good)).toBe('yes');
    expect(bytesInFlight.verdict({ ...good, isFull: false })).toBe('no');
    expect(bytesInFlight.verdict({ ...good, completedBytes: 0 })).toBe('no');
    expect(bytesInFlight.verdict({ ...good, readBytes: 20 })).toBe('no');
  });
});

describe('lesson 6: UDP loses without telling', () => {
  test('no send fails, some never arrive, and the numbers tell which', async () => {
    const { facts, report } = await run(udpLosesSilently);
    const { sent, errors, received, lost, omittedRanges } = facts.burst;
    expect({ sent, errors, omittedRanges }).toEqual({ sent: 500, errors: 0, omittedRanges: 0 });
    expect(lost.reduce((sum, { first, last }) => sum + last - first + 1, 0)).toBe(sent - received);
    expect(bytesOf(report, 'the burst', 'write')).toBe(500_000);
    expect(bytesOf(report, 'the burst', 'read')).toBe(received * 1000);
  });

  test.runIf(isLinux)('the kernel counts exactly those as dropped', async () => {
    const { facts } = await run(udpLosesSilently, { datagrams: 2000 });
    expect(facts.burst.kernelDrops).toBe(2000 - facts.burst.received);
  });

  test('sent one by one, all arrive', async () => {
    const { facts } = await run(udpLosesSilently, { datagrams: 300 });
    expect(facts.paced).toEqual({ sent: 300, errors: 0, received: 300 });
  });

  test('answers no when all arrive, or a send tells', async () => {
    const { facts } = await run(udpLosesSilently);
    const answer = (changed: Partial<LossFacts['burst']>): string =>
      udpLosesSilently.verdict({ ...facts, burst: { ...facts.burst, ...changed } });
    expect(answer({ kernelDrops: null })).toBe('yes');
    expect(answer({ received: 500 })).toBe('no');
    expect(answer({ errors: 1 })).toBe('no');
    expect(answer({ kernelDrops: 0 })).toBe('no');
  });
});

describe('lesson 7: UDP does not slow down', () => {
  test('TCP stops and loses nothing, UDP sends twice as much and loses most', async () => {
    const { facts } = await run(udpDoesNotSlowDown);
    expect(facts.tcp).toMatchObject({ isStopped: true, readBytes: facts.tcp.writtenBytes });
    expect(facts.udp.errors).toBe(0);
    expect(facts.udp.sentBytes).toBeGreaterThanOrEqual(2 * facts.tcp.takenBytes);
    expect(facts.udp.readBytes).toBeLessThan(facts.udp.sentBytes);
  });

  test('answers no when TCP goes on or loses, and when UDP stops, tells or loses nothing', async () => {
    const { facts } = await run(udpDoesNotSlowDown, { factor: 1 });
    const answer = ({
      tcp = {},
      udp = {},
    }: {
      readonly tcp?: Partial<SpeedFacts['tcp']>;
      readonly udp?: Partial<SpeedFacts['udp']>;
    }): string => udpDoesNotSlowDown.verdict({ tcp: { ...facts.tcp, ...tcp }, udp: { ...facts.udp, ...udp } });
    expect(answer({ tcp: { durationMs: 0 }, udp: { durationMs: 1e9 } })).toBe('yes');
    expect(answer({ tcp: { isStopped: false } })).toBe('no');
    expect(answer({ tcp: { readBytes: 0 } })).toBe('no');
    expect(answer({ udp: { sentBytes: 0 } })).toBe('no');
    expect(answer({ udp: { errors: 1 } })).toBe('no');
    expect(answer({ udp: { readBytes: facts.udp.sentBytes } })).toBe('no');
  });
});

describe('lesson 8: one sender, many receivers', () => {
  test('each of 5 receivers gets all 3 messages from the one port', async () => {
    const { facts, report } = await run(oneToMany);
    const heard = { messages: ['news 1', 'news 2', 'news 3'], sourcePorts: [facts.senderPort] };
    expect(facts).toMatchObject({ sends: 15, heard: Array.from({ length: 5 }, () => heard) });
    expect(report.flows.map(({ totalBytes }) => totalBytes)).toEqual([18, 18, 18, 18, 18]);
  });

  test('50 receivers too', async () => {
    const { facts } = await run(oneToMany, { receivers: 50, messages: 20 });
    expect(facts).toMatchObject({ sends: 1000 });
  });

  test('answers no when a receiver misses a message, or hears another port', async () => {
    const { facts } = await run(oneToMany);
    const answer = (changed: Partial<OneToManyFacts>): string => oneToMany.verdict({ ...facts, ...changed });
    const [first, ...others] = facts.heard;
    expect(answer({ heard: [{ ...first!, messages: ['news 1'] }, ...others] })).toBe('no');
    expect(answer({ heard: [{ ...first!, sourcePorts: [1] }, ...others] })).toBe('no');
    expect(answer({ heard: others })).toBe('no');
  });
});

describe('lesson 9: everybody to everybody', () => {
  test('4 peers send 12 datagrams, and each knows who said what', async () => {
    const { facts, report } = await run(manyToMany);
    expect(facts.sends).toBe(12);
    expect(facts.heard[0]).toEqual({
      peer: 1,
      from: [
        { peer: 2, text: 'I am 2' },
        { peer: 3, text: 'I am 3' },
        { peer: 4, text: 'I am 4' },
      ],
    });
    expect(report.flows).toHaveLength(12);
  });

  test.each([
    [2, 2],
    [12, 132],
  ])('%d peers send %d', async (peers, sends) => {
    const { facts } = await run(manyToMany, { peers });
    expect(facts.sends).toBe(sends);
  });

  test('answers no when a peer hears too little, or takes one for another', async () => {
    const { facts } = await run(manyToMany, { peers: 2 });
    const answer = (from: ManyToManyFacts['heard'][number]['from']): string =>
      manyToMany.verdict({ ...facts, heard: [{ peer: 1, from }, ...facts.heard.slice(1)] });
    expect(answer([{ peer: 2, text: 'I am 2' }])).toBe('yes');
    expect(answer([])).toBe('no');
    expect(answer([{ peer: 2, text: 'I am 3' }])).toBe('no');
    expect(answer([{ peer: 0, text: 'I am 0' }])).toBe('no');
  });
});

test.each([addressIs32Bits, clientServer, tcpConnectsFirst, tcpIsFullDuplex, udpLosesSilently, manyToMany] as readonly Experiment[])(
  '$id leaves nothing open, also when it is called off at once',
  async (experiment) => {
    const before = await openHandles();
    await runExperiment(experiment, { machine });
    expect(await openHandles()).toEqual(before);
    const report = await runExperiment(experiment, { machine, signal: AbortSignal.abort() });
    expect(report).toMatchObject({ outcome: 'failed', error: 'the run was called off (LAB_ERR_ABORTED)' });
    expect(await openHandles()).toEqual(before);
  },
);

function firstRead({ flows }: RunReport): number {
  return Math.min(...flows.flatMap(({ events }) => events.filter(({ type }) => type === 'read').map(({ us }) => us)));
}
