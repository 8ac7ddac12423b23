import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { framingOf } from '../../src/index.ts';
import { readFraming } from '../../src/node.ts';
import { DLT645 } from '../layout/files.ts';

const folder = mkdtempSync(join(tmpdir(), 'layouts-'));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('a file is a layout, and its text needs no file', () => {
  const entry = readFraming(file('meters.json', JSON.stringify(DLT645)));
  expect(entry.layout).toEqual(DLT645);
  const { create: _create, ...facts } = entry;
  expect(framingOf(entry.text)).toMatchObject(facts);
});

test('a layout without a name is called as its file', () => {
  expect(readFraming(file('my-lines.json', '{ "kind": "line", "ending": "crlf" }')).name).toBe('my-lines');
});

test('names, short forms and JSON are read as framingOf reads them', () => {
  for (const text of ['u32be', 'line:crlf', '{"kind":"slip"}']) expect(readFraming(text)).toEqual(framingOf(text));
});

test('a file that is missing, too long, no JSON or no layout throws a RangeError that names it', () => {
  const cases = [
    [join(folder, 'none.json'), 'cannot read the layout '],
    [folder + '/x/..json', 'cannot read the layout '],
    [file('long.json', ' '.repeat(65_537)), 'has 65537 bytes, a layout at most 65536'],
    [file('bad.json', '{'), 'bad.json is not JSON: '],
    [file('list.json', '[]'), 'list.json: layout is [], allowed: an object'],
    [file('kind.json', '{"kind":"lines"}'), 'kind.json: layout.kind is "lines", allowed: '],
  ] as const;
  for (const [path, message] of cases) {
    expect(() => readFraming(path)).toThrow(RangeError);
    expect(() => readFraming(path)).toThrow(message);
  }
});
