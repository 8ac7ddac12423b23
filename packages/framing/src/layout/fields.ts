import { descriptionOf } from '../described.ts';
import { asciiDecimal } from '../fields/ascii-decimal.ts';
import { asciiHex } from '../fields/ascii-hex.ts';
import { bcd } from '../fields/bcd.ts';
import { ber } from '../fields/ber.ts';
import {
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
} from '../fields/integer-field.ts';
import { lowBits } from '../fields/low-bits.ts';
import { mqttVarint, varint } from '../fields/varint.ts';
import { websocketLength } from '../fields/websocket-length.ts';
import { zmtpLength } from '../fields/zmtp-length.ts';
import { choiceOf, Reader } from './reader.ts';
import type { IntegerField } from '../fields/integer-field.ts';
import type { LengthField } from '../fields/length-field.ts';
import type { FieldLayout, IntegerName } from './layout.ts';

const INTEGERS: Readonly<Record<IntegerName, IntegerField>> = {
  u8,
  u16be,
  u16le,
  u24be,
  u24le,
  u32be,
  u32le,
  u64be,
  u64le,
  i8,
  i16be,
  i16le,
  i32be,
  i32le,
};

const INTEGER_NAMES = Object.keys(INTEGERS) as readonly IntegerName[];
const NAMES = [...INTEGER_NAMES, 'varint', 'mqttVarint', 'websocketLength', 'ber', 'zmtpLength'] as const;
const TYPES = [...INTEGER_NAMES, 'varint', 'ber', 'asciiDecimal', 'asciiHex', 'bcd'] as const;

/** The field of a layout. @throws RangeError that says where it is wrong. */
export function fieldOf(layout: unknown, path: string): LengthField {
  if (typeof layout !== 'object' || layout === null) return namedField(choiceOf(layout, path, NAMES));
  const type = choiceOf((layout as { readonly type?: unknown }).type, `${path}.type`, TYPES);
  if (type === 'varint' || type === 'ber') {
    const read = new Reader(layout, path, ['type', 'maxBytes', 'overlong']);
    const options = {
      ...read.optional('maxBytes', (key) => read.number(key)),
      ...read.optional('overlong', (key) => read.choice(key, ['reject', 'accept'])),
    };
    return type === 'varint' ? varint(options) : ber(options);
  }
  if (type === 'asciiDecimal') return decimalOf(layout, path);
  if (type === 'asciiHex') {
    const read = new Reader(layout, path, ['type', 'digits', 'letters']);
    return asciiHex(
      read.number('digits'),
      read.optional('letters', (key) => read.choice(key, ['lower', 'upper'])),
    );
  }
  if (type === 'bcd') return bcd(new Reader(layout, path, ['type', 'byteLength']).number('byteLength'));
  if ('bits' in layout) return lowBits(INTEGERS[type], new Reader(layout, path, ['type', 'bits']).number('bits'));
  return atLeast(INTEGERS[type], new Reader(layout, path, ['type', 'min']).number('min'));
}

/** A field as data; `undefined` for the program's own. */
export function layoutOfField(field: LengthField): FieldLayout | undefined {
  for (const name of INTEGER_NAMES) if (INTEGERS[name] === field) return name;
  if (field === mqttVarint) return 'mqttVarint';
  if (field === zmtpLength) return 'zmtpLength';
  return field === websocketLength ? 'websocketLength' : (descriptionOf(field) as FieldLayout | undefined);
}

function namedField(name: (typeof NAMES)[number]): LengthField {
  if (name === 'varint') return varint();
  if (name === 'ber') return ber();
  if (name === 'mqttVarint') return mqttVarint;
  if (name === 'zmtpLength') return zmtpLength;
  return name === 'websocketLength' ? websocketLength : INTEGERS[name];
}

function decimalOf(layout: object, path: string): LengthField {
  if ('digits' in layout) {
    const read = new Reader(layout, path, ['type', 'digits', 'pad']);
    return asciiDecimal({ digits: read.number('digits'), ...read.optional('pad', (key) => read.choice(key, ['zero', 'blank'])) });
  }
  const read = new Reader(layout, path, ['type', 'end', 'maxDigits', 'leadingZeros']);
  return asciiDecimal({
    end: read.string('end'),
    ...read.optional('maxDigits', (key) => read.number(key)),
    ...read.optional('leadingZeros', (key) => read.choice(key, ['reject', 'accept'])),
  });
}
