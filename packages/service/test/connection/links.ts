import { once, EventEmitter } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { openLink } from '@socklab/service';
import { connectTo, temporaryFolder } from '@socklab/testkit';
import type { LinkOptions } from '../../src/connection/link.ts';
import type { Link, LinkReader } from '@socklab/service';
import type { Socket } from 'node:net';

/** Writes down what a link tells, and lets a test wait for it. */
export class Recorder extends EventEmitter implements LinkReader {
  readonly chunks: Buffer[] = [];
  readonly ends: (Error | undefined)[] = [];
  endedTimes = 0;
  drainedTimes = 0;

  bytes(memory: Buffer, byteLength: number): void {
    this.chunks.push(Buffer.from(memory.subarray(0, byteLength)));
    this.emit('told');
  }

  ended(): void {
    this.endedTimes++;
    this.emit('told');
  }

  drained(): void {
    this.drainedTimes++;
    this.emit('told');
  }

  closed(error: Error | undefined): void {
    this.ends.push(error);
    this.emit('told');
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await once(this, 'told');
  }
}

/** Sends back what comes, and ends when the peer has ended. */
export class Echo extends Recorder {
  link: Link | undefined;
  /** Writes after which bytes were left to send. */
  pendingTimes = 0;
  mostPending = 0;

  override bytes(memory: Buffer, byteLength: number): void {
    const link = this.link!;
    link.write(memory, byteLength);
    // The next read of any connection does the same to this memory.
    memory.fill(0xee, 0, byteLength);
    if (link.pendingBytes > 0) this.pendingTimes++;
    this.mostPending = Math.max(this.mostPending, link.pendingBytes);
  }

  override ended(): void {
    super.ended();
    this.link!.stop();
    this.link!.socket.end();
  }
}

export interface LinkedPair extends AsyncDisposable {
  readonly client: Socket;
  readonly link: Link;
}

/** A server as links need it, on 127.0.0.1 or on a socket file, where the system holds less for who does not read. */
export async function linkServer(where: 'tcp' | 'unix' = 'tcp') {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'socket');
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
  const links: Link[] = [];
  server.listen(where === 'tcp' ? { host: '127.0.0.1', port: 0 } : { path });
  await once(server, 'listening');
  const address = server.address();
  return {
    server,
    async open(reader: LinkReader, options: Partial<LinkOptions> = {}): Promise<LinkedPair> {
      const accepted = once(server, 'connection') as Promise<[Socket]>;
      const target = typeof address === 'object' && address !== null ? address.port : path;
      const [client, [socket]] = await Promise.all([connectTo(target, { allowHalfOpen: true, noDelay: true }), accepted]);
      client.on('error', () => undefined);
      const link = openLink(socket, reader, { maxPendingBytes: 1_048_576, holdBytes: 65_536, ...options });
      if (reader instanceof Echo) reader.link = link;
      links.push(link);
      return { client, link, [Symbol.asyncDispose]: () => close(client, link.socket) };
    },
    async [Symbol.asyncDispose]() {
      for (const link of links) link.socket.destroy();
      server.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function close(...sockets: readonly Socket[]): Promise<void> {
  for (const socket of sockets) {
    socket.destroy();
    if (!socket.closed) await once(socket, 'close');
  }
}

/** Lets the event loop turn until the condition holds: for counters that no event tells of. */
export async function turnUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

/** Bytes of which each place differs from the same place of another seed. */
export function patternOf(seed: number, byteLength: number): Buffer {
  const bytes = Buffer.allocUnsafe(byteLength);
  for (let at = 0, state = seed * 2_654_435_761 + 1; at < byteLength; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 16;
  }
  return bytes;
}
