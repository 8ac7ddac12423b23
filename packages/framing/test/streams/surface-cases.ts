/** What every surface must agree on. Imports the package by its name, as `surfaces.ts` does. */
import { FRAMINGS, lengthPrefixed, line, u16be } from '@socklab/framing';
import { drip, randomSplits, sticky } from '@socklab/framing/testing';
import { hexOf } from './surfaces.ts';
import type { Outcome } from './surfaces.ts';
import type { ByteCodec, Bytes } from '@socklab/framing';

/** One stream, cut in one way. */
export interface SurfaceCase {
  readonly title: string;
  readonly codec: ByteCodec;
  readonly chunks: readonly Bytes[];
  readonly expected: Outcome;
}

const TINY_FRAMES = 16_000;
const texts = ['hello', '', 'alex', '', '粘包', 'x'.repeat(200), 'the end'].map((text) => Uint8Array.from(new TextEncoder().encode(text)));

/** The cuts of one stream: glued, byte by byte, at random. */
function cutsOf(wire: Bytes): readonly (readonly [string, readonly Bytes[]])[] {
  return [
    ['glued', [wire]],
    ['byte by byte', drip(wire)],
    ['cut at random', [...randomSplits(wire, { seed: 3, count: 1 })][0]!],
  ];
}

/** Those of `texts` that the format carries: some formats have no empty payload. */
function carriedBy(codec: ByteCodec): readonly Bytes[] {
  return texts.filter((payload) => {
    try {
      return codec.encode(payload).length > 0;
    } catch {
      return false;
    }
  });
}

function casesOf(codec: ByteCodec, payloads: readonly Bytes[] = carriedBy(codec)): readonly SurfaceCase[] {
  const wire = sticky(payloads.map((payload) => codec.encode(payload)));
  const expected: Outcome = { payloads: payloads.map(hexOf), ending: 'end' };
  return cutsOf(wire).map(([cut, chunks]) => ({ title: `${codec.name}, ${cut}`, codec, chunks, expected }));
}

function tinyFrames(codec: ByteCodec): SurfaceCase {
  const payloads = Array.from({ length: TINY_FRAMES }, (_, index) => Uint8Array.from({ length: index % 3 }, () => 0x61 + (index % 26)));
  return {
    title: `${codec.name}, ${TINY_FRAMES} tiny frames in one chunk`,
    codec,
    chunks: [sticky(payloads.map((payload) => codec.encode(payload)))],
    expected: { payloads: payloads.map(hexOf), ending: 'end' },
  };
}

/** Good frames, then a fault: the good ones come first, in whatever chunks. */
function faults(): readonly SurfaceCase[] {
  const codec = lengthPrefixed({ length: u16be, maxPayloadBytes: 100 });
  const good = sticky([texts[0]!, texts[1]!, texts[2]!].map((payload) => codec.encode(payload)));
  const payloads = [texts[0]!, texts[1]!, texts[2]!].map(hexOf);
  const tooLarge = { wire: sticky([good, Uint8Array.of(0xff, 0xff, 1)]), ending: 'FRAME_ERR_TOO_LARGE' };
  const truncated = { wire: sticky([good, Uint8Array.of(0, 2, 1)]), ending: 'FRAME_ERR_TRUNCATED' };
  return [tooLarge, truncated].flatMap(({ wire, ending }) =>
    cutsOf(wire).map(([cut, chunks]) => ({ title: `${ending}, ${cut}`, codec, chunks, expected: { payloads, ending } })),
  );
}

/** One list of payloads and the bytes that carry it. */
export interface EncodingCase {
  readonly codec: ByteCodec;
  readonly payloads: readonly Bytes[];
}

/** What every way of writing must agree on. */
export const ENCODING_CASES: readonly EncodingCase[] = FRAMINGS.map(({ create }) => {
  const codec = create();
  return { codec, payloads: carriedBy(codec) };
});

/** Every case. */
export const SURFACE_CASES: readonly SurfaceCase[] = [
  ...FRAMINGS.filter(({ keepsBoundaries }) => keepsBoundaries).flatMap(({ create, exampleFrames }) =>
    casesOf(create(), exampleFrames && [...exampleFrames, ...exampleFrames]),
  ),
  tinyFrames(line()),
  tinyFrames(lengthPrefixed({ length: u16be })),
  ...faults(),
];
