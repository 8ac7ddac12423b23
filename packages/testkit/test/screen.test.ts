import { expect, test } from 'vitest';
import { createScreen } from '../src/terminal/screen.ts';

async function shown(output: string, size = { columns: 20, rows: 4 }): Promise<string> {
  const screen = createScreen(size);
  await screen.write(output);
  return screen.text();
}

test('CR overwrites from the start of the row, LF alone keeps the column', async () => {
  expect(await shown('hello\rj')).toBe('jello');
  expect(await shown('ab\ncd')).toBe('ab\n  cd');
  expect(await shown('ab\r\ncd')).toBe('ab\ncd');
});

test('a log line above the prompt, and the prompt drawn again with what was typed', async () => {
  expect(await shown('>>> typed\r\x1b[0Jlog line\r\n>>> typed')).toBe('log line\n>>> typed');
});

test('the row of the cursor keeps its blanks, others lose them', async () => {
  expect(await shown('done   \r\n>>> ')).toBe('done\n>>> ');
  expect(await shown('done   \r\n')).toBe('done');
});

test('colours, modes and titles show nothing', async () => {
  expect(await shown('\x1b[31mred\x1b[0m\x1b[?25l\x1b]0;title\x07 \x1b]0;t\x1b\\plain\x1b(B')).toBe('red plain');
});

test('an escape sequence cut at every position shows the same', async () => {
  const output = 'abc\x1b[2D\x1b[31m你\x1b]0;t\x07\x1b[1Gx';
  for (let cut = 0; cut <= output.length; cut++) {
    const screen = createScreen({ columns: 20, rows: 4 });
    await screen.write(output.slice(0, cut));
    await screen.write(output.slice(cut));
    expect(screen.text()).toBe('x你');
  }
});

test.each([
  ['up and right', 'ab\r\ncd\x1b[A\x1b[Cx', 'ab x\ncd'],
  ['down and left', 'ab\x1b[B\x1b[2Dx', 'ab\nx'],
  ['to a column', 'abc\x1b[2Gx', 'axc'],
  ['to a row and column', 'ab\r\ncd\x1b[1;2Hx', 'ax\ncd'],
  ['next and previous row', 'ab\x1b[Ecd\x1b[Fx', 'xb\ncd'],
  ['save and restore', 'ab\x1b7cd\x1b8x', 'abxd'],
  ['backspace', 'ab\b\bx', 'xb'],
  ['tabulator', 'a\tb', 'a       b'],
])('moves the cursor: %s', async (_, output, text) => {
  expect(await shown(output)).toBe(text);
});

test.each([
  ['the rest of the row', 'abcd\x1b[2D\x1b[K', 'ab'],
  ['the row up to the cursor', 'abcd\x1b[3G\x1b[1K', '   d'],
  ['the whole row', 'ab\r\ncd\x1b[2K\rx', 'ab\nx'],
  ['the rest of the screen', 'ab\r\ncd\x1b[1;2H\x1b[J', 'a'],
  ['the whole screen', 'ab\r\ncd\x1b[2J\x1b[Hx', 'x'],
  ['characters', 'abcd\x1b[2G\x1b[2P', 'ad'],
])('erases %s', async (_, output, text) => {
  expect(await shown(output)).toBe(text);
});

test.each([
  ['inserts blanks', 'abcd\x1b[2G\x1b[2@', 'a  bcd'],
  ['blanks characters where they are', 'abcd\x1b[2G\x1b[2X', 'a  d'],
  ['inserts a row', 'ab\r\ncd\x1b[Lx', 'ab\nx\ncd'],
  ['deletes a row', 'ab\r\ncd\x1b[1;1H\x1b[M', 'cd'],
  ['goes up a row and keeps the column', 'ab\r\ncd\x1bMx', 'abx\ncd'],
  ['repeats a character', 'a\x1b[2b', 'aaa'],
  ['goes to a row', 'ab\r\ncd\x1b[1dx', 'abx\ncd'],
  ['scrolls part of the screen', 'a\r\nb\r\nc\x1b[2;3r\x1b[3;1H\nx', 'a\nc\nx'],
  ['shows another screen and the first again', 'ab\x1b[?1049hcd\x1b[?1049l', 'ab'],
])('%s', async (_, output, text) => {
  expect(await shown(output)).toBe(text);
});

test('a row that is full continues on the next one, when the next character comes', async () => {
  expect(await shown('abcd', { columns: 4, rows: 4 })).toBe('abcd');
  expect(await shown('abcd\r\ne', { columns: 4, rows: 4 })).toBe('abcd\ne');
  expect(await shown('abcde', { columns: 4, rows: 4 })).toBe('abcd\ne');
});

test('a wide character takes two columns and is never halved at the edge', async () => {
  expect(await shown('你好\x1b[5Gx')).toBe('你好x');
  expect(await shown('abc你', { columns: 4, rows: 4 })).toBe('abc\n你');
  expect(await shown('🧵🤝\x1b[5Gx')).toBe('🧵🤝x');
});

test('a combining character joins the one before', async () => {
  expect(await shown('e\u0301x\x1b[2Gy')).toBe('e\u0301y');
});

test('rows that scroll away stay readable, and positions count from the top of the screen', async () => {
  expect(await shown('1\r\n2\r\n3\r\n4\x1b[Hx', { columns: 4, rows: 2 })).toBe('1\n2\nx\n4');
});

test('output taken before its promise resolves is shown in its order', async () => {
  const screen = createScreen({ columns: 20, rows: 4 });
  await Promise.all([screen.write('one '), screen.write('two')]);
  expect(screen.text()).toBe('one two');
});

test('tells where the cursor is', async () => {
  const screen = createScreen({ columns: 20, rows: 4 });
  await screen.write('one\r\n>>> 你');
  expect(screen.cursor()).toEqual({ row: 1, column: 6 });
});
