import { expect, test } from 'vitest';
import { codecByName, layoutOf } from '../../../../src/index.ts';
import { decoderSource, TARGETS } from '../../../../src/translate.ts';
import type { Layout } from '../../../../src/index.ts';

test.each<[Layout, string]>([
  [layoutOf(codecByName('content-length')), 'kind content-length cannot be translated: header lines are text that has to be parsed'],
  [layoutOf(codecByName('raw')), 'kind raw cannot be translated: it keeps no boundaries, so there is nothing to decode'],
  [
    { kind: 'text', head: 'line', rules: [{ when: { word: { at: 0, is: ['é'] } }, body: 'none' }] },
    'text "é" cannot be translated: programs compare the characters of ASCII',
  ],
  [
    {
      kind: 'choice',
      of: [
        { startsWith: '7e', layout: { kind: 'stuffed', flag: '7e', escape: '7d', replace: '20', checksum: { checksum: 'xor' } } },
        { layout: { kind: 'line' } },
      ],
    },
    'of[0].layout.checksum cannot be translated: a choice hands out frames as they came',
  ],
  [{ kind: 'frame', header: [{ name: 'length', field: 'u9' as 'u8' }] }, 'layout.header[0].field is "u9", allowed: u8'],
])('what cannot be translated is one error that names the part, in every language that has programs', (layout, message) => {
  for (const target of TARGETS.filter((each) => each !== 'kaitai')) expect(() => decoderSource(layout, target)).toThrow(message);
});

test('a dissector cannot know what came before: an ending any is refused', () => {
  expect(() => decoderSource({ kind: 'line', ending: 'any' }, 'wireshark')).toThrow(
    'ending any cannot be translated: a dissector does not know',
  );
});

test('a dissector cannot begin behind a preamble; the other decoders say that it is to be taken off', () => {
  const layout: Layout = { kind: 'line', name: 'greeted', preamble: [{ name: 'greeting', startsWith: ['68 69'] }] };
  expect(() => decoderSource(layout, 'wireshark')).toThrow(
    'preamble cannot be translated: a dissector sees the connection from its first byte',
  );
  expect(decoderSource(layout, 'python')).toContain('what comes before the first one is to be taken off before');
});

test('a target and a port that are none are RangeErrors', () => {
  expect(() => decoderSource({ kind: 'line' }, 'perl' as 'c')).toThrow('target is "perl"; allowed: python, go, c, wireshark, kaitai');
  expect(() => decoderSource({ kind: 'line' }, 'wireshark', { port: 65_536 })).toThrow('port is 65536; allowed: 1 to 65535');
});
