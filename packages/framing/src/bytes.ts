/** Bytes a caller may hand in: any `Uint8Array`, a Node `Buffer` or shared memory among them. */
export type BytesIn = Uint8Array<ArrayBufferLike>;

/** Bytes handed out: a plain `Uint8Array` over memory that is not shared. */
export type Bytes = Uint8Array<ArrayBuffer>;
