export type { ByteCodec, ByteDecoder, Bytes, BytesIn, Codec, Decoder, DecoderOptions } from './codec.ts';
export { FRAME_ERROR_CODES, FrameError } from './errors.ts';
export type { FrameErrorCode, FrameErrorDetails } from './errors.ts';
export { DEFAULT_MAX_PAYLOAD_BYTES } from './limits.ts';
export { createFrameWriter } from './writer.ts';
export type { FrameWriter, FrameWriterOptions } from './writer.ts';
export { i32be, i32le, u16be, u16le, u24be, u24le, u32be, u32le, u64be, u64le, u8 } from './fields/integer-field.ts';
export type { IntegerField } from './fields/integer-field.ts';
export { lengthPrefixed } from './codecs/length-prefixed/length-prefixed.ts';
export type { LengthPrefixedOptions } from './codecs/length-prefixed/length-prefixed.ts';
export { line } from './codecs/delimited/line.ts';
export type { LineEnding, LineOptions } from './codecs/delimited/line.ts';
export { raw } from './codecs/raw.ts';
export type { RawOptions } from './codecs/raw.ts';
export { delimited } from './codecs/delimited/delimited.ts';
export type { DelimitedOptions } from './codecs/delimited/delimited.ts';
export { fixed } from './codecs/fixed.ts';
export { netstring } from './codecs/decimal/netstring.ts';
export type { NetstringOptions } from './codecs/decimal/netstring.ts';
export { octetCounted } from './codecs/decimal/octet-counted.ts';
export type { OctetCountedOptions } from './codecs/decimal/octet-counted.ts';
export { slip } from './codecs/slip.ts';
export type { SlipOptions } from './codecs/slip.ts';
export { cobs } from './codecs/cobs.ts';
export type { CobsOptions } from './codecs/cobs.ts';
export { contentLength } from './codecs/content-length.ts';
export type { ContentLengthOptions } from './codecs/content-length.ts';
export { ndjson } from './codecs/delimited/ndjson.ts';
export type { NdjsonOptions } from './codecs/delimited/ndjson.ts';
export { custom } from './codecs/custom.ts';
export type { CustomOptions, Measure } from './codecs/custom.ts';
export { withPayload } from './payload/with-payload.ts';
export type { PayloadCodec } from './payload/with-payload.ts';
export { utf8 } from './payload/utf8.ts';
export { json } from './payload/json.ts';
export type { JsonOptions } from './payload/json.ts';
export type { StandardIssue, StandardResult, StandardSchema } from './payload/standard-schema.ts';
export { decode, decodeBatches, encode, encodeBatches } from './streams/iterate.ts';
export type { Chunks } from './streams/batcher.ts';
export { asciiDecimal, asciiHex } from './fields/ascii-length.ts';
export type { AsciiDecimalOptions } from './fields/ascii-length.ts';
export type { Fault, LengthField, VariableLengthField } from './fields/length-field.ts';
export { mqttVarint, varint } from './fields/varint.ts';
export type { VarintOptions } from './fields/varint.ts';
export { crc32, sum, xor } from './frame/checksum.ts';
export type { Checksum, ChecksumOptions } from './frame/checksum.ts';
export { constant } from './frame/options.ts';
export type { Constant, Counts, FrameHeader, FrameOptions, Padding } from './frame/options.ts';
export { frame } from './frame/frame.ts';
export type { FieldsOf, FrameCodec, Framed } from './frame/frame.ts';
export {
  amqp,
  dnsTcp,
  erlang,
  grpc,
  kafka,
  modbusTcp,
  mongodb,
  mqtt,
  mysql,
  postgres,
  postgresStartup,
  protobufDelimited,
  rtp4571,
  tpkt,
  websocketFrames,
} from './protocols/presets.ts';
export type { ErlangOptions, PresetOptions } from './protocols/presets.ts';
export { fromNetty } from './protocols/netty.ts';
export type { NettyOptions } from './protocols/netty.ts';
export { FRAMINGS, codecByName, framingNames } from './protocols/registry.ts';
export type { FramingEntry, FramingOptions } from './protocols/registry.ts';
