/** The part of Node's `Buffer` that does what every Uint8Array can, only faster. */
export interface PlatformBuffer {
  readonly allocUnsafeSlow: (byteLength: number) => Uint8Array<ArrayBuffer>;
  readonly prototype: {
    readonly indexOf: (this: Uint8Array, byte: number, from: number) => number;
    readonly copy: (this: Uint8Array, target: Uint8Array, offset: number, start: number, end: number) => number;
  };
}

type Mark = (memory: ArrayBuffer) => void;

/** The part of Node's `process` that hands out its modules. */
interface PlatformProcess {
  readonly getBuiltinModule?: (name: string) => { readonly markAsUntransferable?: Mark } | undefined;
}

/** Node's `Buffer`, or `undefined` where there is none, as in a browser: everything works without it. */
export const platformBuffer: PlatformBuffer | undefined = (globalThis as { readonly Buffer?: PlatformBuffer }).Buffer;

/** Marks memory so that it cannot be transferred; null where nothing does that. Looked for when it is needed first. */
let mark: Mark | null | undefined;

/** Memory of which every byte is about to be written. Filling it with zeros first would cost as much as that, so nobody does who need not. */
export function unwritten(byteLength: number): ArrayBuffer {
  return platformBuffer === undefined ? new ArrayBuffer(byteLength) : platformBuffer.allocUnsafeSlow(byteLength).buffer;
}

/** {@link unwritten}, but nobody can transfer it, by whatever way: trying to is an error. `undefined` where the platform has no such memory. */
export function undetachable(byteLength: number): ArrayBuffer | undefined {
  if (mark === undefined) mark = findMark();
  if (mark === null) return undefined;
  const memory = unwritten(byteLength);
  mark(memory);
  return memory;
}

// Tried out, not looked up by version: in Node 22 a mark keeps memory from postMessage() alone, not from streams of bytes.
function findMark(): Mark | null {
  const { process } = globalThis as { readonly process?: PlatformProcess };
  const candidate = process?.getBuiltinModule?.('node:worker_threads')?.markAsUntransferable;
  if (candidate === undefined) return null;
  const trial = new ArrayBuffer(1);
  candidate(trial);
  try {
    trial.transfer();
  } catch {
    return candidate;
  }
  return null;
}
