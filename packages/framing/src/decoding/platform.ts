/** The part of Node's `Buffer` that does the same as a Uint8Array, only faster. */
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

/** Marks memory as not transferable; null where that is not possible. Looked up on first use. */
let mark: Mark | null | undefined;

/** Memory of which every byte is about to be written, so it need not be filled with zeros, which would cost as much as writing it. */
export function unwritten(byteLength: number): ArrayBuffer {
  return platformBuffer === undefined ? new ArrayBuffer(byteLength) : platformBuffer.allocUnsafeSlow(byteLength).buffer;
}

/** {@link unwritten}, but transferring it always throws. `undefined` where the platform has no such memory. */
export function undetachable(byteLength: number): ArrayBuffer | undefined {
  if (mark === undefined) mark = findMark();
  if (mark === null) return undefined;
  const memory = unwritten(byteLength);
  mark(memory);
  return memory;
}

// Tested, not looked up by version: in Node 22 the mark protects from postMessage() alone, not from byte streams.
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
