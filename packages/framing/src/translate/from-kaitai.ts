import { toHex } from '../hex.ts';
import { codecOf } from '../layout/codec-of.ts';
import type { DelimitedLayout, FieldLayout, FramedLayout, HeaderPartLayout, IntegerName, Layout, LayoutFacts } from '../layout/layout.ts';

/** A part of a .ksy file, as YAML has it. */
type Part = Readonly<Record<string, unknown>>;

/** Keys of an attribute that say nothing of where its bytes are. */
const QUIET = ['id', 'doc', 'doc-ref', '-orig-id', '-webide-representation', 'enum', 'encoding'];

/**
 * The layout that a .ksy file describes, of the subset that is framing: integers, fixed sizes and contents before a payload whose size one of the integers says; or
 * a payload with an end of one byte, or of a fixed size. The stream may be a list of frames, `repeat: eos` of a type, or one frame. What is inside of the payload is
 * passed over.
 *
 * @param ksy - the file, as a reader of YAML has it.
 * @throws RangeError that names what is no framing, and where it stands.
 */
export function layoutOfKaitai(ksy: unknown): Layout {
  const root = objectAt(ksy, 'the file');
  const meta = objectAt(root['meta'] ?? {}, 'meta');
  const { seq, path } = frameOf(root);
  const facts: LayoutFacts = {
    ...(typeof meta['id'] === 'string' && { name: meta['id'] }),
    ...(typeof meta['title'] === 'string' && { summary: meta['title'] }),
  };
  const layout = { ...facts, ...new FrameReader(path, meta['endian']).read(seq) } as Layout;
  codecOf(layout);
  return layout;
}

interface Sequence {
  readonly seq: readonly unknown[];
  readonly path: string;
}

/** The attributes of a frame: those of the type that the stream repeats, else those of the stream. */
function frameOf(root: Part): Sequence {
  const seq = listAt(root['seq'], 'seq');
  const [only] = seq;
  const attribute = objectAt(only, 'seq[0]');
  const { type } = attribute;
  const types = objectAt(root['types'] ?? {}, 'types');
  if (seq.length !== 1 || typeof type !== 'string' || !Object.hasOwn(types, type)) return { seq, path: 'seq' };
  const { repeat } = attribute;
  if (repeat !== undefined && repeat !== 'eos') throw notFraming('seq[0].repeat', repeat, 'a stream goes on to its end: eos');
  return { seq: listAt(objectAt(types[type], `types.${type}`)['seq'], `types.${type}.seq`), path: `types.${type}.seq` };
}

class FrameReader {
  readonly #path: string;
  readonly #endian: unknown;
  readonly #header: HeaderPartLayout[] = [];
  readonly #trailer: { readonly bytes: string }[] = [];
  #lengthId: string | undefined;
  #counts = 0;

  constructor(path: string, endian: unknown) {
    this.#path = path;
    this.#endian = endian;
  }

  read(seq: readonly unknown[]): Layout {
    for (const [index, each] of seq.entries()) {
      const path = `${this.#path}[${index}]`;
      const attribute = objectAt(each, path);
      const plain = plainPayload(attribute, path, seq.length);
      if (plain !== undefined) return plain;
      this.#take(attribute, path);
    }
    const id = this.#lengthId;
    if (id === undefined)
      throw new RangeError(`${this.#path} has no attribute whose size another one says: Kaitai files without one describe no framing`);
    const header = this.#header.map((part) => (part.name === id ? { ...part, name: 'length' } : renamed(part)));
    const layout: FramedLayout = { kind: 'frame', header };
    return {
      ...layout,
      ...(this.#counts !== 0 && { counts: { plus: this.#counts } }),
      ...(this.#trailer.length > 0 && { trailer: this.#trailer }),
    };
  }

  #take(attribute: Part, path: string): void {
    const { id, contents, size, type } = attribute;
    if (typeof id !== 'string') throw notFraming(`${path}.id`, id, 'a name');
    if (this.#lengthId !== undefined) return this.#takeTrailer(attribute, path);
    if (contents !== undefined) {
      refuseOthers(attribute, path, ['contents']);
      this.#header.push({ name: id, bytes: toHex(contentsOf(contents, `${path}.contents`)) });
    } else if (typeof size === 'string') this.#takePayload(size, attribute, path);
    else if (typeof size === 'number') {
      refuseOthers(attribute, path, ['size']);
      this.#header.push({ name: id, opaque: size });
    } else {
      refuseOthers(attribute, path, ['type', 'valid']);
      this.#header.push({ name: id, field: this.#fieldOf(type, attribute['valid'], path) });
    }
  }

  /** Nothing but constant bytes can be told behind a payload. */
  #takeTrailer(attribute: Part, path: string): void {
    refuseOthers(attribute, path, ['contents']);
    if (attribute['contents'] === undefined)
      throw notFraming(path, attribute['id'], 'contents after the payload: computed values are not framing');
    this.#trailer.push({ bytes: toHex(contentsOf(attribute['contents'], `${path}.contents`)) });
  }

  /** `len`, `len - 4` or `len + 4`: whatever type the payload has is inside of it. */
  #takePayload(size: string, attribute: Part, path: string): void {
    refuseOthers(attribute, path, ['size', 'type']);
    const match = /^\s*([a-z]\w*)\s*(?:([-+])\s*(\d{1,9}))?\s*$/.exec(size);
    const part = this.#header.find(({ name }) => name === match?.[1]);
    if (match === null || part === undefined || !('field' in part)) {
      throw notFraming(`${path}.size`, size, `a field before it, and a number that is added or taken off: ${this.#fieldNames()}`);
    }
    this.#lengthId = part.name;
    this.#counts = match[3] === undefined ? 0 : Number(match[3]) * (match[2] === '-' ? 1 : -1);
  }

  #fieldNames(): string {
    return this.#header.flatMap((part) => ('field' in part ? [part.name] : [])).join(', ') || 'there is none';
  }

  #fieldOf(type: unknown, valid: unknown, path: string): FieldLayout {
    const name = typeof type === 'string' ? integerOf(type, this.#endian) : undefined;
    if (name === undefined) throw notFraming(`${path}.type`, type, 'integers: u1, u2be, s4le, b24 and the like');
    if (valid === undefined) return name;
    const { min, ...others } = objectAt(valid, `${path}.valid`);
    if (typeof min !== 'number' || Object.keys(others).length > 0) throw notFraming(`${path}.valid`, valid, 'min: a number');
    return { type: name, min };
  }
}

const BITS: Readonly<Record<string, string>> = { 1: '8', 2: '16', 4: '32', 8: '64' };

function integerOf(type: string, endian: unknown): IntegerName | undefined {
  const order = typeof endian === 'string' ? endian : '';
  const [, bitOrder] = /^b24(be|le)?$/.exec(type) ?? [];
  if (type.startsWith('b24')) return /^b24(be|le)?$/.test(type) ? (`u24${bitOrder ?? 'be'}` as IntegerName) : undefined;
  const match = /^([us])([1248])(be|le)?$/.exec(type);
  if (match === null) return undefined;
  const [, sign, bytes, own] = match;
  const name = `${sign === 'u' ? 'u' : 'i'}${BITS[bytes!]}${bytes === '1' ? '' : (own ?? order)}`;
  return /^(?:[ui]8|[ui](?:16|32)(?:be|le)|u64(?:be|le))$/.test(name) ? (name as IntegerName) : undefined;
}

/** A frame that is one attribute: of a fixed size, or up to a byte. */
function plainPayload(attribute: Part, path: string, count: number): Layout | undefined {
  const { type, size, terminator, include } = attribute;
  if (count > 1) return undefined;
  if (type === 'strz' || typeof terminator === 'number') {
    refuseOthers(attribute, path, ['type', 'terminator', 'include', 'consume', 'eos-error']);
    const layout: DelimitedLayout = { kind: 'delimited', delimiters: [{ bytes: toHex(Uint8Array.of(Number(terminator ?? 0))) }] };
    return { ...layout, ...(include === true && { strip: false }), ...(attribute['eos-error'] === false && { unended: 'emit' }) };
  }
  return typeof size === 'number' ? { kind: 'fixed', byteLength: size } : undefined;
}

/** Keys that Kaitai knows and a layout does not. */
function refuseOthers(attribute: Part, path: string, allowed: readonly string[]): void {
  const other = Object.keys(attribute).find((key) => !allowed.includes(key) && !QUIET.includes(key));
  if (other !== undefined) throw notFraming(`${path}.${other}`, attribute[other], `${allowed.join(', ')}, id and what explains`);
}

function contentsOf(contents: unknown, path: string): Uint8Array {
  const bytes = [contents].flat().flatMap((each) => (typeof each === 'string' ? [...new TextEncoder().encode(each)] : [each]));
  if (bytes.every((byte) => typeof byte === 'number' && Number.isInteger(byte) && byte >= 0 && byte <= 0xff))
    return Uint8Array.from(bytes as number[]);
  throw notFraming(path, contents, 'bytes and texts');
}

/** `length` is the name of the length alone. */
function renamed(part: HeaderPartLayout): HeaderPartLayout {
  return part.name === 'length' ? { ...part, name: 'length_field' } : part;
}

function objectAt(value: unknown, path: string): Part {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Part;
  throw notFraming(path, value, 'an object');
}

function listAt(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw notFraming(path, value, 'a list of attributes');
}

function notFraming(path: string, seen: unknown, allowed: string): RangeError {
  const text = JSON.stringify(seen) ?? 'missing';
  return new RangeError(
    `${path} is ${text.length > 80 ? `${text.slice(0, 80)}…` : text}, which is not supported as framing; allowed: ${allowed}`,
  );
}
