import { descriptionOf } from '../../described.ts';
import { isInteger } from '../../fields/length-field.ts';
import { mqttVarint } from '../../fields/varint.ts';
import { websocketLength } from '../../fields/websocket-length.ts';
import { zmtpLength } from '../../fields/zmtp-length.ts';
import { untranslatable } from './errors.ts';
import type { IntegerField } from '../../fields/integer-field.ts';
import type { LengthField } from '../../fields/length-field.ts';
import type { FieldLayout } from '../../layout/layout.ts';

/** How a program reads a number at the place `at`. */
export interface FieldReader {
  /** Finds its width, in `width`, and refuses invalid ones. */
  readonly measure: readonly string[];
  /** Reads it into `value`; sets `isHuge` to 1 beyond 2^53 − 1, and `isNegative` below 0. */
  readonly read: readonly string[];
}

type FieldObject = Exclude<FieldLayout, string>;

/** The lines that read `field`, failing with `code` for an invalid digit. */
export function readerOf(field: LengthField, at: string, code: string = 'FRAME_ERR_MALFORMED_LENGTH'): FieldReader {
  const own = descriptionOf(field) as FieldObject | undefined;
  if (field === zmtpLength || (own !== undefined && 'bits' in own))
    throw untranslatable(`field ${field.name}`, 'its bits mean more than one thing');
  if (isInteger(field))
    return { measure: [`need ${at} + ${field.byteLength}`, `width = ${field.byteLength}`], read: readInteger(field, at) };
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

function readDigits(at: string, digits: number, base: 10 | 16, code: string): FieldReader {
  const letters = [
    'if digit >= 97 && digit <= 102 {',
    'digit = digit - 39',
    '}',
    'if digit >= 65 && digit <= 70 {',
    'digit = digit - 7',
    '}',
  ];
  return {
    measure: [
      `width = ${digits}`,
      'value = 0',
      'index = 0',
      `while index < ${digits} {`,
      `need ${at} + index + 1`,
      `digit = b[${at} + index]`,
      // The characters between the digits and the letters are not hex digits.
      ...(base === 16 ? ['if digit > 57 && digit < 65 {', 'digit = 0', '}', ...letters] : []),
      `if digit < 48 || digit > ${47 + base} {`,
      `fail ${code}`,
      '}',
      `value = value * ${base} + digit - 48`,
      'index = index + 1',
      '}',
    ],
    read: [],
  };
}

function readBlankPadded(at: string, digits: number, code: string): FieldReader {
  return {
    measure: [
      `width = ${digits}`,
      'value = 0',
      'index = 0',
      'hasDigit = 0',
      `while index < ${digits} {`,
      `need ${at} + index + 1`,
      `digit = b[${at} + index]`,
      `if digit != 32 || hasDigit == 1 || index == ${digits - 1} {`,
      'hasDigit = 1',
      'if digit < 48 || digit > 57 {',
      `fail ${code}`,
      '}',
      'value = value * 10 + digit - 48',
      '}',
      'index = index + 1',
      '}',
    ],
    read: [],
  };
}

function readBcd(at: string, byteLength: number, code: string): FieldReader {
  return {
    measure: [
      `width = ${byteLength}`,
      'value = 0',
      'index = 0',
      `while index < ${byteLength} {`,
      `need ${at} + index + 1`,
      `digit = b[${at} + index]`,
      'if digit / 16 > 9 || digit % 16 > 9 {',
      `fail ${code}`,
      '}',
      'value = value * 100 + digit / 16 * 10 + digit % 16',
      'index = index + 1',
      '}',
    ],
    read: [],
  };
}

function readEnded(
  at: string,
  { end, maxDigits = 10, leadingZeros }: { readonly end: string; readonly maxDigits?: number; readonly leadingZeros?: string },
): FieldReader {
  return {
    measure: [
      'width = 0',
      'value = 0',
      'digit = 0',
      'isOpen = 1',
      'while isOpen == 1 {',
      `need ${at} + width + 1`,
      `digit = b[${at} + width]`,
      `if digit == ${end.charCodeAt(0)} && width > 0 {`,
      'isOpen = 0',
      '} else {',
      ...(leadingZeros === 'accept'
        ? []
        : [`if width == 1 && b[${at}] == 48 && digit >= 48 && digit <= 57 {`, 'fail FRAME_ERR_MALFORMED_LENGTH', '}']),
      'if digit < 48 || digit > 57 {',
      'fail FRAME_ERR_MALFORMED_LENGTH',
      '}',
      `if width == ${maxDigits} {`,
      'fail FRAME_ERR_HEADER_TOO_LONG',
      '}',
      'value = value * 10 + digit - 48',
      '}',
      'width = width + 1',
      '}',
    ],
    read: [],
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
