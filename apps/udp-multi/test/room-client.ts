import { boundUdp } from '@socklab/testkit';
import { wholeMessages } from '../src/whole-messages.ts';
import { announce, challenge, hello, join, said, say, welcome } from '../src/wire.ts';
import type { BoundUdp } from '@socklab/testkit';

/** A peer in a room, with a real socket. */
export interface RoomClient extends AsyncDisposable {
  readonly peer: BoundUdp;
  readonly id: number;
  say(text: string): Promise<void>;
  /** The next thing that is heard, `NAME: TEXT`, or `!TEXT` from the operator. */
  hear(): Promise<string>;
}

/** Asks for a cookie and joins. */
export async function enterRoom(port: number, name: string, host?: string): Promise<RoomClient> {
  const peer = await boundUdp(host);
  await peer.send(hello.encode(new Uint8Array(16)), port);
  const [cookie] = wholeMessages(challenge, (await peer.next()).payload) ?? [];
  await peer.send(join.encode(Buffer.concat([cookie!, Buffer.from(name)])), port);
  const [greeting] = wholeMessages(welcome, (await peer.next()).payload) ?? [];
  return {
    peer,
    id: greeting!.header.member,
    say: (text) => peer.send(say.encode(Buffer.from(text)), port),
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
