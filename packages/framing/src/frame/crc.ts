import { described } from '../described.ts';
import { u16be, u8 } from '../fields/integer-field.ts';
import { checkHolds, checkedCovers } from './checksum.ts';
import type { LengthField } from '../fields/length-field.ts';
import type { Checksum, ChecksumOptions } from './checksum.ts';

/** A cyclic redundancy check of 8 or 16 bits, in the terms of Ross Williams' "Rocksoft" model. */
export interface CrcModel {
  readonly width: 8 | 16;
  readonly polynomial: number;
  readonly initial: number;
  /** Whether bits are taken lowest first, and the result is mirrored. */
  readonly isReflected: boolean;
  readonly xorOut: number;
}

/** Names as in the catalogue of parametrised CRC algorithms, of those that protocols use; the value of each for "123456789" is tested. */
const CRC16: Readonly<Record<Exclude<Crc16Algorithm, 'hj212'>, CrcModel>> = {
  arc: { width: 16, polynomial: 0x8005, initial: 0, isReflected: true, xorOut: 0 },
  'ccitt-false': { width: 16, polynomial: 0x1021, initial: 0xffff, isReflected: false, xorOut: 0 },
  kermit: { width: 16, polynomial: 0x1021, initial: 0, isReflected: true, xorOut: 0 },
  mcrf4xx: { width: 16, polynomial: 0x1021, initial: 0xffff, isReflected: true, xorOut: 0 },
  modbus: { width: 16, polynomial: 0x8005, initial: 0xffff, isReflected: true, xorOut: 0 },
  x25: { width: 16, polynomial: 0x1021, initial: 0xffff, isReflected: true, xorOut: 0xffff },
  xmodem: { width: 16, polynomial: 0x1021, initial: 0, isReflected: false, xorOut: 0 },
};

const CRC8: Readonly<Record<Crc8Algorithm, CrcModel>> = {
  'maxim-dow': { width: 8, polynomial: 0x31, initial: 0, isReflected: true, xorOut: 0 },
  rohc: { width: 8, polynomial: 0x07, initial: 0xff, isReflected: true, xorOut: 0 },
  smbus: { width: 8, polynomial: 0x07, initial: 0, isReflected: false, xorOut: 0 },
};

/** The algorithms of {@link crc16}. HDLC, PPP and GT06 use `x25`, XMODEM and many others `xmodem`, Modbus RTU `modbus`. */
export type Crc16Algorithm = 'arc' | 'ccitt-false' | 'hj212' | 'kermit' | 'mcrf4xx' | 'modbus' | 'x25' | 'xmodem';

/** The algorithms of {@link crc8}. */
export type Crc8Algorithm = 'maxim-dow' | 'rohc' | 'smbus';

/** Every {@link Crc16Algorithm}. */
export const CRC16_ALGORITHMS: readonly Crc16Algorithm[] = [...(Object.keys(CRC16) as Crc16Algorithm[]), 'hj212'];
/** Every {@link Crc8Algorithm}. */
export const CRC8_ALGORITHMS: readonly Crc8Algorithm[] = Object.keys(CRC8) as Crc8Algorithm[];

/**
 * A CRC of 16 bits. `hj212` is that of HJ 212-2017, appendix A, which puts the byte into the register's high half.
 *
 * @throws RangeError when the algorithm is unknown, or the field cannot hold 16 bits.
 */
export function crc16(algorithm: Crc16Algorithm, options: ChecksumOptions = {}): Checksum {
  const checksum = algorithm === 'hj212' ? hj212(options) : crc('crc16', modelOf(CRC16, algorithm, CRC16_ALGORITHMS), u16be, options);
  return described(checksum, () => ({ checksum: 'crc16', algorithm }));
}

/**
 * A CRC of 8 bits.
 *
 * @throws RangeError when the algorithm is unknown, or the field cannot hold 8 bits.
 */
export function crc8(algorithm: Crc8Algorithm, options: ChecksumOptions = {}): Checksum {
  return described(crc('crc8', modelOf(CRC8, algorithm, CRC8_ALGORITHMS), u8, options), () => ({ checksum: 'crc8', algorithm }));
}

function modelOf<Name extends string>(models: Readonly<Record<Name, CrcModel>>, name: Name, allowed: readonly string[]): CrcModel {
  if (Object.hasOwn(models, name)) return models[name];
  throw new RangeError(`algorithm is ${JSON.stringify(name)}; allowed: ${allowed.join(', ')}`);
}

function crc(name: string, model: CrcModel, byDefault: LengthField, { field = byDefault, covers = 'payload' }: ChecksumOptions): Checksum {
  checkHolds(field, model.width, name);
  const { width, isReflected, xorOut, initial } = model;
  const table = tableOf(model);
  const mask = 2 ** width - 1;
  return {
    name,
    field,
    covers: checkedCovers(covers),
    // The initial register of all algorithms here is the same mirrored.
    initial,
    update(state, bytes, start, end) {
      let register = state;
      for (let at = start; at < end; at++) {
        register = isReflected
          ? table[(register ^ bytes[at]!) & 0xff]! ^ (register >>> 8)
          : (table[((register >>> (width - 8)) ^ bytes[at]!) & 0xff]! ^ (register << 8)) & mask;
      }
      return register;
    },
    finish: (state) => (state ^ xorOut) & mask,
  };
}

function tableOf({ width, polynomial, isReflected }: CrcModel): Uint16Array {
  const mirrored = isReflected ? mirror(polynomial, width) : polynomial;
  const top = 2 ** (width - 1);
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let register = isReflected ? byte : byte << (width - 8);
    for (let bit = 0; bit < 8; bit++) {
      if (isReflected) register = (register & 1) === 1 ? (register >>> 1) ^ mirrored : register >>> 1;
      else register = (register & top) === top ? (register << 1) ^ polynomial : register << 1;
    }
    return register & (2 ** width - 1);
  });
}

/** A CRC in numbers, for code in another language: its polynomial, and the same with its bits reversed. */
export function crcModel(algorithm: Exclude<Crc16Algorithm, 'hj212'> | Crc8Algorithm): CrcModel & { readonly mirrored: number } {
  const model = algorithm in CRC16 ? CRC16[algorithm as keyof typeof CRC16] : CRC8[algorithm as Crc8Algorithm];
  return { ...model, mirrored: mirror(model.polynomial, model.width) };
}

function mirror(value: number, width: number): number {
  let mirrored = 0;
  for (let bit = 0; bit < width; bit++) if ((value & (1 << bit)) !== 0) mirrored |= 1 << (width - 1 - bit);
  return mirrored;
}

function hj212({ field = u16be, covers = 'payload' }: ChecksumOptions): Checksum {
  checkHolds(field, 16, 'crc16');
  return {
    name: 'crc16',
    field,
    covers: checkedCovers(covers),
    initial: 0xffff,
    update(state, bytes, start, end) {
      let register = state;
      for (let at = start; at < end; at++) {
        register = (register >>> 8) ^ bytes[at]!;
        for (let bit = 0; bit < 8; bit++) register = (register & 1) === 1 ? (register >>> 1) ^ 0xa001 : register >>> 1;
      }
      return register;
    },
    finish: (state) => state,
  };
}
