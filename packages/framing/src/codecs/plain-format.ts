import { described } from '../described.ts';
import type { ByteCodec } from '../codec.ts';

/** What the registry and layouts say of a format that has nothing to choose but its limit. */
export interface PlainFormat {
  /** One sentence on the wire format. */
  readonly summary: string;
  /** Whether a payload can be written in one way only. */
  readonly isCanonical: boolean;
}

/** What `layoutOf` and the registry know a codec of a {@link PlainFormat} by: its name is the kind of its layout. */
export interface PlainDescription extends PlainFormat {
  readonly plain: string;
}

/** Notes what there is to say of a codec, and returns it. */
export function plainFormat(codec: ByteCodec, format: PlainFormat): ByteCodec {
  return described(codec, (): PlainDescription => ({ plain: codec.name, ...format }));
}
