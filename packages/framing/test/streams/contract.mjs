// The surface contract on the Node that runs this file, of the built package. Prints what disagrees, one line each.
import assert from 'node:assert/strict';
import { lengthPrefixed, u16be } from '@socklab/framing';
import { sticky } from '@socklab/framing/testing';
import { ENCODING_SURFACES } from '../support/encoding-surfaces.ts';
import { ENCODING_CASES, SURFACE_CASES } from './surface-cases.ts';
import { SURFACES, hexOf, outcomeOf } from './surfaces.ts';

assert.match(import.meta.resolve('@socklab/framing'), /\/dist\/index\.js$/, 'the contract is for the built package');

const failures = [];
for (const [name, surface] of Object.entries(SURFACES)) {
  for (const { title, codec, chunks, expected } of SURFACE_CASES) {
    const seen = await outcomeOf(surface, codec, chunks);
    if (seen.ending !== expected.ending || seen.payloads.join() !== expected.payloads.join()) {
      failures.push(`${name}: ${title}: ${describe(seen)}, expected ${describe(expected)}`);
    }
  }
}

for (const [name, surface] of Object.entries(ENCODING_SURFACES)) {
  for (const { codec, payloads } of ENCODING_CASES) {
    const seen = hexOf(await surface(codec, payloads));
    const expected = hexOf(sticky(payloads.map((payload) => codec.encode(payload))));
    if (seen !== expected) failures.push(`${name}: ${codec.name}: ${seen}, expected ${expected}`);
  }
}

// A frame may be transferred or refuse that: either way the others stay as they were.
const u16 = lengthPrefixed({ length: u16be });
const frames = Array.from({ length: 100 }, (_, index) => u16.encode(new Uint8Array(100).fill(index)));
try {
  frames[0].buffer.transfer();
} catch (error) {
  if (!(error instanceof TypeError)) failures.push(`transferring a frame: ${String(error)}`);
}
for (const [index, frame] of frames.entries()) {
  if (index > 0 && !(frame.length === 102 && frame.at(-1) === index)) failures.push(`frame ${index} went with another one`);
}

if (failures.length > 0) {
  process.stderr.write(`Node ${process.version}\n${failures.join('\n')}\n`);
  process.exitCode = 1;
} else {
  const read = `${SURFACE_CASES.length} streams read in ${Object.keys(SURFACES).length} ways`;
  const written = `${ENCODING_CASES.length} written in ${Object.keys(ENCODING_SURFACES).length}`;
  process.stdout.write(`Node ${process.version}: ${read}, ${written}: all agree\n`);
}

function describe({ payloads, ending }) {
  const shown = payloads.slice(0, 8).map((payload) => payload.slice(0, 40) || '(empty)');
  return `${payloads.length} payloads [${shown.join(' ')}${payloads.length > shown.length ? ' …' : ''}], ${ending}`;
}
