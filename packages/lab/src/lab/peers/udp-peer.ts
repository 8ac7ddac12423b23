import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LabError } from '../base/errors.ts';
import { createInbox } from '../base/inbox.ts';
import type { ByteRange } from '../../picture/flow.ts';
import type { Text } from '../../text.ts';
import type { Lab } from '../lab.ts';
import type { Recorder } from '../record/recorder.ts';
import type { Bytes, BytesIn } from '@socklab/framing';
import type { RemoteInfo, Socket } from 'node:dgram';

/** A received datagram and its sender. */
export interface ReceivedDatagram {
  readonly payload: Bytes;
  readonly sourceAddress: string;
  readonly sourcePort: number;
}

/** What one peer sends to another: one flow of the picture. */
export interface UdpFlow {
  /** Sends one datagram at once; resolves when the kernel has accepted it, else rejects. Do not change its memory meanwhile. */
  send(datagram: BytesIn): Promise<void>;
  /** Sends an empty datagram that is not recorded. */
  mark(): Promise<void>;
}

/** A UDP socket that reports the sender of each datagram. */
export interface UdpPeer {
  readonly name: Text | undefined;
  readonly port: number;
  /** Number of received datagrams not yet taken. */
  readonly waiting: number;
  /** Creates the flow to `receiver`; call once per receiver. `host` is another spelling of its address. */
  flowTo(receiver: UdpPeer, label: Text, host?: string): UdpFlow;
  /** The next datagram. */
  receive(): Promise<ReceivedDatagram>;
  /** Records datagrams from `sourcePort` when they are read, if they are among `sent`. */
  expect(sourcePort: number, sent: SentDatagrams): void;
}

/** Options of {@link openUdpPeer}. */
export interface UdpPeerOptions {
  /** What it is called in a picture of all of them. */
  readonly name?: Text;
  /** @defaultValue `127.0.0.1` */
  readonly address?: string;
  /** Receive buffer to request, in bytes. @defaultValue the system's */
  readonly receiveBufferBytes?: number;
}

/** Sent datagrams of a flow that have not arrived, and the recorder for those that do. */
interface SentDatagrams {
  readonly recorder: Recorder;
  readonly pending: { readonly payload: BytesIn; readonly range: ByteRange }[];
}

const NOTHING = new Uint8Array(0);

/** Opens a {@link UdpPeer} on a port chosen by the system. It is closed at the end of the run. */
export async function openUdpPeer(lab: Lab, options: UdpPeerOptions = {}): Promise<UdpPeer> {
  lab.signal.throwIfAborted();
  const { address = '127.0.0.1', receiveBufferBytes, name } = options;
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
    name,
    port: socket.address().port,
    get waiting() {
      return inbox.size;
    },
    flowTo(receiver, label, host = '127.0.0.1') {
      const between = name === undefined || receiver.name === undefined ? undefined : { from: name, to: receiver.name };
      const ends = { from: { host: address, port: socket.address().port }, to: { host, port: receiver.port } };
      const sent: SentDatagrams = { recorder: lab.converse({ label, transport: 'udp', between, ends: () => ends }), pending: [] };
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
 * Takes all datagrams of `flow` that wait at `receiver`. Once they seem to be read, an empty datagram is sent as an end mark; it is
 * not returned.
 */
export async function receiveWaiting(receiver: UdpPeer, flow: UdpFlow): Promise<readonly ReceivedDatagram[]> {
  const received: ReceivedDatagram[] = [];
  for (;;) {
    await nextTurns();
    // Sent earlier, it could be dropped for lack of buffer space.
    if (receiver.waiting === 0) await flow.mark();
    do {
      const datagram = await receiver.receive();
      if (datagram.payload.length === 0) return received;
      received.push(datagram);
    } while (receiver.waiting > 0);
  }
}

/** Waits two turns of the event loop: every readable socket is read in between. */
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
  lab.usesPort('udp', socket.address().port);
}

function sendOne(socket: Socket, datagram: BytesIn, { port, host }: { readonly port: number; readonly host: string }): Promise<void> {
  const taken = new Promise<void>((resolve, reject) => {
    socket.send(datagram, port, host, (error) => (error ? reject(error) : resolve()));
  });
  // Awaiting callers get the rejection; an unawaited send must not end the process.
  taken.catch(() => undefined);
  return taken;
}

/** Loopback keeps the order of a flow: a datagram sent before one that arrived, and not itself received, is lost. */
function seen(sent: SentDatagrams | undefined, payload: Bytes): void {
  if (sent === undefined) return;
  const at = sent.pending.findIndex((candidate) => Buffer.compare(candidate.payload, payload) === 0);
  if (at === -1) return;
  const [arrived] = sent.pending.splice(0, at + 1).slice(-1);
  if (arrived !== undefined) sent.recorder.readDatagram(arrived.range);
}
