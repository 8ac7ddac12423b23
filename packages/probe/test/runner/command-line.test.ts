import { expect, test } from 'vitest';
import { splitWords } from '../../src/runner/target/words.ts';

test.for([
  ['mycli --port {port}', ['mycli', '--port', '{port}']],
  ['  a\tb\n c ', ['a', 'b', 'c']],
  [`a 'b c' "d e"`, ['a', 'b c', 'd e']],
  [`a''b "" ''`, ['ab', '', '']],
  [String.raw`a\ b \"c\' "\"\\\$x\n"`, ['a b', `"c'`, String.raw`"\$x\n`]],
  [`--text='it is' --x="y"z`, ['--text=it is', '--x=yz']],
  ['a $HOME | b > c; d * &', ['a', '$HOME', '|', 'b', '>', 'c;', 'd', '*', '&']],
] as const)('%j is split into its words, and nothing in it is run', ([line, words]) => {
  expect(splitWords(line)).toEqual(words);
});

test.for(['', '   ', `a 'b`, 'a "b', 'a \\', `a "b\\"`, 'x'.repeat(100_001)])(
  'throws PROBE_ERR_COMMAND for a line that is none: %.20j',
  (line) => {
    expect(() => splitWords(line)).toThrow(expect.objectContaining({ code: 'PROBE_ERR_COMMAND' }));
  },
);
