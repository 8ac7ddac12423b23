/** The part of Node's `Buffer` that does what every Uint8Array can, only faster. */
export interface PlatformBuffer {
  readonly prototype: {
    readonly indexOf: (this: Uint8Array, byte: number, from: number) => number;
  };
}

/** Node's `Buffer`, or `undefined` where there is none, as in a browser: everything works without it. */
export const platformBuffer: PlatformBuffer | undefined = (globalThis as { readonly Buffer?: PlatformBuffer }).Buffer;
