export type { ByteCodec, ByteDecoder, Bytes, BytesIn, Codec, Decoder, DecoderOptions } from './codec.ts';
export { FRAME_ERROR_CODES, FrameError } from './errors.ts';
export type { FrameErrorCode, FrameErrorDetails } from './errors.ts';
export { DEFAULT_MAX_PAYLOAD_BYTES } from './limits.ts';
export { createFrameWriter } from './writer.ts';
export type { FrameWriter, FrameWriterOptions } from './writer.ts';
export {
  atLeast,
  i16be,
  i16le,
  i32be,
  i32le,
  i8,
  u16be,
  u16le,
  u24be,
  u24le,
  u32be,
  u32le,
  u64be,
  u64le,
  u8,
} from './fields/integer-field.ts';
export type { IntegerField } from './fields/integer-field.ts';
export { lengthPrefixed } from './codecs/length-prefixed/length-prefixed.ts';
export type { LengthPrefixedOptions } from './codecs/length-prefixed/length-prefixed.ts';
export { line } from './codecs/delimited/line.ts';
export type { LineEnding, LineOptions } from './codecs/delimited/line.ts';
export * from './codecs/plain/plain-codecs.ts';
export { choice } from './codecs/measured/choice.ts';
export type { Alternative, ChoiceOptions } from './codecs/measured/choice.ts';
export { fragments } from './codecs/measured/fragments.ts';
export type { FragmentTypes } from './codecs/measured/fragment-types.ts';
export type { FragmentsGoOn, FragmentsOptions } from './codecs/measured/fragments.ts';
export { resp } from './codecs/measured/resp.ts';
export type { RespOptions } from './codecs/measured/resp.ts';
export type { DelimitedChecksum, DelimitedCovers } from './codecs/measured/started.ts';
export { stuffed } from './codecs/measured/stuffed.ts';
export type { StuffedOptions } from './codecs/measured/stuffed.ts';
export { text } from './codecs/measured/text.ts';
export type { TextOptions } from './codecs/measured/text.ts';
export type { TextBody, TextCondition, TextLength, TextRule } from './codecs/measured/text-rules.ts';
export { delimited } from './codecs/delimited/delimited.ts';
export type { DelimitedOptions } from './codecs/delimited/delimited.ts';
export { fixed } from './codecs/fixed.ts';
export { octetCounted } from './codecs/decimal/octet-counted.ts';
export type { OctetCountedOptions } from './codecs/decimal/octet-counted.ts';
export { contentLength } from './codecs/content-length.ts';
export type { ContentLengthOptions } from './codecs/content-length.ts';
export { ndjson } from './codecs/delimited/ndjson.ts';
export type { NdjsonOptions } from './codecs/delimited/ndjson.ts';
export { custom } from './codecs/custom.ts';
export type { Measured } from './codecs/custom-decoder.ts';
export type { CustomOptions, Measure } from './codecs/custom.ts';
export { SKIP, withPayload } from './payload/with-payload.ts';
export type { PayloadCodec, ValueCodec } from './payload/with-payload.ts';
export { utf8 } from './payload/utf8.ts';
export { json } from './payload/json.ts';
export type { JsonOptions } from './payload/json.ts';
export type { StandardIssue, StandardResult, StandardSchema } from './payload/standard-schema.ts';
export { decode, decodeBatches, encode, encodeBatches } from './streams/iterate.ts';
export { payloadParts } from './streams/payload-parts.ts';
export type { PayloadParts } from './streams/payload-parts.ts';
export type { Chunks } from './streams/batcher.ts';
export { asciiDecimal } from './fields/ascii-decimal.ts';
export type { AsciiDecimalOptions, EndedDecimalOptions, FixedDecimalOptions } from './fields/ascii-decimal.ts';
export { asciiHex } from './fields/ascii-hex.ts';
export type { AsciiHexOptions } from './fields/ascii-hex.ts';
export { bcd } from './fields/bcd.ts';
export { ber } from './fields/ber.ts';
export type { BerOptions } from './fields/ber.ts';
export type { Fault, LengthField, VariableLengthField } from './fields/length-field.ts';
export { lowBits } from './fields/low-bits.ts';
export { mqttVarint, varint } from './fields/varint.ts';
export type { VarintOptions } from './fields/varint.ts';
export { crc32, sum, xor } from './frame/checksum.ts';
export type { Checksum, ChecksumOptions, Covers, SumOptions } from './frame/checksum.ts';
export { crc16, crc8 } from './frame/crc.ts';
export type { Crc16Algorithm, Crc8Algorithm } from './frame/crc.ts';
export { constant } from './frame/options.ts';
export { bytes, reserved } from './frame/opaque.ts';
export type { Opaque, Reserved } from './frame/opaque.ts';
export type { Constant, Counts, FrameHeader, FrameOptions, HeaderPart, Padding, Trailer } from './frame/options.ts';
export { frame } from './frame/frame.ts';
export type { FieldsOf, FrameCodec } from './frame/frame.ts';
export type { FieldsCodec, FieldsDecoder, HeaderAndPayload } from './frame/fields-codec.ts';
export {
  amqp,
  dns,
  erlang,
  grpc,
  kafka,
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
} from './protocols/presets.ts';
export { websocketMessages } from './protocols/websocket-messages.ts';
export type { WebSocketHeader, WebSocketMessagesOptions } from './protocols/websocket-messages.ts';
export type { ErlangOptions, FieldsPresetOptions, PresetOptions } from './protocols/presets.ts';
export { fromNetty } from './layout/netty.ts';
export type { NettyOptions } from './layout/netty.ts';
export { FRAMINGS, codecByName, framingNames, framingOf } from './protocols/registry.ts';
export type { FramingOptions } from './protocols/registry.ts';
export type { FramingEntry } from './layout/entry.ts';
export { createSideDecoder } from './layout/side-decoder.ts';
export type { SideDecoder } from './layout/side-decoder.ts';
export { partsOf } from './layout/parts.ts';
export type { FramePart, PartsFinder } from './layout/parts.ts';
export { codecOf, fieldsCodecOf, layoutOf } from './layout/codec-of.ts';
export type { LimitOptions } from './layout/codec-of.ts';
export type {
  ChecksumLayout,
  ChoiceLayout,
  ContentLengthLayout,
  DelimitedChecksumLayout,
  DelimitedLayout,
  FieldLayout,
  FixedLayout,
  FragmentsLayout,
  FramedLayout,
  HeaderPartLayout,
  IntegerName,
  Layout,
  LayoutFacts,
  LineLayout,
  NettyLayout,
  OctetCountedLayout,
  PlainLayout,
  PreambleStep,
  RespLayout,
  Side,
  StuffedLayout,
  TextLayout,
  TrailerLayout,
} from './layout/layout.ts';
