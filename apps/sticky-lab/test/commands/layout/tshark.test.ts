/** Dissectors and captures as Wireshark reads them; where tshark is not installed these tests do not run, and with SOCKLAB_REQUIRE_PEERS=1 they must. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { codecOf, framingOf } from '@socklab/framing';
import { decoderSource } from '@socklab/framing/translate';
import { pcapng } from '@socklab/service';
import { readAll, temporaryFolder } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { lineServer, startStickyLab } from '../probe/probe-run.ts';
import type { Layout } from '@socklab/framing';

const hasTshark = process.env['SOCKLAB_REQUIRE_PEERS'] === '1' || spawnSync('tshark', ['--version']).status === 0;

function layoutNamed(name: string): Layout {
  const file = new URL(`../../../../../packages/framing/layouts/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Layout;
}

const LAYOUTS: readonly Layout[] = [
  ...['dlt645', 'hj212', 'fix', 'gt06', 'ldap', 'tls-records'].map(layoutNamed),
  ...['beanstalkd', 'bitcoin', 'gearman'].map(layoutNamed),
  ...['jt808', 'stx-etx-lrc', 'mllp', 'rtsp', 'sip', 'http1', 'nats', 'resp'].map(layoutNamed),
  { ...layoutNamed('onc-rpc'), examples: ['00000001 61 00000002 6263 80000001 64', '80000000'] },
  { kind: 'line', name: 'skipping', oversize: 'skip', maxPayloadBytes: 3, examples: ['61 62 63 64 0a 62 0a', '63 0a'] },
  ...['line', 'netstring', 'slip', 'cobs', 'mqtt', 'protobuf', 'u64le'].map((name) => framingOf(name).layout),
];

/** What tshark says of these fields, a line for each packet that carries bytes. */
function tshark(folder: string, fields: readonly string[], more: readonly string[] = []): readonly string[] {
  const options = ['-r', 'capture.pcapng', '-T', 'fields', '-Y', 'tcp.len > 0', ...fields.flatMap((field) => ['-e', field]), ...more];
  const { stdout, stderr, status } = spawnSync('tshark', options, { cwd: folder, encoding: 'utf8' });
  expect([status, stderr.includes('Lua Error')]).toEqual([0, false]);
  return stdout.trimEnd().split('\n');
}

test.runIf(hasTshark)('a dissector finds the frames of a layout, wherever TCP cut them', async () => {
  await using folder = await temporaryFolder();
  const written: Uint8Array[] = [];
  const capture = pcapng({ write: (bytes) => void written.push(bytes) });
  const scripts: string[] = [];
  const expected = LAYOUTS.map((layout, index) => {
    const codec = codecOf(layout);
    const payloads =
      layout.examples === undefined
        ? ['hello', 'x'].map((text) => Buffer.from(text))
        : layout.examples.map((hex) => Buffer.from(hex.replaceAll(' ', ''), 'hex'));
    const isFrames = layout.examples !== undefined;
    const frames = isFrames ? payloads : payloads.map((payload) => Buffer.from(codec.encode(payload)));
    const wire = Buffer.concat([...frames, ...frames]);
    const port = 30_000 + index;
    const connection = capture.connection({ host: '192.0.2.7', port: 5000 + index }, { host: '192.0.2.1', port });
    for (const [from, to] of [
      [0, 1],
      [1, frames[0]!.length + 1],
      [frames[0]!.length + 1, wire.length - 1],
      [wire.length - 1, wire.length],
    ] as const) {
      connection.data('client', wire.subarray(from, to));
    }
    writeFileSync(join(folder.path, `${index}.lua`), decoderSource(layout, 'wireshark', { port }));
    scripts.push('-X', `lua_script:${index}.lua`);
    const decoder = codec.createDecoder();
    decoder.push(wire);
    const found: string[] = [];
    for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) found.push(Buffer.from(payload).toString('hex'));
    // An empty payload is no field of a packet.
    return found.filter((payload) => payload !== '');
  });
  writeFileSync(join(folder.path, 'capture.pcapng'), Buffer.concat(written));
  const names = LAYOUTS.map(({ name, kind }) => `${(name ?? kind).replaceAll('-', '_')}_frames`);
  const lines = tshark(folder.path, ['tcp.dstport', ...names.map((name) => `${name}.payload`)], scripts);
  const seen = LAYOUTS.map((_, index) =>
    lines
      .map((line) => line.split('\t'))
      .filter(([port]) => port === String(30_000 + index))
      .flatMap((cells) => cells[index + 1]!.split(',').filter((cell) => cell !== '')),
  );
  expect(seen).toEqual(expected);
});

test.runIf(hasTshark)('record --pcapng writes what tshark reads: the addresses, and what each side said', async () => {
  await using folder = await temporaryFolder();
  await using server = await lineServer();
  const file = join(folder.path, 'capture.pcapng');
  await using recorder = startStickyLab(['record', '--target', server.target, '--out', join(folder.path, 'out.jsonl'), '--pcapng', file]);
  const line = await recorder.line(/connect to tcp:/, 'stderr');
  const client = connect({ port: Number(/:(\d+)$/.exec(line)?.[1]), host: '127.0.0.1' });
  await once(client, 'connect');
  const { localPort } = client;
  client.end('ask\n');
  await readAll(client);
  expect((await recorder.exit()).code).toBe(0);
  const ports = [localPort, Number(server.target.split(':')[1])].map(String);
  const lines = tshark(folder.path, ['tcp.srcport', 'tcp.dstport', 'tcp.payload']);
  expect(lines.map((each) => each.split('\t'))).toEqual([
    [...ports, Buffer.from('ask\n').toString('hex')],
    [...ports.toReversed(), Buffer.from('ask\n').toString('hex')],
  ]);
});
