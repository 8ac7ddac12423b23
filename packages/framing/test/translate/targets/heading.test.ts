import { expect, test } from 'vitest';
import { decoderSource, TARGETS } from '../../../src/translate.ts';

test('no text of a layout gets out of the comment that it stands in, and no name is an identifier that a language refuses', () => {
  const evil = '*/ """ ]] --\nimport os; os.abort()\u2028\\';
  for (const target of TARGETS.filter((each) => each !== 'kaitai')) {
    const source = decoderSource({ kind: 'line', name: '7-Ärger end', summary: evil, source: evil }, target);
    expect(source).not.toMatch(/^import os/m);
    if (target === 'c') expect(source.split('*/', 1)[0]).toContain('import os');
    if (target === 'python') expect(source.split('"""')[1]).toContain('import os');
  }
  expect(decoderSource({ kind: 'line', name: '7-Ärger end' }, 'c')).toContain('#ifndef LAYOUT_7_RGER_END_DECODER_H');
  expect(decoderSource({ kind: 'line', name: '粘包' }, 'go')).toContain('package layout\n');
});
