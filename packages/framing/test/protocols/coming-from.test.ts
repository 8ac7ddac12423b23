import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import * as framing from '@socklab/framing';
import * as node from '@socklab/framing/node';
import * as testing from '@socklab/framing/testing';
import { expect, test } from 'vitest';
import { packageFolder } from '../support/package-folder.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const section = readme.split('\n## ').find((part) => part.startsWith('Coming from'))!;

interface Row {
  readonly from: string;
  readonly here: string;
  readonly wire: string;
}

/** The rows that name a codec here, and say what it writes. */
const rows = [...section.matchAll(/^\| ([\w-]+) +\| .+ \| `([^`]+)` +\| ((?:[\da-f]{2} )+) *\|$/gm)].map(([, from, here, wire]): Row => ({
  from: from!,
  here: here!,
  wire: wire!.trim(),
}));

test('five libraries are there, and no row is overlooked', () => {
  expect([...new Set(rows.map(({ from }) => from))]).toEqual([
    'Netty',
    'tokio-util',
    'Erlang',
    'length-prefixed-stream',
    'it-length-prefixed',
  ]);
  expect(rows.length).toBe(section.match(/^\|.*(?: [\da-f]{2})+ +\|$/gm)?.length);
});

test('every codec writes and reads what the table says', async () => {
  const code = `
    import * as framing from '@socklab/framing';
    const { ${Object.keys(framing).join(', ')} } = framing;
    const seen = [${rows.map(({ here }) => here).join(',\n')}].map((codec) => {
      const encoded = codec.encode(new TextEncoder().encode('hi'));
      const decoder = codec.createDecoder();
      decoder.push(encoded);
      return [Array.from(encoded, (byte) => byte.toString(16).padStart(2, '0')).join(' '), new TextDecoder().decode(decoder.next())];
    });
    console.log(JSON.stringify(seen));`;
  const parameters = ['--conditions=@socklab/source', '--input-type=module', '--eval', code];
  const { stdout } = await promisify(execFile)(process.execPath, parameters, { cwd: packageFolder });
  expect(JSON.parse(stdout)).toEqual(rows.map(({ wire }) => [wire, 'hi']));
});

test('every function that the second table names is there', () => {
  const around = section.slice(section.indexOf('around the codec'));
  const here = [...around.matchAll(/^\|[^|]+\|[^|]+\|([^|]+)\|$/gm)].map(([, cell]) => cell!).join(' ');
  const methods = ['nextBatch', 'next', 'end', 'detach', 'receive', 'switchCodec', 'close'];
  const called = [...here.matchAll(/`(\w+)\(|\b(everySplit|drip|randomSplits|checkCodec|decodeBatches|encodeBatches)\b/g)].map(
    ([, a, b]) => a ?? b!,
  );
  expect(called.length).toBeGreaterThan(10);
  for (const name of called) expect([...methods, ...Object.keys({ ...framing, ...node, ...testing })]).toContain(name);
});
