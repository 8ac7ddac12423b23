import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codecByName } from '@socklab/framing';
import { temporaryFolder } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { readKaitai } from '../../../src/commands/layout/read-kaitai.ts';
import { stickyLab } from '../probe/probe-run.ts';

test('layout prints a framing as JSON that is a framing again, and as a decoder that runs', async () => {
  await using folder = await temporaryFolder();
  const { stdout, code } = await stickyLab(['layout', 'netstring']);
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { kind: 'netstring', maxPayloadBytes: 1_048_576 }]);
  const file = join(folder.path, 'mine.json');
  writeFileSync(file, stdout);
  const python = await stickyLab(['layout', file, '--to', 'python']);
  writeFileSync(join(folder.path, 'mine.py'), python.stdout);
  expect(python.stdout).toContain('class Decoder:');
  const wire = Buffer.from(codecByName('netstring').encode(Buffer.from('粘包')));
  const script = `import mine\nd = mine.Decoder()\nfor b in bytes.fromhex("${wire.toString('hex')}"):\n    d.push(bytes([b]))\n    p = d.next()\n    if p is not None: print(p.hex())`;
  const run = spawnSync('python3', ['-c', script], { cwd: folder.path, encoding: 'utf8' });
  if (run.error === undefined) expect([run.stdout.trim(), run.stderr]).toEqual([Buffer.from('粘包').toString('hex'), '']);
});

test('a .ksy file of Kaitai is read as far as it is framing, and one is written', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'x.ksy');
  const written = await stickyLab(['layout', 'u16be', '--to', 'kaitai']);
  expect([written.code, written.stdout]).toEqual([0, expect.stringContaining('type: "u2be"')]);
  writeFileSync(file, 'meta: { id: x, endian: le }\nseq:\n  - { id: len, type: u2 }\n  - { id: body, size: len - 2 }\n');
  const read = await stickyLab(['layout', file, '--from', 'kaitai']);
  expect(JSON.parse(read.stdout)).toMatchObject({ kind: 'frame', header: [{ name: 'length', field: 'u16le' }], counts: { plus: 2 } });
  for (const [text, message] of [
    [
      'seq:\n  - { id: len, type: u2le }\n  - { id: body, size: len, repeat: eos }\n',
      'seq[1].repeat is "eos", which is not supported as framing',
    ],
    ['seq: [', 'x.ksy is not YAML'],
    ['a: &a [1]\nb: *a\n', 'x.ksy is not YAML'],
  ] as const) {
    writeFileSync(file, text);
    expect(() => readKaitai(file)).toThrow(message);
  }
});

test.each([
  [['layout', 'no.ksy', '--from', 'kaitai'], 'no.ksy cannot be read: ENOENT'],
  [['layout', 'content-length', '--to', 'go'], 'kind content-length cannot be translated: header lines are text that has to be parsed'],
  [['layout', 'postgres', '--to', 'wireshark'], 'preamble cannot be translated'],
  [['layout', 'nothing'], 'unknown framing "nothing"'],
  [['layout', 'line', '--to', 'perl'], 'Allowed choices are python, go, c, wireshark, kaitai'],
  [['layout', 'line', '--port', '80'], '--port is for --to wireshark'],
  [['layout', 'line', '--to', 'wireshark', '--port', '0'], 'a port is a number from 1 to 65535'],
])('%j is one line on standard error and exit code 2', async (words, message) => {
  const { code, stdout, stderr } = await stickyLab(words);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});
