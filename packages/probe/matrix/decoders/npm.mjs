// Decoders of npm: `node npm.mjs <folder with node_modules> <which>`.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { ofStream, speak } from './speak.mjs';

const [folder, which] = process.argv.slice(2);
const load = createRequire(join(folder, 'package.json'));

/** mysql2 keeps the header only of packets that came whole. */
function mysqlHeader({ sequenceId }, { length }) {
  return Buffer.from([length & 0xff, (length >> 8) & 0xff, length >> 16, sequenceId]);
}

const DECODERS = {
  'it-length-prefixed': async () => {
    const entry = join(
      folder,
      'node_modules/it-length-prefixed',
      load(join(folder, 'node_modules/it-length-prefixed/package.json')).exports['.'].import,
    );
    const { decode } = await import(pathToFileURL(entry).href);
    return (limit, give, fail) => {
      const input = new PassThrough({ readableObjectMode: true, writableObjectMode: true });
      const run = async () => {
        for await (const payload of decode(input, { maxDataLength: limit })) give(payload.subarray());
      };
      void run().catch((error) => fail(error));
      return { push: (chunk) => void input.write(chunk), end: () => void input.end() };
    };
  },
  'length-prefixed-stream': () => {
    const { decode } = load('length-prefixed-stream');
    return (limit, give, fail) => ofStream(decode({ limit, allowEmpty: true }), give, fail);
  },
  'frame-stream': () => {
    const { decode } = load('frame-stream');
    return (limit, give, fail) => ofStream(decode({ maxSize: limit, readableObjectMode: true }), give, fail);
  },
  'framed-stream': () => {
    const FramedStream = load('framed-stream');
    return (_limit, give, fail) => {
      const raw = new PassThrough();
      new FramedStream(raw).on('data', give).on('error', fail);
      return { push: (chunk) => void raw.write(chunk), end: () => void raw.end() };
    };
  },
  split2: () => {
    const split2 = load('split2');
    return (limit, give, fail) => ofStream(split2({ maxLength: limit }), give, fail);
  },
  byline: () => {
    const { LineStream } = load('byline');
    return (_limit, give, fail) => ofStream(new LineStream(), give, fail);
  },
  'binary-split': () => {
    const split = load('binary-split');
    return (_limit, give, fail) => ofStream(split(), give, fail);
  },
  ws: () => {
    const { Receiver, Sender } = load('ws');
    return (limit, give, fail) => {
      // Short frames have a header of two bytes.
      const receiver = new Receiver({ maxPayload: limit - 2, skipUTF8Validation: true });
      receiver.on('message', (payload, isBinary) =>
        give(Buffer.concat(Sender.frame(payload, { fin: true, opcode: isBinary ? 2 : 1, mask: false, readOnly: true, rsv1: false }))),
      );
      receiver.on('error', fail);
      return { push: (chunk) => void receiver.write(chunk), end: () => void receiver.end() };
    };
  },
  'mqtt-packet': () => {
    const mqtt = load('mqtt-packet');
    return (_limit, give, fail) => {
      const parser = mqtt
        .parser()
        .on('packet', (packet) => give(mqtt.generate(packet)))
        .on('error', fail);
      return { push: (chunk) => void parser.parse(chunk), end: () => undefined };
    };
  },
  'amqp-client': () => {
    const { AMQPClient } = load('@cloudamqp/amqp-client');
    return (_limit, give) => {
      const client = new AMQPClient('amqp://127.0.0.1?frameMax=131072');
      client.parseFrames = (view) => give(Buffer.from(view.buffer, view.byteOffset, view.byteLength));
      return { push: (chunk) => void client.onRead(chunk), end: () => undefined };
    };
  },
  amqplib: () => {
    const { parseFrame } = load(join(folder, 'node_modules/amqplib/lib/frame.js'));
    return (limit, give) => {
      // As Connection.recvFrame of amqplib has it. A frame has eight bytes beside its payload.
      let rest = Buffer.alloc(0);
      const push = (chunk) => {
        rest = Buffer.concat([rest, chunk]);
        for (let frame = parseFrame(rest, limit - 8); frame !== false; frame = parseFrame(rest, limit - 8)) {
          give(rest.subarray(0, rest.length - frame.rest.length));
          rest = frame.rest;
        }
      };
      return { push, end: () => undefined };
    };
  },
  'redis-parser': () => {
    const Parser = load('redis-parser');
    return (_limit, give, fail) => {
      const parser = new Parser({ returnBuffers: true, returnReply: give, returnError: fail, returnFatalError: fail });
      return { push: (chunk) => void parser.execute(chunk), end: () => undefined };
    };
  },
  'grpc-js': () => {
    const { StreamDecoder } = load(join(folder, 'node_modules/@grpc/grpc-js/build/src/stream-decoder.js'));
    return (limit, give) => {
      const decoder = new StreamDecoder(limit - 5);
      return { push: (chunk) => decoder.write(chunk).forEach(give), end: () => undefined };
    };
  },
  'vscode-jsonrpc': () => {
    const { StreamMessageReader } = load('vscode-jsonrpc/node');
    return (_limit, give, fail) => {
      const input = new PassThrough();
      const asItIs = { name: 'application/json', decode: (bytes) => Promise.resolve(bytes) };
      const reader = new StreamMessageReader(input, { contentTypeDecoder: asItIs });
      reader.partialMessageTimeout = 0;
      reader.onError(fail);
      reader.listen(give);
      return { push: (chunk) => void input.write(chunk), end: () => void input.end() };
    };
  },
  mysql2: () => {
    const PacketParser = load(join(folder, 'node_modules/mysql2/lib/packet_parser.js'));
    return (_limit, give) => {
      const parser = new PacketParser((packet) => {
        const payload = packet.buffer.subarray(packet.offset, packet.end);
        give(Buffer.concat([mysqlHeader(packet, payload), payload]));
      });
      return { push: (chunk) => void parser.execute(chunk), end: () => undefined };
    };
  },
  'pg-protocol': () => {
    const { Parser } = load(join(folder, 'node_modules/pg-protocol/dist/parser.js'));
    return (_limit, give) => {
      const parser = new Parser();
      parser.handlePacket = (offset, _code, length, bytes) => bytes.subarray(offset - 5, offset - 4 + length);
      return { push: (chunk) => parser.parse(chunk, give), end: () => undefined };
    };
  },
  thrift: () => {
    const { TFramedTransport } = load('thrift');
    return (limit, give) => {
      const receive = TFramedTransport.receiver((transport) => give(transport.inBuf), 0, limit);
      return { push: (chunk) => receive(chunk), end: () => undefined };
    };
  },
  slip: () => {
    const { Decoder } = load('slip');
    return (limit, give, fail) => {
      const decoder = new Decoder({ onMessage: give, onError: (_bytes, text) => fail(text), maxMessageSize: limit, bufferSize: 64 });
      return { push: (chunk) => void decoder.decode(chunk), end: () => undefined };
    };
  },
};

await speak(await DECODERS[which]());
