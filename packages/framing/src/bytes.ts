/** Bytes that a caller may pass: any `Uint8Array`, such as a Node `Buffer`, in shared memory or not. */
export type BytesIn = Uint8Array<ArrayBufferLike>;

/** Bytes that are returned: a plain `Uint8Array` over memory that is not shared. */
export type Bytes = Uint8Array<ArrayBuffer>;
