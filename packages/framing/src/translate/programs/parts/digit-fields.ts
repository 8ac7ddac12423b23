import type { FieldReader } from './field-reader.ts';

/** Digits of a fixed number, decimal or hexadecimal. */
export function readDigits(at: string, digits: number, base: 10 | 16, code: string): FieldReader {
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

/** Decimal digits of a fixed number, with blanks in front. */
export function readBlankPadded(at: string, digits: number, code: string): FieldReader {
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

/** Two decimal digits a byte. */
export function readBcd(at: string, byteLength: number, code: string): FieldReader {
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

/** Decimal digits up to an end. */
export function readEnded(
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
