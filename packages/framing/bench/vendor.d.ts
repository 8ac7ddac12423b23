// The used part of packages without types.

declare module 'length-prefixed-stream' {
  import type { Transform } from 'node:stream';
  const lps: { encode: () => Transform; decode: () => Transform };
  export default lps;
}

declare module 'framed-stream' {
  import type { EventEmitter } from 'node:events';
  export default class FramedStream extends EventEmitter {
    constructor(rawStream: EventEmitter, options?: { bits?: 8 | 16 | 24 | 32 });
    write(payload: Uint8Array): boolean;
    end(): void;
    destroy(): void;
  }
}
