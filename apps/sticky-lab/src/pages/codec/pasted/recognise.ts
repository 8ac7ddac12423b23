import { readHex } from '../hex.ts';
import { readingOf, tooManyCharacters } from '../reading.ts';
import { byteArray, decimals } from './arrays.ts';
import { base64, yamlStream } from './base64.ts';
import { dumpForm, tcpdumpPackets } from './dumps.ts';
import { quotedBytes, straceBytes } from './strings.ts';
import type { Reading } from '../reading.ts';
import type { Text } from '@socklab/lab';

/** The known forms of pasted text. */
export type PastedForm =
  | 'hex'
  | 'xxd'
  | 'hexdump'
  | 'od'
  | 'tcpdump'
  | 'c-array'
  | 'go'
  | 'python'
  | 'string'
  | 'node-json'
  | 'decimals'
  | 'base64'
  | 'yaml'
  | 'strace';

/** The name of each form. */
export const FORM_NAMES: Readonly<Record<PastedForm, Text>> = {
  hex: { en: 'hex', zh: '十六进制' },
  xxd: { en: 'a dump of xxd', zh: 'xxd 的转储' },
  hexdump: { en: 'a dump of hexdump -C', zh: 'hexdump -C 的转储' },
  od: { en: 'a dump of od', zh: 'od 的转储' },
  tcpdump: { en: 'packets of tcpdump -X', zh: 'tcpdump -X 的报文' },
  'c-array': { en: 'an array in C, as Wireshark copies it', zh: 'C 数组（Wireshark 可复制为这种形式）' },
  go: { en: 'bytes in Go', zh: 'Go 的字节切片' },
  python: { en: 'bytes in Python', zh: 'Python 的 bytes' },
  string: { en: 'a string with escapes', zh: '带转义的字符串' },
  'node-json': { en: 'a Buffer of Node.js as JSON', zh: 'Node.js 的 Buffer（JSON）' },
  decimals: { en: 'decimal numbers', zh: '十进制数' },
  base64: { en: 'base64', zh: 'base64' },
  yaml: { en: 'a stream of Wireshark as YAML', zh: 'Wireshark 的流（YAML）' },
  strace: { en: 'calls shown by strace', zh: 'strace 显示的系统调用' },
};

/** The recognised form of a pasted text, and its bytes or why there are none. */
export interface Recognised {
  readonly form: PastedForm;
  readonly reading: Reading;
  /** Length of IP and TCP headers at the start, if any. */
  readonly headerBytes: number;
}

type Found = readonly [form: PastedForm, reading: Reading, headerBytes?: number];

// The most specific first: what looks like hex may be many things.
const FORMS: readonly ((text: string) => Found | undefined)[] = [
  straceBytes,
  yamlStream,
  tcpdumpPackets,
  quotedBytes,
  byteArray,
  dumpForm,
  decimals,
  (text) => {
    const reading = readHex(text);
    return 'bytes' in reading && reading.bytes.length > 0 ? ['hex', reading] : undefined;
  },
  base64,
];

/** Recognises pasted text; `undefined` when it has none of the known forms. */
export function recognise(text: string): Recognised | undefined {
  if (tooManyCharacters(text) !== undefined || text.trim() === '') return undefined;
  for (const form of FORMS) {
    const found = form(text);
    if (found === undefined) continue;
    const [name, reading, headerBytes = 0] = found;
    return { form: name, reading: 'bytes' in reading ? readingOf(reading.bytes) : reading, headerBytes };
  }
  return undefined;
}
