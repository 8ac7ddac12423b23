import * as fc from 'fast-check';
import { createExchange, requestExchange } from '../src/exchange/create.ts';
import type { Bytes, Exchange, Observation, Trial } from '../src/types.ts';

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

export function hex(digits: string): Bytes {
  return Uint8Array.from(digits.match(/[0-9a-f]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Payloads behind a big-endian 32-bit length each. */
export function prefixed(...payloads: readonly string[]): Bytes {
  const frames = payloads.map((payload) => {
    const body = utf8(payload);
    const frame = new Uint8Array(4 + body.length);
    new DataView(frame.buffer).setUint32(0, body.length);
    frame.set(body, 4);
    return [...frame];
  });
  return Uint8Array.from(frames.flat());
}

/** One request of two frames: `00000002 6869 00000003 796f75`. */
export const twoFrames: Exchange = requestExchange(prefixed('hi', 'you'), { framing: 'u32be', name: 'two' });

/** One request of one frame of ten bytes. */
export const oneFrame: Exchange = requestExchange(prefixed('answer'), { framing: 'u32be' });

/** A greeting, then two requests that are answered each; the second may come right behind the first. */
export const conversation: Exchange = createExchange({
  name: 'talk',
  framing: 'line',
  steps: [
    { expect: { kind: 'frames', count: 1, framing: 'line' } },
    { send: utf8('USER ada\r\n') },
    { expect: { kind: 'control' } },
    { send: utf8('QUIT\r\n'), glue: true },
    { expect: { kind: 'control' } },
  ],
});

/** Two requests of three and two bytes that are answered each; each of them may come right behind the other. */
export const pipelined: Exchange = createExchange({
  steps: ['abc', 'de'].flatMap((text) => [{ send: utf8(text), glue: true }, { expect: { kind: 'control' } as const }]),
});

/** Exchanges of one to four sends, without a framing, with waits in between or not. */
export const anyExchange: fc.Arbitrary<Exchange> = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 80 }), fc.boolean()), { minLength: 1, maxLength: 4 })
  .map((sends) =>
    createExchange({
      steps: sends.flatMap(([send, isAwaited]) => (isAwaited ? [{ send }, { expect: { kind: 'control' } as const }] : [{ send }])),
    }),
  );

/** Exchanges whose sends are frames behind a 32-bit length. */
export const framedExchange: fc.Arbitrary<Exchange> = fc
  .array(fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 })
  .map((sends) =>
    createExchange({
      framing: 'u32be',
      steps: sends.flatMap((payloads) => [{ send: prefixed(...payloads) }, { expect: { kind: 'control' } as const }]),
    }),
  );

export function trialOf(trial: Partial<Trial> & Pick<Trial, 'steps'>): Trial {
  return { id: 'test#0', index: 0, plan: 'test', seed: 1, repeat: 1, ...trial };
}

/** An observation of a server that answered, with everything confirmed. */
export function observed(received: readonly Bytes[], more: Partial<Observation> = {}): Observation {
  return { received, ended: 'open', durationMs: 1, confirmed: true, pieces: [], ...more };
}
