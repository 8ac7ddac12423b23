import { expect, expectTypeOf, test } from 'vitest';
import {
  amqp,
  codecByName,
  dns,
  erlang,
  grpc,
  kafka,
  layoutOf,
  modbus,
  mongodb,
  mqtt,
  mysql,
  postgres,
  postgresStartup,
  protobuf,
  rtp,
  tpkt,
  websocket,
} from '../../src/index.ts';
import { PROTOCOL_LAYOUTS } from '../../src/protocols/protocol-layouts.ts';
import { checkCodec, decodeAll } from '../../src/testing.ts';
import { bytes, frameErrorOf, fromHex, pattern, toHex } from '../support/bytes.ts';
import type { ByteCodec, Codec, HeaderAndPayload } from '../../src/index.ts';

test.each<[string, Codec<HeaderAndPayload<unknown>, never>, string, object, string]>([
  ['Modbus: the golden vector', modbus(), '0001 0000 0006 11 03006b0003', { transaction: 1, unit: 0x11 }, '03006b0003'],
  ['gRPC: HelloRequest{world}', grpc(), '00 00000007 0a05776f726c64', { compressed: 0 }, '0a05776f726c64'],
  ['MQTT: PINGREQ', mqtt(), 'c000', { typeAndFlags: 0xc0 }, ''],
  ['PostgreSQL: Terminate', postgres(), '58 00000004', { type: 0x58 }, ''],
  ['PostgreSQL: ReadyForQuery', postgres(), '5a 00000005 49', { type: 0x5a }, '49'],
  ['MySQL: packet 123', mysql(), '0a0000 7b 01020304050607080900', { sequence: 123 }, '01020304050607080900'],
  ['MongoDB: a header alone', mongodb(), '10000000 02000000 01000000 dd070000', { requestId: 2, responseTo: 1, opCode: 2013 }, ''],
  ['AMQP: heartbeat', amqp(), '08 0000 00000000 ce', { type: 8, channel: 0 }, ''],
])('%s is read into its fields and payload, and written back', (_, codec, wire, header, payload) => {
  const messages = decodeAll(codec, [fromHex(wire)]);
  expect(messages).toEqual([{ header, payload: fromHex(payload) }]);
  expect(toHex((codec as Codec<unknown, unknown>).encode(messages[0]!))).toBe(toHex(fromHex(wire)));
});

test('presets with fields are read back however the stream is cut', () => {
  checkCodec(modbus(), [
    { header: { transaction: 65_535, unit: 255 }, payload: pattern(20) },
    { header: { transaction: 0, unit: 0 }, payload: bytes('') },
  ]);
  checkCodec(mqtt(), [
    { header: { typeAndFlags: 0x30 }, payload: pattern(130) },
    { header: { typeAndFlags: 0xc0 }, payload: bytes('') },
  ]);
  checkCodec(postgres(), [{ header: { type: 0x51 }, payload: bytes('select 1\0') }]);
  checkCodec(mongodb(), [{ header: { requestId: -1, responseTo: 2 ** 31 - 1, opCode: 2013 }, payload: pattern(5) }]);
  checkCodec(amqp(), [{ header: { type: 3, channel: 7 }, payload: pattern(30) }]);
});

test.each<[string, ByteCodec, string, string]>([
  ['erlang, packet 1', erlang({ packet: 1 }), '02 68 69', '68 69'],
  ['erlang, packet 2', erlang({ packet: 2 }), '00 02 68 69', '68 69'],
  ['erlang, packet 4', erlang({ packet: 4 }), '00 00 00 02 68 69', '68 69'],
  ['dns', dns(), '00 02 68 69', '68 69'],
  ['rtp', rtp(), '00 04 80 c8 00 00', '80 c8 00 00'],
  ['kafka', kafka(), '00 00 00 02 68 69', '68 69'],
  ['protobuf', protobuf(), '02 68 69', '68 69'],
  ['tpkt', tpkt(), '03 00 00 07 02 f0 80', '02 f0 80'],
  ['postgresStartup: SSLRequest', postgresStartup(), '00 00 00 08 04 d2 16 2f', '04 d2 16 2f'],
  ['websocket', websocket(), '81 05 48 65 6c 6c 6f', '81 05 48 65 6c 6c 6f'],
])('%s', (_, codec, wire, payload) => {
  expect(decodeAll(codec, [fromHex(wire)]).map(toHex)).toEqual([payload]);
  checkCodec(codec, [fromHex(payload), fromHex(payload)]);
});

// Source: otp decode_packet_SUITE, basic ({more, Total}) and packet_size (OTP-8102, "negative" sizes).
test.each([
  [1, '05 01 02 03 04', 1],
  [2, '00 05 01 02 03 04', 1],
  [4, '00 00 00 05 01 02 03 04', 1],
] as const)('erlang, packet %i: %s needs %i more byte', (packet, wire, needed) => {
  const decoder = erlang({ packet }).createDecoder();
  decoder.push(fromHex(wire));
  expect([decoder.next(), decoder.neededBytes]).toEqual([undefined, needed]);
});

test.each(['ff ff ff fd', 'ff ff ff fe', 'ff ff ff ff'])('erlang, packet 4: %s is too large', (wire) => {
  expect(frameErrorOf(() => decodeAll(erlang({ packet: 4 }), [fromHex(`${wire} 65 16 cb 36 af`)])).code).toBe('FRAME_ERR_TOO_LARGE');
});

test('options reach the codec', () => {
  for (const codec of [
    erlang({ packet: 1, maxPayloadBytes: 20 }),
    kafka({ maxPayloadBytes: 20 }),
    amqp({ maxPayloadBytes: 20 }),
    websocket({ maxPayloadBytes: 20 }),
  ]) {
    expect(codec.maxPayloadBytes).toBe(20);
  }
  expect(() => erlang({ packet: 3 as never })).toThrow(new RangeError('packet is 3; allowed: 1, 2 and 4'));
  expect(() => dns({ maxPayloadBytes: 65_536 })).toThrow(RangeError);
});

test('the types of presets name their fields', () => {
  expectTypeOf(kafka()).toEqualTypeOf<ByteCodec>();
  const message = mongodb().createDecoder().next();
  expectTypeOf(message).toExtend<
    { readonly header: { readonly requestId: number; readonly responseTo: number; readonly opCode: number } } | undefined
  >();
});

test('a TPKT has at least seven bytes, read and written', () => {
  expect(frameErrorOf(() => decodeAll(tpkt(), [fromHex('03 00 00 06 68 69')]))).toMatchObject({
    code: 'FRAME_ERR_MALFORMED_LENGTH',
    declared: 6,
  });
  expect(frameErrorOf(() => tpkt().encode(fromHex('68 69'))).code).toBe('FRAME_ERR_PAYLOAD');
});

/** Without fields, and with: what `codecByName` makes is what these make. */
const PLAIN: Readonly<Record<string, (options: { readonly maxPayloadBytes: number }) => ByteCodec>> = {
  protobuf,
  dns,
  rtp,
  kafka,
  websocket,
};
const WITH_FIELDS: Readonly<Record<string, (options: { readonly maxPayloadBytes: number; readonly emit: 'frame' }) => ByteCodec>> = {
  modbus,
  grpc,
  mqtt,
  postgres,
  mysql,
  mongodb,
  amqp,
};

test('every framing of a protocol has a factory of its name', () => {
  const protocols = PROTOCOL_LAYOUTS.map(({ name }) => name!);
  expect([...Object.keys(PLAIN), ...Object.keys(WITH_FIELDS), 'tpkt'].toSorted()).toEqual(protocols.toSorted());
});

test.each(Object.keys({ ...PLAIN, ...WITH_FIELDS }))(
  "%s, with emit: 'frame' where it has fields, is what codecByName makes of the name",
  (name) => {
    const limit = { maxPayloadBytes: 300 };
    const [codec, named] = [PLAIN[name]?.(limit) ?? WITH_FIELDS[name]!({ ...limit, emit: 'frame' }), codecByName(name, limit)];
    expect([codec.name, codec.maxPayloadBytes, layoutOf(codec)]).toEqual([named.name, 300, layoutOf(named)]);
  },
);

test('emit that is neither is a RangeError', () => {
  expect(() => mqtt({ emit: 'frames' as 'frame' })).toThrow('emit is "frames"; allowed: payload, frame');
});
