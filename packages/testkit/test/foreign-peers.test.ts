import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test as anyTest, vi } from 'vitest';
import { boundUdp, closed, foreignPeer, listening, readAll, receive } from '../src/index.ts';
import type { Socket } from 'node:net';

async function server(): Promise<{ port: number; accepted: () => Promise<Socket> }> {
  const listener = createServer();
  onTestFinished(() => void listener.close());
  const port = await listening(listener);
  return { port, accepted: async () => ((await once(listener, 'connection')) as [Socket])[0] };
}

describe.each(['python3', 'perl', 'script'] as const)('the blocking-socket scripts, by %s', (kind) => {
  const peer = foreignPeer(kind);
  const test = anyTest.skipIf(!peer.available);

  test('TCP: prints what one recv(1024) returned, answers with exactly the line', async () => {
    const { port, accepted } = await server();
    const connection = accepted();
    await using client = peer.tcpClient(port);
    const socket = await connection;
    socket.write('haha');
    expect(await client.line(/./)).toBe('haha');
    expect((await client.nextRead()).toString()).toBe('haha');
    client.write('你好\n');
    expect((await receive(socket, 6)).toString()).toBe('你好');
    socket.write(Buffer.from([0xff, 0x0a, 0x00]));
    expect(await client.nextRead()).toEqual(Buffer.from([0xff, 0x0a, 0x00]));
    client.write('q\n');
    expect((await readAll(socket)).toString()).toBe('q');
    expect(await client.exit()).toMatchObject({ code: 0 });
  });

  test('TCP: a read takes at most 1024 bytes', async () => {
    const { port, accepted } = await server();
    const connection = accepted();
    await using client = peer.tcpClient(port);
    const socket = await connection;
    socket.write('x'.repeat(1500));
    expect(await client.nextRead()).toHaveLength(1024);
    // It leaves with 476 bytes unread, which the system tells as a reset.
    client.signal('SIGKILL');
    expect(await closed(socket)).toMatchObject({ code: 'ECONNRESET' });
  });

  test('TCP: speaks first when asked to, and the end of the connection is an empty read', async () => {
    const { port, accepted } = await server();
    const connection = accepted();
    await using client = peer.tcpClient(port, { first: 'send' });
    client.write('hello\n');
    const socket = await connection;
    expect((await receive(socket, 5)).toString()).toBe('hello');
    socket.end();
    expect(await client.nextRead()).toHaveLength(0);
    expect(await client.exit()).toMatchObject({ code: 0 });
  });

  test('TCP: the quit word ends it when received, and may be another or none', async () => {
    const { port, accepted } = await server();
    let connection = accepted();
    await using one = peer.tcpClient(port, { quit: 'bye' });
    (await connection).write('bye');
    expect(await one.exit()).toMatchObject({ code: 0 });
    connection = accepted();
    await using other = peer.tcpClient(port, { quit: '' });
    const socket = await connection;
    socket.write('q');
    other.write('q\n');
    expect((await receive(socket, 1)).toString()).toBe('q');
    other.endInput();
    socket.write('still here');
    expect((await other.nextRead()).toString()).toBe('q');
    expect((await other.nextRead()).toString()).toBe('still here');
    expect(await other.exit()).toMatchObject({ code: 0 });
    expect(await closed(socket)).toBeUndefined();
  });

  test('TCP: fails with a message where nobody listens', async () => {
    await using udp = await boundUdp();
    await using client = peer.tcpClient(udp.port);
    const { code, stderr } = await client.exit();
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/refused/i);
  });

  test('UDP once: one datagram, one reply', async () => {
    await using udp = await boundUdp();
    await using client = peer.udpOnce(udp.port, 'hello 你好');
    const { text, peer: from } = await udp.next();
    expect(text).toBe('hello 你好');
    await udp.send('byebye', from.port);
    expect((await client.nextRead()).toString()).toBe('byebye');
    expect(await client.exit()).toMatchObject({ code: 0, stdout: 'byebye\n' });
  });

  test('UDP in a loop: each line a datagram from the same port, until the quit word', async () => {
    await using udp = await boundUdp();
    await using client = peer.udpClient(udp.port);
    const ports = new Set<number>();
    for (const text of ['one', 'two']) {
      client.write(`${text}\n`);
      const datagram = await udp.next();
      expect(datagram.text).toBe(text);
      ports.add(datagram.peer.port);
      await udp.send(`re: ${text}`, datagram.peer.port);
      expect(await client.line(new RegExp(`^re: ${text}$`))).toBe(`re: ${text}`);
    }
    client.write('q\n');
    expect((await udp.next()).text).toBe('q');
    expect(await client.exit()).toMatchObject({ code: 0 });
    expect(ports.size).toBe(1);
  });

  test('speaks to an IPv6 address', async () => {
    await using udp = await boundUdp('::1');
    await using client = peer.udpOnce(udp.port, 'six', { host: '::1' });
    const { peer: from } = await udp.next();
    await udp.send('seven', from.port);
    expect(await client.exit()).toMatchObject({ code: 0, stdout: 'seven\n' });
  });
});

describe('netcat', () => {
  const peer = foreignPeer('nc');
  const test = anyTest.skipIf(!peer.available);

  test('TCP: bytes pass unchanged both ways, and the end of its input is a FIN', async () => {
    const { port, accepted } = await server();
    const connection = accepted();
    await using client = peer.tcpClient(port);
    const socket = await connection;
    socket.write('haha');
    await client.waitFor(/^haha$/);
    client.write(Buffer.from([0x00, 0xff, 0x0a]));
    client.endInput();
    expect(await readAll(socket)).toEqual(Buffer.from([0x00, 0xff, 0x0a]));
    expect(await client.exit()).toMatchObject({ code: 0, stdout: 'haha' });
  });

  test('UDP: each line a datagram, newline included', async () => {
    await using udp = await boundUdp();
    await using client = peer.udpClient(udp.port);
    client.write('hello\n');
    const { text, peer: from } = await udp.next();
    expect(text).toBe('hello\n');
    await udp.send('byebye', from.port);
    await client.waitFor(/^byebye$/);
  });

  test('UDP once: the text as it is', async () => {
    await using udp = await boundUdp();
    await using client = peer.udpOnce(udp.port, 'hello');
    const { text, peer: from } = await udp.next();
    expect(text).toBe('hello');
    await udp.send('byebye', from.port);
    await client.waitFor(/^byebye$/);
  });
});

async function withoutPeers(required: string, ...present: string[]): Promise<typeof import('../src/index.ts')> {
  const folder = mkdtempSync(join(tmpdir(), 'testkit-'));
  for (const file of present) symlinkSync(file, join(folder, basename(file)));
  vi.resetModules();
  vi.stubEnv('PATH', folder);
  vi.stubEnv('SOCKLAB_REQUIRE_PEERS', required);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  return import('../src/index.ts');
}

describe('on a machine without them', () => {
  anyTest('peers and terminals say that they are not available, and throw when used all the same', async () => {
    const testkit = await withoutPeers('');
    for (const kind of ['script', 'python3', 'perl'] as const) {
      const peer = testkit.foreignPeer(kind);
      expect(peer.available).toBe(false);
      expect(() => peer.tcpClient(1)).toThrow('is not installed');
    }
    expect(testkit.foreignPeer('nc').available).toBe(false);
    expect(testkit.terminalAvailable()).toBe(false);
    expect(() => testkit.startTerminal(['cat'])).toThrow('script (util-linux) is not installed');
  });

  anyTest.skipIf(!foreignPeer('perl').available)('the script is run by perl where there is no python3', async () => {
    const perl = execFileSync('sh', ['-c', 'command -v perl'], { encoding: 'utf8' }).trim();
    const testkit = await withoutPeers('1', perl);
    expect(testkit.foreignPeer('script')).toMatchObject({ command: 'perl', available: true });
  });

  anyTest('SOCKLAB_REQUIRE_PEERS=1 makes that an error, so that nothing is skipped unseen', async () => {
    const testkit = await withoutPeers('1');
    expect(() => testkit.foreignPeer('nc')).toThrow('nc (netcat-openbsd) is not installed, and SOCKLAB_REQUIRE_PEERS=1');
    expect(() => testkit.foreignPeer('script')).toThrow('python3 or perl');
    expect(() => testkit.terminalAvailable()).toThrow('script (util-linux)');
  });
});
