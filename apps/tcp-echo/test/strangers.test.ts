import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { FRAMINGS } from '@socklab/framing';
import { sourceCommand, startCommand } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { runStrangers } from '../bench/strangers.ts';
import { AUTHORITY, SERVER } from './preamble/certificates.ts';
import { portOf } from './start.ts';
import type { FramingEntry } from '@socklab/framing';

const SERVER_FILE = fileURLToPath(new URL('../bench/brittle-server.ts', import.meta.url));

/** Runs strangers against a server of this framing: over TLS, or half of them over TCP and half over a socket file. */
async function meet(
  framing: FramingEntry,
  { isTls, connections }: { readonly isTls: boolean; readonly connections: number },
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'strangers-'));
  const path = join(folder, 'socket');
  const files = isTls ? [join(folder, 'cert.pem'), join(folder, 'key.pem')] : [];
  if (isTls) await Promise.all([writeFile(files[0]!, SERVER.cert), writeFile(files[1]!, SERVER.key)]);
  try {
    await using program = startCommand(sourceCommand(SERVER_FILE, [framing.name, path, ...files]));
    const port = await portOf(program);
    const report = await runStrangers({
      framing,
      connect(nth) {
        if (isTls) return connectTls({ port, host: '127.0.0.1', ca: AUTHORITY });
        return connect({ ...(nth % 2 === 0 ? { port, host: '127.0.0.1' } : { path }), noDelay: true, allowHalfOpen: true });
      },
      seed: 7,
      connections,
    });
    expect(report.bystanderRounds).toBeGreaterThan(10);
    const failed = program.logs('connection closed').filter(({ reason }) => reason === 'session-error');
    expect(failed.every(({ err }) => /seeded/.test(JSON.stringify(err)))).toBe(true);
    if (report.endings.throws > 0) expect(failed.length).toBeGreaterThan(0);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const each = FRAMINGS.map((framing) => ({ framing, name: framing.name }));

test.each(each)('$name: no byte of a connection reaches another, whatever the others suffer', { timeout: 60_000 }, async ({ framing }) => {
  await meet(framing, { isTls: false, connections: 40 });
});

test.each(each.filter(({ name }) => ['raw', 'line', 'u32be'].includes(name)))(
  '$name over TLS: no byte of a connection reaches another, whatever the others suffer',
  { timeout: 60_000 },
  async ({ framing }) => {
    await meet(framing, { isTls: true, connections: 40 });
  },
);
