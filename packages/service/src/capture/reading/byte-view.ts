/** Numbers in a run of bytes, in the order of bytes that a file says. */
export class ByteView {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #isLittle: boolean;

  constructor(bytes: Uint8Array, isLittle: boolean) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#isLittle = isLittle;
  }

  get length(): number {
    return this.bytes.length;
  }

  u16(at: number): number {
    return this.#view.getUint16(at, this.#isLittle);
  }

  u32(at: number): number {
    return this.#view.getUint32(at, this.#isLittle);
  }

  i64(at: number): number {
    return Number(this.#view.getBigInt64(at, this.#isLittle));
  }

  /** A view of `[start, end)`. */
  slice(start: number, end: number): ByteView {
    return new ByteView(this.bytes.subarray(start, end), this.#isLittle);
  }
}
