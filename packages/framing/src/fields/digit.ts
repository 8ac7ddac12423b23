export const ZERO = 0x30;

/** Whether `byte` is a decimal digit in ASCII. */
export function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}
