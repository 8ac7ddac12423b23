import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { listening } from '@socklab/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { probe } from '../src/probe.ts';
import { CONFIRMED, createTargets, LINE, lines } from './line-server.ts';
import type { Target } from '../src/transports/target.ts';
import type { TlsOptions } from 'node:tls';

const targets = createTargets();
const certificate = (part: string) => readFileSync(new URL(`./certificates/localhost.${part}.pem`, import.meta.url));

afterEach(() => targets.stop());

function securely(port: number): Target {
  return { kind: 'tcp', host: '127.0.0.1', port, tls: { insecure: true } };
}

async function tlsServer(options: TlsOptions = {}): Promise<number> {
  const server = createTlsServer({ cert: certificate('cert'), key: certificate('key'), ...options }, (socket) => {
    targets.sockets.push(socket.on('error', () => {}));
    lines(socket, (line) => socket.write(`${line}!\n`));
  });
  targets.servers.push(server);
  return listening(server);
}

/** Passes on what comes to a TLS server behind it, unless the first read lacks a part of the first record: the bug of tldr.fail. */
async function helloInOneRead(): Promise<number> {
  const port = await tlsServer();
  const target = await targets.start((socket) => {
    socket.once('data', (first: Buffer) => {
      const isWhole = first.length >= 5 && first.length >= 5 + first.readUInt16BE(3);
      if (!isWhole) {
        socket.resetAndDestroy();
        return;
      }
      const behind = connect(port, '127.0.0.1');
      targets.sockets.push(behind.on('error', () => socket.destroy()));
      behind.write(first);
      socket.pipe(behind).pipe(socket);
    });
  });
  return Number(target.split(':')[1]);
}

describe('below TLS', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s: a right server passes, its records cut at every border', async (maxVersion) => {
    const target = securely(await tlsServer({ maxVersion }));
    const report = await probe({ target, cut: 'wire', exchange: LINE, plans: 'boundary:-1,0,1', hangMs: 10_000 });
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 }, exchange: { framing: 'tls-records' } });
    expect(report.sends[0]!.bytes).toBeGreaterThan(300);
    expect(report.notTried).toContain('cuts in the plain text: the pieces are bytes of TLS');
  });

  test('a server that wants the ClientHello in one read fails, and passes where only the plain text is cut', async () => {
    const target = securely(await helloInOneRead());
    const wire = await probe({ target, cut: 'wire', exchange: LINE, plans: 'at:3', maxShrinkRuns: 1 });
    expect(wire).toMatchObject({ outcome: 'fail', totals: { fail: 1 } });
    expect(wire.cases[0]).toMatchObject({ verdict: { failure: 'reset' }, where: ['after byte 3 of the 5-byte header of frame 0'] });
    expect(await probe({ target, exchange: LINE, plans: 'at:3' })).toMatchObject({ outcome: CONFIRMED });
  });

  test('is nothing to cut where no TLS is spoken', async () => {
    const options = { target: '127.0.0.1:1', cut: 'wire', exchange: LINE } as const;
    await expect(probe(options)).rejects.toMatchObject({ code: 'PROBE_ERR_DELIVERY' });
  });
});
