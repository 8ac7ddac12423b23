import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FRAMINGS } from '@socklab/framing';
import { sticky } from '@socklab/framing/testing';
import { expect, test } from 'vitest';
import { ENCODING_SURFACES } from '../support/encoding-surfaces.ts';
import { ENCODING_CASES, SURFACE_CASES } from './surface-cases.ts';
import { SURFACES, hexOf, outcomeOf } from './surfaces.ts';

test.each(Object.entries(SURFACES))(
  '%s delivers every frame as it was sent, and faults after the frames before them',
  async (_, surface) => {
    for (const { title, codec, chunks, expected } of SURFACE_CASES) {
      expect({ title, ...(await outcomeOf(surface, codec, chunks)) }).toEqual({ title, ...expected });
    }
  },
);

test.each(Object.entries(ENCODING_SURFACES))('%s puts the same bytes on the wire', async (_, surface) => {
  for (const { codec, payloads } of ENCODING_CASES) {
    const wire = sticky(payloads.map((payload) => codec.encode(payload)));
    expect([codec.name, hexOf(await surface(codec, payloads))]).toEqual([codec.name, hexOf(wire)]);
  }
});

test('the cases are those of every registered framing, with empty payloads, and streams that go wrong', () => {
  const framed = FRAMINGS.filter(({ keepsBoundaries }) => keepsBoundaries);
  expect(SURFACE_CASES.length).toBe(framed.length * 3 + 2 + 6);
  for (const { title, expected } of SURFACE_CASES) expect([title, expected.payloads.length > 2]).toEqual([title, true]);
  for (const name of ['line', 'u8', 'u32be', 'i32le']) {
    const ofName = SURFACE_CASES.filter(({ codec }) => codec.name === name);
    for (const { expected } of ofName) expect(expected.payloads).toContain('');
  }
});

const binary = (version: number): string =>
  fileURLToPath(new URL(`../node-versions/node_modules/node${version}/bin/node`, import.meta.url));

test.each([
  [22, binary(22)],
  [24, binary(24)],
  [26, process.execPath],
])('the built package keeps the contract on Node %i', async (version, node) => {
  const contract = fileURLToPath(new URL('contract.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(node, [contract]);
  expect(stdout).toMatch(
    new RegExp(
      `^Node v${version}\\.\\d+\\.\\d+: ${SURFACE_CASES.length} streams read in ${Object.keys(SURFACES).length} ways, ${ENCODING_CASES.length} written in ${Object.keys(ENCODING_SURFACES).length}: all agree\n$`,
    ),
  );
});
