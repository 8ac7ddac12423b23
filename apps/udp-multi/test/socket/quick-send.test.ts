import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { boundUdp } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { createQuickSend } from '../../src/socket/quick-send.ts';
import { openSocket } from '../../src/socket/socket.ts';
import type { QuickSend } from '../../src/socket/quick-send.ts';
import type { Socket } from 'node:dgram';

interface Opened extends AsyncDisposable {
  readonly socket: Socket;
  readonly quickSend: QuickSend;
}

async function openQuick(type: 'udp4' | 'udp6' = 'udp4'): Promise<Opened> {
  const socket = createSocket(type);
  socket.bind(0, type === 'udp4' ? '127.0.0.1' : '::1');
  await once(socket, 'listening');
  const quickSend = createQuickSend(socket, type === 'udp4' ? 'send' : 'send6');
  if (quickSend === undefined) throw new Error(`Node.js ${process.version} has no such binding`);
  const close = async (): Promise<void> => {
    if (Reflect.get(socket, 'fd') !== null) await new Promise<void>((resolve) => socket.close(resolve)).catch(() => undefined);
  };
  return { socket, quickSend, [Symbol.asyncDispose]: close };
}

/** Sends one in the public way, from which the other learns. */
function sendFirst(socket: Socket, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => socket.send('first', port, address, (error) => (error === null ? resolve() : reject(error))));
}

const never = (): never => {
  throw new Error('nothing was queued');
};

test('sends nothing before node:dgram has sent one, and then within the call', async () => {
  await using peer = await boundUdp();
  await using opened = await openQuick();
  const { socket, quickSend } = opened;
  expect(quickSend(Buffer.from('early'), peer.port, '127.0.0.1', never)).toBe('not-sent');
  await sendFirst(socket, peer.port, '127.0.0.1');
  expect(quickSend(Buffer.from('hello'), peer.port, '127.0.0.1', never)).toBe('sent');
  expect(quickSend(Buffer.alloc(0), peer.port, '127.0.0.1', never)).toBe('sent');
  const heard = [await peer.next(), await peer.next(), await peer.next()];
  expect(heard.map(({ text }) => text)).toEqual(['first', 'hello', '']);
});

test.each([
  ['an address that is none', '127.0.0.1.1', 9],
  ['an address of the other family', '::1', 9],
  ['broadcast, which was never allowed', '255.255.255.255', 9],
])('leaves %s to the public way', async (_, address, port) => {
  await using peer = await boundUdp();
  await using opened = await openQuick();
  await sendFirst(opened.socket, peer.port, '127.0.0.1');
  expect(opened.quickSend(Buffer.from('x'), port, address, never)).toBe('not-sent');
});

test('sends nothing over a socket that is closed', async () => {
  await using peer = await boundUdp();
  const { socket, quickSend } = await openQuick();
  await sendFirst(socket, peer.port, '127.0.0.1');
  socket.close();
  expect(quickSend(Buffer.from('x'), peer.port, '127.0.0.1', never)).toBe('not-sent');
});

test('what the system cannot take yet keeps its bytes, and is told of once', () => {
  // Loopback takes everything at once: this stands for a network card that is busy.
  class Request {
    list?: readonly Uint8Array[];
    oncomplete?: (status: number, bytes: number) => void;
  }
  const asked: Request[] = [];
  class Handle {
    send(request: Request): number {
      asked.push(request);
      return 0;
    }
  }
  const handle = new Handle();
  const busy = { [Symbol('state symbol')]: { handle } } as unknown as Socket;
  const quickSend = createQuickSend(busy, 'send')!;
  handle.send(new Request());
  const told: unknown[] = [];
  const later = (error: Error | null, bytes: number): void => void told.push(error ?? bytes);
  const [first, second] = [Buffer.from('first'), Buffer.from('second')];
  expect([first, second].map((payload) => quickSend(payload, 9, '192.0.2.1', later))).toEqual(['queued', 'queued']);
  expect(asked.slice(1).map(({ list }) => list)).toEqual([[first], [second]]);
  asked[1]!.oncomplete!(0, 5);
  asked[2]!.oncomplete!(-101, 0);
  expect(told).toEqual([5, expect.objectContaining({ code: 'ENETUNREACH', address: '192.0.2.1', port: 9, syscall: 'send' })]);
});

test('is undefined for what is no socket of node:dgram', () => {
  expect(createQuickSend({} as Socket, 'send')).toBeUndefined();
});

test.each([false, true])('a socket tells the same of what it sent, publicly alone: %s', async (isPublicOnly) => {
  await using peer = await boundUdp();
  const told: (readonly [Error | null, number])[] = [];
  const socket = await openSocket(
    { kind: 'ip', host: '127.0.0.1', port: 0 },
    {
      reusePort: false,
      isPublicOnly,
      onDatagram: () => undefined,
      onError: () => undefined,
      onSettled: (error, bytes) => void told.push([error, bytes]),
    },
  );
  for (const text of ['a', 'bc', 'def']) expect(socket.send(Buffer.from(text), { address: '127.0.0.1', port: peer.port })).toBe(true);
  // The first goes the public way always, the others only where nothing else may be used.
  expect(told.length).toBe(isPublicOnly ? 0 : 2);
  await socket.flush(new AbortController().signal);
  expect(told.map(([error]) => error)).toEqual([null, null, null]);
  expect(told.map(([, bytes]) => bytes).toSorted((left, right) => left - right)).toEqual([1, 2, 3]);
  expect([(await peer.next()).text, (await peer.next()).text, (await peer.next()).text]).toEqual(['a', 'bc', 'def']);
  expect(socket.send(Buffer.from('x'), { address: '255.255.255.255', port: 9 })).toBe(true);
  await socket.flush(new AbortController().signal);
  expect(told.at(-1)?.[0]).toMatchObject({ code: 'EACCES' });
  await socket.close();
});
