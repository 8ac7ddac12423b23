import { effect, signal } from '@preact/signals';
import { readTyped } from '../../../../src/pages/codec/encode.ts';
import { showHex } from '../../../../src/pages/codec/hex.ts';
import { addressOf, replaceAddress, visited } from '../../../shell/address.ts';
import { bench, INITIAL } from './bench-state.ts';
import type { TypedAs } from '../../../../src/pages/codec/encode.ts';
import type { BenchState } from './bench-state.ts';

/** Longest address, in characters: servers refuse URLs of 16 KiB, and the host has to fit too. */
const MAX_ADDRESS_CHARACTERS = 8192;

/** Browsers refuse an address that changes with every key press. */
const QUIET_MS = 300;

/** Whether the address contains everything that is shown. */
export const isLinked = signal(true);

let timer: ReturnType<typeof setTimeout> | undefined;

/** Changes the bench, and the address a moment later. */
export function change(changes: Partial<BenchState>): void {
  bench.value = { ...bench.value, ...changes };
  clearTimeout(timer);
  timer = setTimeout(write, QUIET_MS);
}

/** Shows what the address contains, now and after each navigation. @returns a function that stops it. */
export function followAddress(): () => void {
  const dispose = effect(() => {
    const asked = visited.value;
    if (asked.get('page') !== 'codec') return;
    const found = stateOf(asked);
    if (found !== undefined) bench.value = found;
  });
  return () => {
    clearTimeout(timer);
    dispose();
  };
}

function write(): void {
  const parameters = parametersOf(bench.peek());
  isLinked.value = addressOf(parameters).length <= MAX_ADDRESS_CHARACTERS;
  const { page = 'codec', framing = '' } = parameters;
  replaceAddress(isLinked.value ? parameters : { page, framing });
}

function parametersOf({ framing, as, typed, limit, payloads, payloadsAs }: BenchState): Readonly<Record<string, string>> {
  return {
    page: 'codec',
    framing,
    ...(as === 'hex' ? { hex: compact(typed) } : { text: typed }),
    ...(limit === '' ? {} : { max: limit }),
    ...(payloads === '' ? {} : { [payloadsAs === 'hex' ? 'payloadsHex' : 'payloads']: payloads }),
  };
}

/** Hex without separators; unchanged while it is invalid. */
function compact(hex: string): string {
  const read = readTyped(hex, 'hex');
  return 'bytes' in read ? showHex(read.bytes, '') : hex;
}

/** What an address asks for; nothing when it only names the page. */
function stateOf(asked: URLSearchParams): BenchState | undefined {
  const hex = asked.get('hex');
  const text = asked.get('text');
  const framing = asked.get('framing');
  if (hex === null && text === null && framing === null) return undefined;
  const as: TypedAs = hex === null && text !== null ? 'text' : 'hex';
  const payloadsHex = asked.get('payloadsHex');
  return {
    framing: framing ?? INITIAL.framing,
    as,
    typed: as === 'text' ? (text ?? '') : spaced(hex ?? ''),
    limit: asked.get('max') ?? '',
    payloads: payloadsHex ?? asked.get('payloads') ?? '',
    payloadsAs: payloadsHex === null ? 'text' : 'hex',
  };
}

function spaced(hex: string): string {
  const read = readTyped(hex, 'hex');
  return 'bytes' in read ? showHex(read.bytes) : hex;
}
