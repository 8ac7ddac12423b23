import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { tooOldNode } from '../../src/run/node-version.ts';

test.each(['22.12.0', '24.0.0', '26.10.0'])('Node.js %s runs programs', (version) => {
  expect(tooOldNode(version)).toBeUndefined();
});

test.each(['20.20.2', '22.11.0'])('Node.js %s is refused in one line', (version) => {
  expect(tooOldNode(version)).toMatch(new RegExp(`^needs Node.js 22\\.12 or newer, this is ${version}: \\S+$`));
});

test('the oldest is what engines says', () => {
  const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { engines: { node: string } };
  expect(tooOldNode(engines.node.replace('>=', ''))).toBeUndefined();
  expect(tooOldNode('22.11.99')).toContain(engines.node.replace('>=', ''));
});
