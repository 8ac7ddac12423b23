import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LabError } from '../base/errors.ts';
import { createInbox } from '../base/inbox.ts';
import type { ByteRange } from '../../picture/conversation.ts';
import type { Text } from '../../text.ts';
import type { Lab } from '../lab.ts';
import type { Recorder } from '../record/recorder.ts';
import type { Bytes, BytesIn } from '@socklab/framing';
import type { RemoteInfo, Socket } from 'node:dgram';

/** A datagram that arrived, and who sent it. */
export interface ReceivedDatagram {
  readonly payload: Bytes;
  readonly sourceAddress: string;
  readonly sourcePort: number;
}

/** What one peer sends to another: a conversation of the picture. */
export interface UdpFlow {
  /** Sends one datagram at once; resolves when the kernel has taken it, rejects when it did not. Its memory must stay as it is. */
  send(datagram: BytesIn): Promise<void>;
  /** Sends an empty datagram that is no part of the conversation. */
  mark(): Promise<void>;
}

/** A UDP socket that tells of each datagram where it came from. */
export interface UdpPeer {
  readonly port: number;
  /** Datagrams that arrived and were not taken. */
  readonly waiting: number;
  /** What this peer sends to `receiver` from now on; once for each receiver. `host` is another name of its address. */
  flowTo(receiver: UdpPeer, label: Text, host?: string): UdpFlow;
  /** The next datagram. */
  receive(): Promise<ReceivedDatagram>;
  /** What `sourcePort` sends to this peer is written down by `recorder` when it is read, if it is one of `sent`. */
  expect(sourcePort: number, sent: SentDatagrams): void;
}

/** Options of {@link openUdpPeer}. */
export interface UdpPeerOptions {
  /** @defaultValue `127.0.0.1` */
  readonly address?: string;
  /** Room asked of the kernel for datagrams that wait. @defaultValue what the system gives */
  readonly receiveBufferBytes?: number;
}

/** The datagrams of a flow that were not seen to arrive, and what writes down that they were. */
interface SentDatagrams {
  readonly recorder: Recorder;
  readonly pending: { readonly payload: BytesIn; readonly range: ByteRange }[];
}

const NOTHING = new Uint8Array(0);

/** Opens a {@link UdpPeer} on a port that the system picks. The end of the run closes it. */
export async function openUdpPeer(lab: Lab, options: UdpPeerOptions = {}): Promise<UdpPeer> {
  lab.signal.throwIfAborted();
  const { address = '127.0.0.1', receiveBufferBytes } = options;
  const socket = createSocket({
    type: address.includes(':') ? 'udp6' : 'udp4',
    ...(receiveBufferBytes === undefined ? {} : { recvBufferSize: receiveBufferBytes }),
  });
  const inbox = createInbox<ReceivedDatagram>();
  const flows = new Map<number, SentDatagrams>();
  socket.on('message', (payload: Bytes, { address: sourceAddress, port: sourcePort }: RemoteInfo) => {
    seen(flows.get(sourcePort), payload);
    inbox.put({ payload, sourceAddress, sourcePort });
  });
  socket.on('error', (error) => inbox.fail(error));
  socket.on('close', () => inbox.fail(new LabError('LAB_ERR_CLOSED', 'the UDP socket closed while a datagram was awaited')));
  await bindUntilClosed(lab, socket, address);
  return {
    port: socket.address().port,
    get waiting() {
      return inbox.size;
    },
    flowTo(receiver, label, host = '127.0.0.1') {
      const sent: SentDatagrams = { recorder: lab.converse({ label, transport: 'udp' }), pending: [] };
      receiver.expect(socket.address().port, sent);
      const target = { port: receiver.port, host };
      return {
        send(datagram) {
          sent.pending.push({ payload: datagram, range: sent.recorder.write(datagram) });
          return sendOne(socket, datagram, target);
        },
        mark: () => sendOne(socket, NOTHING, target),
      };
    },
    receive: () => inbox.take(),
    expect: (sourcePort, sent) => void flows.set(sourcePort, sent),
  };
}

/**
 * What `flow` brought to `receiver` and still waits there. An empty datagram is sent after it, once all seems to be read, and its
 * arrival is the end; it is not among what is returned.
 */
export async function receiveWaiting(receiver: UdpPeer, flow: UdpFlow): Promise<readonly ReceivedDatagram[]> {
  const received: ReceivedDatagram[] = [];
  for (;;) {
    await nextTurns();
    // Earlier there may be no room for it, and it would be lost with the others.
    if (receiver.waiting === 0) await flow.mark();
    do {
      const datagram = await receiver.receive();
      if (datagram.payload.length === 0) return received;
      received.push(datagram);
    } while (receiver.waiting > 0);
  }
}

/** Two turns of the event loop: all sockets that have something were read in between. */
async function nextTurns(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

async function bindUntilClosed(lab: Lab, socket: Socket, address: string): Promise<void> {
  lab.onClose(async () => {
    const closed = once(socket, 'close');
    socket.close();
    await closed;
  });
  socket.bind({ address, port: 0 });
  await once(socket, 'listening', { signal: lab.signal });
}

function sendOne(socket: Socket, datagram: BytesIn, { port, host }: { readonly port: number; readonly host: string }): Promise<void> {
  const taken = new Promise<void>((resolve, reject) => {
    socket.send(datagram, port, host, (error) => (error ? reject(error) : resolve()));
  });
  // Whoever waits for it is told; a datagram that nobody waits for must not end the process.
  taken.catch(() => undefined);
  return taken;
}

/** Over loopback a flow keeps its order: what was sent before a datagram that arrives and did not arrive itself is lost. */
function seen(sent: SentDatagrams | undefined, payload: Bytes): void {
  if (sent === undefined) return;
  const at = sent.pending.findIndex((candidate) => Buffer.compare(candidate.payload, payload) === 0);
  if (at === -1) return;
  const [arrived] = sent.pending.splice(0, at + 1).slice(-1);
  if (arrived !== undefined) sent.recorder.readDatagram(arrived.range);
}
