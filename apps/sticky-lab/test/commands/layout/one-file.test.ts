/** A format that nobody here wrote a line of code for goes through everything from one file: the services, the probe, the proxy, the page, Wireshark, Python and Kaitai. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFraming } from '@socklab/framing/node';
import { decoderSource } from '@socklab/framing/translate';
import { readCapture } from '@socklab/service/capture';
import { readAll, startProgram, temporaryFolder } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { dissect, partsOf } from '../../../src/pages/codec/dissect.ts';
import { CAMPAIGN_MS, isLinux, startStickyLab, stickyLab } from '../probe/probe-run.ts';

const FILE = fileURLToPath(import.meta.resolve('@socklab/framing/layouts/dlt645.json'));
const FRAME = '68123456789000681104333334335616';
/** Idle bytes, then two frames. */
const SENT = Buffer.from(`fefe${FRAME}${FRAME}`, 'hex');
const hasTshark = process.env['SOCKLAB_REQUIRE_PEERS'] === '1' || spawnSync('tshark', ['--version']).status === 0;

/** What the program prints with this standard input; `undefined` where there is no such program. */
function ran(command: string, args: readonly string[], cwd: string): string | undefined {
  const { error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error !== undefined) return undefined;
  expect(stderr.includes('Traceback') || stderr.includes('Lua Error')).toBe(false);
  return stdout.trim();
}

test.runIf(isLinux)('DL/T 645 from one JSON file, through everything', { timeout: CAMPAIGN_MS }, async () => {
  await using folder = await temporaryFolder();
  const at = (name: string): string => join(folder.path, name);
  await using echo = startProgram('tcp-echo', ['--listen', 'tcp://127.0.0.1:0', '--framing', FILE, '--accept-rate', 'off'], {
    stdin: 'ignore',
  });
  const server = (await echo.log('listening')) as { endpoints: readonly string[] };
  const target = server.endpoints[0]!.replace('tcp://', '');

  // The proxy cuts at frames, and holds the second one of a connection.
  const plan = ['--plan', 'prefix', '--on', 'frame:2 do stall:1ms', '--pcapng', at('proxy.pcapng')];
  await using proxy = startStickyLab(['proxy', '--listen', 'tcp://127.0.0.1:0', '--target', target, '--framing', FILE, ...plan]);
  const front = (await proxy.log('listening')) as { endpoints: readonly string[] };
  const through = front.endpoints[0]!.replace('tcp://', '');

  // A recording, and what Wireshark opens, of a client that talks through it.
  const files = ['--out', at('live.jsonl'), '--pcapng', at('live.pcapng')];
  await using recorder = startStickyLab(['record', '--target', through, '--framing', FILE, ...files]);
  const line = await recorder.line(/connect to tcp:/, 'stderr');
  const client = connect({ port: Number(/:(\d+)$/.exec(line)?.[1]), host: '127.0.0.1' });
  await once(client, 'connect');
  client.end(SENT);
  // Idle bytes belong to no frame, so none come back.
  expect((await readAll(client)).toString('hex')).toBe(FRAME + FRAME);
  expect((await recorder.exit()).code).toBe(0);

  // The same from the capture, and the probe cuts what it says everywhere.
  expect(await stickyLab(['record', '--from-pcap', at('live.pcapng'), '--framing', FILE, '--out', at('again.jsonl')])).toMatchObject({
    code: 0,
  });
  const probed = await stickyLab(['probe', '--target', through, '--recording', at('again.jsonl'), '--plan', 'bytes:3']);
  expect([probed.stderr, probed.code], probed.stdout).toEqual(['', 0]);

  // Python, Wireshark and Kaitai.
  const python = await stickyLab(['layout', FILE, '--to', 'python']);
  writeFileSync(at('meters.py'), python.stdout);
  const { layout: data } = readFraming(FILE);
  writeFileSync(at('meters.lua'), decoderSource(data, 'wireshark', { port: Number(target.split(':')[1]) }));
  expect(decoderSource(data, 'kaitai')).toContain('id: "dlt645"');
  const script = `import meters\nd = meters.Decoder()\nfor b in bytes.fromhex("${SENT.toString('hex')}"):\n    d.push(bytes([b]))\n    p = d.next()\n    if p is not None: print(p.hex())`;
  expect(ran('python3', ['-c', script], folder.path) ?? `${FRAME}\n${FRAME}`).toBe(`${FRAME}\n${FRAME}`);
  if (hasTshark) {
    const port = through.split(':')[1]!;
    const fields = ['-T', 'fields', '-e', 'dlt645_frames.payload', '-Y', `tcp.dstport == ${port} && dlt645_frames.payload`];
    const decodeAs = ['-d', `tcp.port==${port},dlt645_frames`];
    const seen = ran('tshark', ['-r', 'live.pcapng', '-X', 'lua_script:meters.lua', ...decodeAs, ...fields], folder.path);
    expect(seen?.split(/[\n,]/)).toEqual([FRAME, FRAME]);
  }
  // The proxy wrote both sides of each connection for Wireshark.
  const { streams } = readCapture(readFileSync(at('proxy.pcapng')));
  const [front0, back0] = streams;
  expect([front0?.server.port, back0?.server.port]).toEqual([through, target].map((address) => Number(address.split(':')[1])));
  expect([front0?.client.byteLength, back0?.client.byteLength, back0?.client.missingBytes]).toEqual([34, 34, 0]);

  // The page names the parts.
  const layout = readFileSync(FILE, 'utf8');
  const { frames } = dissect(new Uint8Array(SENT), layout);
  expect(frames.map(({ start, end }) => [start, end])).toEqual([
    [0, 18],
    [18, 34],
  ]);
  const names = partsOf(new Uint8Array(SENT), layout, { start: 18, end: 34 }, true).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['address', 'control', 'sum']));
});
