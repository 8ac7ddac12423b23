import { descriptionOf } from '../../described.ts';
import { isInteger } from '../../fields/length-field.ts';
import { mqttVarint } from '../../fields/varint.ts';
import { websocketLength } from '../../fields/websocket-length.ts';
import { untranslatable } from '../programs/parts/errors.ts';
import type { LengthField } from '../../fields/length-field.ts';
import type { FieldLayout } from '../../layout/layout.ts';

/** A number as an attribute of Kaitai. */
export interface KaitaiNumber {
  readonly attribute: Readonly<Record<string, string | number | { readonly min: number }>>;
  /** A type that it needs besides. */
  readonly type?: { readonly name: string; readonly definition: object };
  /** The expression of its value, of an attribute of this id. */
  value(id: string): string;
}

const plain = (id: string): string => id;
const valueOf = (id: string): string => `${id}.value`;

/** @throws RangeError that names a field which Kaitai has no words for. */
export function kaitaiNumber(field: LengthField): KaitaiNumber {
  const own = descriptionOf(field) as Exclude<FieldLayout, string> | undefined;
  if (isInteger(field) && (own === undefined || !('bits' in own)))
    return integer(field.name, own !== undefined && 'min' in own ? own.min : undefined);
  if (field === websocketLength) return ofType('websocket_length', WEBSOCKET_LENGTH);
  if (field === mqttVarint) return ofType('varint', varint(4));
  if (own === undefined) throw untranslatable(`field ${field.name}`, 'its bits mean more than one thing');
  if (!('type' in own)) throw untranslatable(`field ${field.name}`, 'it is no field of a layout');
  if (own.type === 'varint') return ofType('varint', varint(own.maxBytes ?? 8));
  if (own.type === 'ber') return ofType('ber', BER);
  if (own.type === 'bcd') return ofType('bcd', bcd(own.byteLength));
  if (own.type === 'asciiHex') return digits(own.digits, 16);
  if (own.type === 'asciiDecimal') {
    if ('digits' in own) return digits(own.digits, 10);
    return { attribute: { type: 'str', encoding: 'ASCII', terminator: own.end.codePointAt(0)! }, value: (id) => `${id}.to_i` };
  }
  throw untranslatable(`field ${field.name}`, 'its bits mean more than one thing');
}

/** u16be is u2be for Kaitai; of 24 bits it knows runs of bits. */
function integer(name: string, min: number | undefined): KaitaiNumber {
  const [, sign = 'u', bits = '8', order = ''] = /^([ui])(\d+)(be|le)?/.exec(name) ?? [];
  const type = bits === '24' ? `b24${order}` : `${sign === 'u' ? 'u' : 's'}${Number(bits) / 8}${bits === '8' ? '' : order}`;
  return { attribute: { type, ...(min !== undefined && { valid: { min } }) }, value: plain };
}

function ofType(name: string, definition: object): KaitaiNumber {
  return { attribute: { type: name }, type: { name, definition }, value: valueOf };
}

function digits(count: number, radix: 10 | 16): KaitaiNumber {
  return { attribute: { type: 'str', encoding: 'ASCII', size: count }, value: (id) => (radix === 10 ? `${id}.to_i` : `${id}.to_i(16)`) };
}

function varint(maxBytes: number): object {
  const groups = Array.from({ length: maxBytes }, (_, index) => {
    const group = `(groups[${index}] & 127) * ${128 ** index}`;
    return index === 0 ? group : `(groups.size > ${index} ? ${group} : 0)`;
  });
  return {
    seq: [{ id: 'groups', type: 'u1', repeat: 'until', 'repeat-until': '_ < 128' }],
    instances: { value: { value: groups.join(' + ') } },
  };
}

const BER = {
  seq: [
    { id: 'first', type: 'u1' },
    { id: 'more', type: 'u1', repeat: 'expr', 'repeat-expr': 'first < 128 ? 0 : first & 127' },
  ],
  instances: {
    value: {
      value: `first < 128 ? first : ${[1, 2, 3, 4].map((size) => `more.size == ${size} ? ${bigEndian(size)} : `).join('')}0`,
    },
  },
};

function bigEndian(size: number): string {
  return Array.from({ length: size }, (_, index) => `more[${index}] * ${256 ** (size - 1 - index)}`).join(' + ');
}

function bcd(byteLength: number): object {
  const terms = Array.from(
    { length: byteLength },
    (_, index) => `((pairs[${index}] >> 4) * 10 + (pairs[${index}] & 15)) * ${100 ** (byteLength - 1 - index)}`,
  );
  return {
    seq: [{ id: 'pairs', type: 'u1', repeat: 'expr', 'repeat-expr': byteLength }],
    instances: { value: { value: terms.join(' + ') } },
  };
}

const WEBSOCKET_LENGTH = {
  seq: [
    { id: 'first', type: 'u1' },
    { id: 'wide', type: 'u2be', if: 'first & 127 == 126' },
    { id: 'widest', type: 'u8be', if: 'first & 127 == 127' },
    { id: 'masking_key', size: 4, if: 'first >= 128' },
  ],
  instances: { value: { value: 'first & 127 == 126 ? wide : first & 127 == 127 ? widest : first & 127' } },
};
