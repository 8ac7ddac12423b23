import { descriptionOf } from '../../../described.ts';
import { isInteger } from '../../../fields/length-field.ts';
import { mqttVarint } from '../../../fields/varint.ts';
import { websocketLength } from '../../../fields/websocket-length.ts';
import { zmtpLength } from '../../../fields/zmtp-length.ts';
import { readBcd, readBlankPadded, readDigits, readEnded } from './digit-fields.ts';
import type { IntegerField } from '../../../fields/integer-field.ts';
import type { LengthField } from '../../../fields/length-field.ts';
import type { FieldLayout } from '../../../layout/layout.ts';
import type { FieldReader } from './field-reader.ts';

type FieldObject = Exclude<FieldLayout, string>;

/** The lines that read `field`, failing with `code` for an invalid digit. */
export function readerOf(field: LengthField, at: string, code: string = 'FRAME_ERR_MALFORMED_LENGTH'): FieldReader {
  if (isInteger(field))
    return {
      measure: [`need ${at} + ${field.byteLength}`, `width = ${field.byteLength}`],
      read: [...readInteger(field, at), ...lowBitsOf(field)],
    };
  if (field === zmtpLength) return readZmtpLength(at);
  if (field === websocketLength) return readWebsocketLength(at);
  if (field === mqttVarint) return readVarint(at, 4, true);
  const layout = descriptionOf(field) as FieldObject;
  if (layout.type === 'varint') return readVarint(at, layout.maxBytes!, layout.overlong === 'reject');
  if (layout.type === 'ber') return readBer(at, layout.maxBytes!, layout.overlong === 'reject');
  if (layout.type === 'asciiHex') return readDigits(at, layout.digits, 16, code);
  if (layout.type === 'bcd') return readBcd(at, layout.byteLength, code);
  if (layout.type === 'asciiDecimal' && 'digits' in layout) {
    return layout.pad === 'blank' ? readBlankPadded(at, layout.digits, code) : readDigits(at, layout.digits, 10, code);
  }
  return readEnded(at, layout as Extract<FieldObject, { readonly end: string }>);
}

/** The bits above mean something else. */
function lowBitsOf(field: IntegerField): readonly string[] {
  const layout = descriptionOf(field) as FieldObject | undefined;
  return layout !== undefined && 'bits' in layout ? [`value = value % ${2 ** layout.bits}`] : [];
}

function readInteger({ name, byteLength, min }: IntegerField, at: string): readonly string[] {
  const isLittle = name.endsWith('le');
  const places = Array.from({ length: byteLength }, (_, index) => (isLittle ? index : byteLength - 1 - index));
  const lines = [`value = ${terms(at, places.slice(0, Math.min(4, byteLength)))}`];
  const top = isLittle ? byteLength - 1 : 0;
  if (name.startsWith('i') || min < 0) lines.push('isNegative = 0', `if b[${at} + ${top}] >= 128 {`, 'isNegative = 1', '}');
  if (byteLength <= 4) return lines;
  return [
    ...lines,
    `high = ${terms(at, places.slice(4))}`,
    'isHuge = 0',
    'if high > 2097151 {',
    'isHuge = 1',
    '} else {',
    'value = value + high * 4294967296',
    '}',
  ];
}

/** Bytes at these offsets after `at`, lowest first, as one number. */
function terms(at: string, places: readonly number[]): string {
  return places.map((place, index) => `b[${at}${place === 0 ? '' : ` + ${place}`}]${index === 0 ? '' : ` * ${256 ** index}`}`).join(' + ');
}

function readVarint(at: string, maxBytes: number, refusesOverlong: boolean): FieldReader {
  return {
    measure: [
      'width = 0',
      'value = 0',
      'scale = 1',
      'octet = 128',
      'while octet >= 128 {',
      `if width == ${maxBytes} {`,
      'fail FRAME_ERR_OVERLONG_VARINT',
      '}',
      `need ${at} + width + 1`,
      `octet = b[${at} + width]`,
      'value = value + octet % 128 * scale',
      'scale = scale * 128',
      'width = width + 1',
      '}',
      ...(refusesOverlong ? ['if octet == 0 && width > 1 {', 'fail FRAME_ERR_OVERLONG_VARINT', '}'] : []),
    ],
    read: hugeWhereNeeded(128 ** maxBytes),
  };
}

function hugeWhereNeeded(beyond: number): readonly string[] {
  return beyond - 1 > Number.MAX_SAFE_INTEGER ? ['isHuge = 0', `if value > ${Number.MAX_SAFE_INTEGER} {`, 'isHuge = 1', '}'] : [];
}

function readBer(at: string, maxBytes: number, refusesOverlong: boolean): FieldReader {
  return {
    measure: [
      `need ${at} + 1`,
      'width = 1',
      `value = b[${at}]`,
      'if value >= 128 {',
      'width = value - 127',
      'if width == 1 {',
      'fail FRAME_ERR_MALFORMED_LENGTH',
      '}',
      `if width > ${maxBytes + 1} {`,
      'fail FRAME_ERR_HEADER_TOO_LONG',
      '}',
      ...(refusesOverlong
        ? [`need ${at} + 2`, `if b[${at} + 1] == 0 || (width == 2 && b[${at} + 1] < 128) {`, 'fail FRAME_ERR_OVERLONG_VARINT', '}']
        : []),
      `need ${at} + width`,
      'value = 0',
      'index = 1',
      'while index < width {',
      `value = value * 256 + b[${at} + index]`,
      'index = index + 1',
      '}',
      '}',
    ],
    read: hugeWhereNeeded(256 ** maxBytes),
  };
}

function readWebsocketLength(at: string): FieldReader {
  return {
    measure: [
      `need ${at} + 1`,
      `value = b[${at}] % 128`,
      'width = 1',
      'isHuge = 0',
      'if value == 126 {',
      'width = 3',
      `need ${at} + 3`,
      `value = b[${at} + 1] * 256 + b[${at} + 2]`,
      'if value < 126 {',
      'fail FRAME_ERR_MALFORMED_LENGTH',
      '}',
      '} else {',
      'if value == 127 {',
      'width = 9',
      `need ${at} + 9`,
      ...readInteger({ name: 'u64be', byteLength: 8, min: 0 } as IntegerField, `${at} + 1`),
      'if isHuge == 0 && value < 65536 {',
      'fail FRAME_ERR_MALFORMED_LENGTH',
      '}',
      '}',
      '}',
      `if b[${at}] >= 128 {`,
      'width = width + 4',
      '}',
      `need ${at} + width`,
    ],
    read: [],
  };
}

function readZmtpLength(at: string): FieldReader {
  return {
    measure: [
      `need ${at} + 1`,
      `if b[${at}] > 7 {`,
      'fail FRAME_ERR_BAD_MAGIC',
      '}',
      'width = 2',
      'isHuge = 0',
      `if b[${at}] & 2 == 2 {`,
      'width = 9',
      '}',
      `need ${at} + width`,
      `value = b[${at} + 1]`,
      'if width == 9 {',
      ...readInteger({ name: 'u64be', byteLength: 8, min: 0 } as IntegerField, `${at} + 1`),
      '}',
    ],
    read: [],
  };
}
