import { wholeMessages, announce, challenge, hello, join, leave, said, say, welcome } from '@socklab/client/room';
import { boundUdp } from '@socklab/testkit';
import type { BoundUdp } from '@socklab/testkit';

/** A peer in a room, with a real socket. */
export interface RoomClient extends AsyncDisposable {
  readonly peer: BoundUdp;
  readonly id: number;
  readonly key: Uint8Array;
  /** What it joined with. */
  readonly cookie: Uint8Array;
  say(text: string): Promise<void>;
  leave(): Promise<void>;
  /** The next thing that is heard, `NAME: TEXT`, or `!TEXT` from the operator. */
  hear(): Promise<string>;
}

/** Asks for a cookie and joins. */
export async function enterRoom(port: number, name: string, host?: string, signal?: AbortSignal): Promise<RoomClient> {
  const peer = await boundUdp(host);
  const gaveUp = Promise.withResolvers<never>();
  gaveUp.promise.catch(() => undefined);
  signal?.addEventListener('abort', () => gaveUp.reject(signal.reason));
  const next = async () => Promise.race([peer.next(), gaveUp.promise]);
  await peer.send(hello.encode(new Uint8Array(16)), port);
  const [cookie] = wholeMessages(challenge, (await next()).payload) ?? [];
  await peer.send(join.encode(Buffer.concat([cookie!, Buffer.from(name)])), port);
  const [greeting] = wholeMessages(welcome, (await next()).payload) ?? [];
  return {
    peer,
    id: greeting!.header.member,
    key: greeting!.payload,
    cookie: cookie!,
    say: (text) => peer.send(say.encode(Buffer.concat([greeting!.payload, Buffer.from(text)])), port),
    leave: () => peer.send(leave.encode(greeting!.payload), port),
    hear: async () => heard((await peer.next()).payload),
    [Symbol.asyncDispose]: () => peer.close(),
  };
}

function heard(datagram: Uint8Array): string {
  const [saying] = wholeMessages(said, datagram) ?? [];
  if (saying === undefined) return `!${String(Buffer.from(wholeMessages(announce, datagram)![0]!))}`;
  const text = Buffer.from(saying.payload);
  return `${text.toString('utf8', 0, saying.header.nameBytes)}: ${text.toString('utf8', saying.header.nameBytes)}`;
}
