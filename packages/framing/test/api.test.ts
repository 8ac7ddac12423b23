import { readFileSync, readdirSync } from 'node:fs';
import * as framing from '@socklab/framing';
import * as node from '@socklab/framing/node';
import * as testing from '@socklab/framing/testing';
import { expect, test } from 'vitest';
import type * as api from '@socklab/framing';
import type * as nodeApi from '@socklab/framing/node';
import type * as testingApi from '@socklab/framing/testing';

const sources = new URL('../src/', import.meta.url);
const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

function sourceOf(file: string): string {
  return readFileSync(new URL(file, sources), 'utf8');
}

/** The code of `file` without its comments. */
function codeOf(file: string): string {
  return sourceOf(file).replaceAll(/\/\*.*?\*\/|^\s*\/\/.*?$/gms, '');
}

test("'@socklab/framing' exports exactly these names", () => {
  expect(Object.keys(framing).toSorted()).toEqual([
    'DEFAULT_MAX_PAYLOAD_BYTES',
    'FRAME_ERROR_CODES',
    'FRAMINGS',
    'FrameError',
    'codecByName',
    'createFrameWriter',
    'framingNames',
    'i32be',
    'i32le',
    'lengthPrefixed',
    'line',
    'raw',
    'u16be',
    'u16le',
    'u24be',
    'u24le',
    'u32be',
    'u32le',
    'u64be',
    'u64le',
    'u8',
  ]);
});

test("'@socklab/framing/node' exports exactly these names", () => {
  expect(Object.keys(node)).toEqual(['framed']);
});

test("'@socklab/framing/testing' exports exactly these names", () => {
  expect(Object.keys(testing).toSorted()).toEqual(['checkCodec', 'decodeAll', 'drip', 'everySplit', 'randomSplits', 'sticky']);
});

test('the types are exported too', () => {
  // The compiler checks these names: a type that is no longer exported fails the build of this test.
  type Core = [
    api.Bytes,
    api.BytesIn,
    api.Codec,
    api.Decoder,
    api.DecoderOptions,
    api.FrameErrorCode,
    api.FrameErrorDetails,
    api.FrameWriter,
    api.FrameWriterOptions,
    api.FramingEntry,
    api.FramingOptions,
    api.IntegerField,
    api.LengthPrefixedOptions,
    api.LineEnding,
    api.LineOptions,
    api.RawOptions,
  ];
  type Others = [
    nodeApi.FramedOptions,
    nodeApi.FramedSocket<unknown, unknown>,
    testingApi.CheckCodecOptions,
    testingApi.RandomSplitsOptions,
  ];
  const counts: [Core['length'], Others['length']] = [16, 4];
  expect(counts).toEqual([16, 4]);
});

function surface(name: string): object {
  return { '@socklab/source': `./src/${name}.ts`, types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` };
}

test('exports are the three surfaces and package.json, each with source, types and code', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    exports: Record<string, unknown>;
    dependencies?: unknown;
  };
  expect(manifest.exports).toEqual({
    '.': surface('index'),
    './node': surface('node'),
    './testing': surface('testing'),
    './package.json': './package.json',
  });
  expect(manifest.dependencies).toBeUndefined();
});

test.each(files)('%s imports only files of this package; node.ts alone may import node:', (file) => {
  const imported = [...codeOf(file).matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, name]) => name!);
  const foreign = imported.filter((name) => !name.startsWith('./') && !name.startsWith('../'));
  expect(foreign).toEqual(file === 'node.ts' ? ['node:net'] : []);
  if (file === 'node.ts') expect(codeOf(file)).toContain("import type { Socket } from 'node:net'");
});

test.each(files.filter((file) => file !== 'node.ts'))('%s needs nothing that only Node has', (file) => {
  expect(codeOf(file)).not.toMatch(/\b(Buffer|process|require|setImmediate|global)\b/);
});

test('index.ts only re-exports', () => {
  for (const statement of codeOf('index.ts').split(';')) expect(statement.trim()).toMatch(/^(export (type )?\{[^}]*\} from '[^']+')?$/);
});

test('every module has a test of its name', () => {
  const tests = readdirSync(new URL('.', import.meta.url));
  const modules = files
    .map((file) => file.replace(/^codecs\//, '').replace(/\.ts$/, ''))
    .filter((name) => !['index', 'codec'].includes(name));
  for (const name of modules) expect(tests.filter((file) => file.startsWith(`${name}.`) || file.startsWith(`${name}-`))).not.toEqual([]);
});
