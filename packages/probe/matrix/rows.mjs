// The rows of the matrix. `tests` leaves out what a decoder has no API for: most cannot be told that the stream ended.

const ALL = ['lengths', 'every-cut', 'header-cut', 'drip', 'every-pair', 'glue', 'glue+cut', 'empty'];
const NO_END = [...ALL, 'limit', 'limit-early', 'malformed'];
const node = process.execPath;

const ofNpm = (id, which, npm, framing, more = {}) => ({
  id,
  name: npm.slice(0, npm.lastIndexOf('@')),
  language: 'Node.js',
  npm,
  framing,
  run: (folder, decoders) => [node, `${decoders}/npm.mjs`, folder, which],
  ...more,
});

const byHand = (id, name, framing, more = {}) => ({
  id: `node-${id}`,
  name,
  language: 'Node.js',
  framing,
  version: process.versions.node,
  run: (_folder, decoders) => [node, `${decoders}/hand.mjs`, id],
  ...more,
});

const ofPython = (id, name, framing, more = {}) => ({
  id: `python-${id}`,
  name,
  language: 'Python',
  framing,
  tool: ['python3', '--version'],
  run: (_folder, decoders) => ['python3', `${decoders}/hand.py`, id],
  ...more,
});

/** The bulk strings of Redis. */
const RESP_BULK = JSON.stringify({
  kind: 'frame',
  name: 'resp-bulk',
  header: [
    { name: 'type', bytes: '24' },
    { name: 'length', field: { type: 'asciiDecimal', end: '\r' } },
    { name: 'lf', bytes: '0a' },
  ],
  trailer: [{ bytes: '0d0a' }],
});

/** Lines, the last of which may end with the stream, as most line readers accept. */
const LINES = JSON.stringify({ kind: 'line', name: 'line, last one unended', unended: 'emit' });

/** MQTT packets with valid contents: pings, and messages on the topic `a/b`. */
const publish = (payloadBytes) => {
  const body = Buffer.concat([Buffer.from([0, 3]), Buffer.from('a/b'), Buffer.alloc(payloadBytes, 'x')]);
  const length = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
  return Buffer.concat([Buffer.from([0x30, ...length]), body]);
};
const MQTT = [publish(5), Buffer.from('c000', 'hex'), publish(122), publish(123), publish(300), publish(11_000)];

const ofGo = (id, name, framing) => ({
  id: `go-${id}`,
  name,
  language: 'Go',
  framing,
  tool: ['go', 'version'],
  build: () => ['go', 'build', '-o', '{folder}/lines', '{decoders}/lines.go'],
  run: (folder) => [`${folder}/lines`, id],
});

const ofErlang = (which, framing) => ({
  id: `erlang-packet-${which}`,
  name: `{packet, ${which}}`,
  language: 'Erlang',
  framing,
  tool: ['escript', '{decoders}/version.escript'],
  run: (_folder, decoders) => ['escript', `${decoders}/packet.escript`, which],
  tests: NO_END,
});

const NETTY_JARS = ['common', 'buffer', 'transport', 'resolver', 'codec']
  .map((part) => `{folder}/usr/share/java/netty-${part}.jar`)
  .join(':');

const ofNetty = (which, name, framing, tests) => ({
  id: `netty-${which}`,
  name: `Netty ${name}`,
  language: 'Java',
  framing,
  tool: ['javac', '-version'],
  debian: ['libnetty-java'],
  build: () => ['javac', '-cp', NETTY_JARS, '-d', '{folder}', '{decoders}/Netty.java'],
  run: () => ['java', '-cp', `${NETTY_JARS}:{folder}`, 'Netty', which],
  tests,
});

const CRATES = [
  'tokio-util',
  'tokio',
  'bytes',
  'futures-core',
  'futures-sink',
  'pin-project-lite',
  'tracing',
  'tracing-core',
  'once-cell',
  'cfg-if',
  'autocfg',
];
const CARGO = [
  'cargo build --release --offline --quiet --manifest-path {folder}/tokio/Cargo.toml --target-dir {folder}/target',
  `--config 'source.crates-io.replace-with="debian"'`,
  `--config 'source.debian.directory="{folder}/usr/share/cargo/registry"'`,
].join(' ');

/** Debian has the sources of crates, which cargo takes in the place of its registry. */
const ofTokio = (which, name, framing) => ({
  id: `tokio-${which}`,
  name: `tokio-util ${name}`,
  language: 'Rust',
  framing,
  tool: ['cargo', '--version'],
  debian: CRATES.map((crate) => `librust-${crate}-dev`),
  build: () => ['sh', '-c', `cp -r {decoders}/tokio {folder}/ && ${CARGO}`],
  run: () => ['{folder}/target/release/torture-tokio', which],
});

export const rows = [
  ofNpm('it-length-prefixed', 'it-length-prefixed', 'it-length-prefixed@11.0.1', 'protobuf'),
  ofNpm('length-prefixed-stream', 'length-prefixed-stream', 'length-prefixed-stream@2.0.0', 'protobuf'),
  ofNpm('frame-stream', 'frame-stream', 'frame-stream@4.0.1', 'u32be'),
  ofNpm('framed-stream', 'framed-stream', 'framed-stream@1.0.1', 'u32le'),
  ofNpm('thrift', 'thrift', 'thrift@0.24.0', 'i32be', { tests: NO_END }),
  ofNpm('grpc-js', 'grpc-js', '@grpc/grpc-js@1.14.7', 'grpc', { tests: NO_END }),
  ofNpm('mysql2', 'mysql2', 'mysql2@3.24.6', 'mysql', { tests: NO_END }),
  ofNpm('pg-protocol', 'pg-protocol', 'pg-protocol@1.16.1', 'postgres', { tests: NO_END }),
  ofNpm('redis-parser', 'redis-parser', 'redis-parser@3.0.0', RESP_BULK, { tests: [...ALL, 'limit', 'limit-early'] }),
  ofNpm('amqp-client-3.4.1', 'amqp-client', '@cloudamqp/amqp-client@3.4.1', 'amqp', { tests: ALL }),
  ofNpm('amqp-client', 'amqp-client', '@cloudamqp/amqp-client@4.1.1', 'amqp', { tests: ALL }),
  ofNpm('amqplib', 'amqplib', 'amqplib@2.3.1', 'amqp', { tests: NO_END }),
  ofNpm('mqtt-packet', 'mqtt-packet', 'mqtt-packet@9.0.2', 'mqtt', { frames: MQTT, tests: ALL }),
  ofNpm('ws', 'ws', 'ws@8.23.0', 'websocket', { tests: NO_END }),
  ofNpm('vscode-jsonrpc', 'vscode-jsonrpc', 'vscode-jsonrpc@10.0.0', 'content-length'),
  ofNpm('slip', 'slip', 'slip@1.0.2', 'slip', { tests: NO_END }),
  ofNpm('split2', 'split2', 'split2@4.2.0', LINES),
  ofNpm('byline', 'byline', 'byline@5.0.0', LINES),
  ofNpm('binary-split', 'binary-split', 'binary-split@1.0.5', LINES),
  byHand('readline', 'node:readline', LINES),
  byHand('split-each-chunk', 'tutorial: split each chunk', 'line'),
  byHand('data-is-message', 'tutorial: a data event is a message', 'u32be'),
  byHand('length-in-chunk', 'tutorial: the length of this chunk', 'u32be'),
  byHand('collect-then-reset', 'tutorial: collect, then begin anew', 'u32be'),
  ofPython('readexactly', 'asyncio readexactly, struct', 'u32be'),
  ofPython('readuntil', 'asyncio readuntil', 'line'),
  ofPython('readline', 'asyncio readline', LINES),
  ofPython('struct-by-hand', 'tutorial: recv(4), recv(n)', 'u32be'),
  ofPython('one-recv-a-message', 'tutorial: recv(1024) is a message', 'u32be'),
  ofGo('read-full', 'binary.Read, io.ReadFull', 'u32be'),
  ofGo('read-string', 'bufio.Reader ReadString', 'line'),
  ofGo('scanner', 'bufio.Scanner', LINES),
  ofErlang('1', 'u8'),
  ofErlang('2', 'u16be'),
  ofErlang('4', 'u32be'),
  ofErlang('line', 'line'),
  ofNetty('fields', 'LengthFieldBasedFrameDecoder', 'u32be', NO_END),
  ofNetty('varint', 'ProtobufVarint32FrameDecoder', 'protobuf', [...ALL, 'malformed']),
  ofNetty('lines', 'LineBasedFrameDecoder', 'line', NO_END),
  ofTokio('length', 'LengthDelimitedCodec', 'u32be'),
  ofTokio('lines', 'LinesCodec', LINES),
  {
    id: 'c-recv',
    name: 'tutorial: recv, recv',
    language: 'C',
    framing: 'u32be',
    tool: ['cc', '--version'],
    build: () => ['cc', '-O2', '-o', '{folder}/recv', '{decoders}/recv.c'],
    run: (folder) => [`${folder}/recv`],
  },
];
