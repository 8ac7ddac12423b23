import { expect, test } from 'vitest';
import { decoderSource } from '../../../src/translate.ts';
import { FILES } from '../../layout/files.ts';
import { fromHex } from '../../support/bytes.ts';
import { interpreted } from '../interpreter.ts';
import { expectPrograms } from './expect-programs.ts';
import type { FragmentsLayout, Layout } from '../../../src/index.ts';

const MESSAGES = FILES.get('websocket-messages') as Layout as FragmentsLayout;

test('programs of fragments with types find what their codecs find', () => {
  expectPrograms((layout) => layout.kind === 'fragments' && layout.types !== undefined, 2);
});

test('a message among very many control frames is found, and they take no room', () => {
  const ping = fromHex('89 01 70');
  const chunks = [fromHex('01 02 6162'), ...Array.from({ length: 4000 }, () => ping), fromHex('80 01 63')];
  expect(interpreted(MESSAGES, chunks, 100)).toBe('616263 ok');
});

test('control frames that are handed out have no program, and the error says why', () => {
  const layout = { ...MESSAGES, types: { ...MESSAGES.types!, onControl: 'emit' as const } };
  for (const language of ['python', 'go', 'c'] as const)
    expect(() => decoderSource(layout, language)).toThrow('types.onControl emit cannot be translated: a control frame');
});
