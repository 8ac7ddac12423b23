import { openConnected, resolveTarget, sendConnected } from '@socklab/client';
import { joinRoom } from '@socklab/client/room';

/** Peers of a fan-out, all joined. */
export interface Crowd {
  /** Makes the first peer send a text to all others. */
  say(text: Uint8Array): Promise<void>;
}

/** Called with the peer, from 0, that received a text, and the text. */
export type OnHeard = (peer: number, text: Uint8Array) => void;

/** Peers that join at the same time: fewer than a receive buffer has room for. */
const JOINING_AT_ONCE = 50;

/** Joins peers to a room of udp-multi, each with its cookie; `onHeard` is called for each copy. */
export async function gatherInRoom(port: number, peers: number, onHeard: OnHeard): Promise<Crowd> {
  const options = {
    target: { host: '127.0.0.1', port },
    name: new Uint8Array(0),
    timeoutMs: 10_000,
    rejoinMs: 3_600_000,
    onPresence: () => undefined,
  };
  const [speaker] = await inBatches(peers, (peer) => joinRoom({ ...options, onHeard: ({ text }) => onHeard(peer, text) }));
  return { say: (text) => speaker!.say(text) };
}

/** Joins peers to the bare loop: the first datagram of each is echoed, and it has joined. */
export async function gatherAtLoop(port: number, peers: number, onHeard: OnHeard): Promise<Crowd> {
  const server = await resolveTarget({ host: '127.0.0.1', port });
  const [speaker] = await inBatches(peers, async (peer) => {
    const socket = await openConnected(server);
    const joined = new Promise<void>((resolve) => socket.once('message', () => resolve()));
    await sendConnected(socket, Buffer.from('join'));
    await joined;
    return socket.on('message', (text) => onHeard(peer, text));
  });
  return { say: (text) => sendConnected(speaker!, text) };
}

async function inBatches<Each>(count: number, make: (index: number) => Promise<Each>): Promise<readonly Each[]> {
  const made: Each[] = [];
  while (made.length < count) {
    const batch = Math.min(JOINING_AT_ONCE, count - made.length);
    made.push(...(await Promise.all(Array.from({ length: batch }, (_, index) => make(made.length + index)))));
  }
  return made;
}
