import { readFileSync, readdirSync } from 'node:fs';
import { sep } from 'node:path';
import * as framing from '@socklab/framing';
import * as node from '@socklab/framing/node';
import * as testing from '@socklab/framing/testing';
import * as translate from '@socklab/framing/translate';
import * as web from '@socklab/framing/web';
import { expect, test } from 'vitest';
import * as plainCodecs from '../src/codecs/plain/plain-codecs.ts';
import type * as api from '@socklab/framing';
import type * as nodeApi from '@socklab/framing/node';
import type * as testingApi from '@socklab/framing/testing';
import type * as webApi from '@socklab/framing/web';

const sources = new URL('../src/', import.meta.url);
const files = filesIn(sources).filter((file) => file.endsWith('.ts'));

/** Their names have slashes on every system. */
function filesIn(folder: URL): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll(sep, '/'));
}

function sourceOf(file: string): string {
  return readFileSync(new URL(file, sources), 'utf8');
}

/** The code of `file` without its comments. */
function codeOf(file: string): string {
  return sourceOf(file).replaceAll(/\/\*.*?\*\/|^\s*\/\/.*?$/gms, '');
}

test("'@socklab/framing' exports exactly these names", () => {
  const names = [
    'DEFAULT_MAX_PAYLOAD_BYTES',
    'FRAME_ERROR_CODES',
    'FRAMINGS',
    'FrameError',
    'SKIP',
    'amqp',
    'asciiDecimal',
    'asciiHex',
    'atLeast',
    'bcd',
    'ber',
    'bytes',
    'choice',
    'codecByName',
    'codecOf',
    'constant',
    'contentLength',
    'crc16',
    'crc32',
    'crc8',
    'createFrameWriter',
    'createSideDecoder',
    'custom',
    'decode',
    'decodeBatches',
    'delimited',
    'dns',
    'encode',
    'encodeBatches',
    'erlang',
    'fieldsCodecOf',
    'fixed',
    'fragments',
    'frame',
    'framingNames',
    'framingOf',
    'fromNetty',
    'grpc',
    'i16be',
    'i16le',
    'i32be',
    'i32le',
    'i8',
    'json',
    'kafka',
    'layoutOf',
    'lengthPrefixed',
    'line',
    'lowBits',
    'modbus',
    'mongodb',
    'mqtt',
    'mqttVarint',
    'mysql',
    'ndjson',
    'octetCounted',
    'partsOf',
    'payloadParts',
    'postgres',
    'postgresStartup',
    'protobuf',
    'reserved',
    'resp',
    'rtp',
    'stuffed',
    'sum',
    'text',
    'tpkt',
    'u16be',
    'u16le',
    'u24be',
    'u24le',
    'u32be',
    'u32le',
    'u64be',
    'u64le',
    'u8',
    'utf8',
    'varint',
    'websocket',
    'websocketMessages',
    'withPayload',
    'xor',
  ];
  // Codecs that have nothing to choose but their limit are exported by being in their list.
  expect(Object.keys(framing).toSorted(), 'write each new export into this list').toEqual(
    [...names, ...Object.keys(plainCodecs)].toSorted(),
  );
});

test("'@socklab/framing/node' exports exactly these names", () => {
  expect(Object.keys(node).toSorted()).toEqual(['decoderStream', 'encoderStream', 'framed', 'readFraming']);
});

test("'@socklab/framing/web' exports exactly these names", () => {
  expect(Object.keys(web).toSorted()).toEqual(['frameDecoderStream', 'frameEncoderStream']);
});

test("'@socklab/framing/testing' exports exactly these names", () => {
  expect(Object.keys(testing).toSorted()).toEqual(['checkCodec', 'decodeAll', 'drip', 'everySplit', 'randomSplits', 'split', 'sticky']);
});

test("'@socklab/framing/translate' exports exactly these names", () => {
  expect(Object.keys(translate).toSorted()).toEqual(['TARGETS', 'decoderSource', 'layoutOfKaitai']);
});

test('the types are exported too', () => {
  // The compiler checks these names: a type that is no longer exported fails the build of this test.
  type Core = [
    api.Bytes,
    api.BytesIn,
    api.Chunks,
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
    api.AsciiDecimalOptions,
    api.Checksum,
    api.ChecksumOptions,
    api.Constant,
    api.Counts,
    api.ErlangOptions,
    api.FieldsOf<{ readonly type: api.IntegerField; readonly length: api.IntegerField }>,
    api.FrameCodec<{ readonly length: api.IntegerField }>,
    api.FrameHeader,
    api.FrameOptions,
    api.HeaderAndPayload<unknown>,
    api.FieldsCodec<unknown>,
    api.FieldsDecoder<unknown>,
    api.FieldsPresetOptions,
    api.ValueCodec<unknown>,
    api.LengthField,
    api.NettyOptions,
    api.Padding,
    api.PresetOptions,
    api.VariableLengthField,
    api.VarintOptions,
    api.CobsOptions,
    api.ContentLengthOptions,
    api.CustomOptions,
    api.DelimitedOptions,
    api.JsonOptions<unknown>,
    api.Measure,
    api.NdjsonOptions<unknown>,
    api.NetstringOptions,
    api.OctetCountedOptions,
    api.PayloadCodec<unknown>,
    api.SlipOptions,
    api.StandardIssue,
    api.StandardResult<unknown>,
    api.StandardSchema,
  ];
  type Others = [
    nodeApi.DecoderStreamOptions,
    nodeApi.FramedOptions,
    nodeApi.FramedSocket<unknown, unknown>,
    nodeApi.TwoCodecs<unknown, unknown>,
    webApi.FrameDecoderStreamOptions,
    webApi.FrameEncoderStreamOptions,
    webApi.FrameStream<unknown, unknown>,
    testingApi.CheckCodecOptions,
    testingApi.EverySplitOptions,
    testingApi.RandomSplitsOptions,
  ];
  const counts: [Core['length'], Others['length']] = [52, 10];
  expect(counts).toEqual([52, 10]);
});

function surface(name: string): object {
  return { '@socklab/source': `./src/${name}.ts`, types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` };
}

test('exports are the five surfaces, the schema and package.json, each with source, types and code', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    exports: Record<string, unknown>;
    dependencies?: unknown;
  };
  expect(manifest.exports).toEqual({
    '.': surface('index'),
    './node': surface('node'),
    './web': surface('web'),
    './testing': surface('testing'),
    './translate': surface('translate'),
    './layout.schema.json': './layout.schema.json',
    './layouts/*': './layouts/*',
    './package.json': './package.json',
  });
  expect(manifest.dependencies).toBeUndefined();
});

/** Whether `file` may use what only Node has. */
function isForNode(file: string): boolean {
  return file === 'node.ts' || file.startsWith('node/');
}

test.each(files)('%s imports only files of this package; those of ./node alone may import node:', (file) => {
  const imports = /^(?:import|export)\b[^;]*?\bfrom\s+['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/gm;
  const imported = [...codeOf(file).matchAll(imports)].map(([, name, dynamic]) => name ?? dynamic!);
  const foreign = imported.filter((name) => !name.startsWith('./') && !name.startsWith('../'));
  for (const name of foreign)
    expect([file, isForNode(file), ['node:fs', 'node:net', 'node:stream']]).toEqual([file, true, expect.arrayContaining([name])]);
});

// platform.ts looks whether there is a Buffer; its test says what is needed: none.
test.each(files.filter((file) => !isForNode(file) && file !== 'decoding/platform.ts'))('%s needs nothing that only Node has', (file) => {
  expect(codeOf(file)).not.toMatch(/\b(Buffer|process|require|setImmediate|global)\b/);
});

test('index.ts only re-exports', () => {
  for (const statement of codeOf('index.ts').split(';'))
    expect(statement.trim()).toMatch(/^(export ((type )?\{[^}]*\}|\*) from '[^']+')?$/);
});

test('every module has a test of its name, in the folder of its name', () => {
  const tests = filesIn(new URL('.', import.meta.url));
  // What has types alone does nothing that could be tested.
  const withCode = files.filter(
    (file) => file !== 'index.ts' && /^export (const|function|class|abstract class|async function) /m.test(codeOf(file)),
  );
  const modules = withCode.map((file) => file.replace(/\.ts$/, ''));
  const untested = modules.filter((name) => !tests.some((file) => file.startsWith(`${name}.`) || file.startsWith(`${name}-`)));
  expect(untested, 'write test/NAME.test.ts for each of these modules').toEqual([]);
});
