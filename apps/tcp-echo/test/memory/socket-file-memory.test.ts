import { expect, test } from 'vitest';
import { socketFileConnections } from '../../src/memory/socket-file-memory.ts';

const MIB = 1024 * 1024;

test.each([
  ['cgroup', 256 * MIB, 212_992, 273],
  ['cgroup', 1024 * MIB, 212_992, 1095],
  ['cgroup', MIB, 212_992, 1],
  ['cgroup', 256 * MIB, 0, Infinity],
  ['machine', 256 * MIB, 212_992, Infinity],
] as const)('%s with %i bytes, %i bytes of a client: %d', (from, bytes, sendBytes, connections) => {
  expect(socketFileConnections({ from, bytes }, sendBytes)).toBe(connections);
});

test('a system that does not say what it holds sets no limit', () => {
  expect(socketFileConnections({ from: 'cgroup', bytes: MIB }, Number.NaN)).toBe(Infinity);
});
