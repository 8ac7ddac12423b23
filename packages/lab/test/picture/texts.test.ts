import { describe, expect, test } from 'vitest';
import { bytesOf, captionText, hexLines, textOf } from '../../src/picture/bytes.ts';
import { clipped, fitting, offsets, rangeCaption, textWidth } from '../../src/picture/labels.ts';
import { MAX_BINS, sizeBins } from '../../src/picture/size-bins.ts';
import { GLUED, helloAlex } from './picture-flow.ts';

describe('the bytes of a range', () => {
  test('are those that were kept, and no more than asked for', () => {
    expect(textOf(bytesOf(GLUED, { start: 5, end: 9 }, 100))).toBe('alex');
    expect(textOf(bytesOf(GLUED, { start: 5, end: 9 }, 2))).toBe('al');
    expect(bytesOf(helloAlex([], { hex: '6865' }), { start: 1, end: 9 }, 100)).toEqual(Uint8Array.of(0x65));
    expect(bytesOf(helloAlex([], { hex: '' }), { start: 1, end: 9 }, 100)).toEqual(new Uint8Array(0));
  });

  test('are text with its control characters escaped', () => {
    expect(textOf(Uint8Array.of(0, 0x1b, 0x0a, 0xe5, 0x93, 0x88, 0x7f))).toBe('\\x00\\x1b\\n哈\\x7f');
  });

  test.each([
    ['a length of four bytes', [0, 0, 0, 5, 0x68, 0x69], 'hi'],
    ['a length that would be a line ending', [0, 10, 0x68, 0x69], 'hi'],
    ['a WebSocket header', [0x81, 2, 0x68, 0x69], 'hi'],
    ['no length', [0xc3, 0xa9, 0x0a], 'é\\n'],
    ['nothing else', [0, 0], '\\x00\\x00'],
  ])('begin a caption where their text does: %s', (_, bytes, text) => {
    expect(captionText(Uint8Array.from(bytes))).toBe(text);
  });

  test('cannot hide or turn around the text beside them', () => {
    for (const mark of ['\u202e', '\u2066', '\u200f', '\u061c', '\ufeff', '\u2028', '\u0085']) {
      const escaped = `\\u{${mark.codePointAt(0)!.toString(16).padStart(4, '0')}}`;
      expect(textOf(new TextEncoder().encode(`${mark}evil`))).toBe(`${escaped}evil`);
    }
  });

  test('are lines of hex with their offsets', () => {
    expect(hexLines(Uint8Array.of(1, 2, 255), 7, 2)).toEqual([
      { offset: 7, hex: '01 02' },
      { offset: 9, hex: 'ff' },
    ]);
  });
});

describe('captions', () => {
  test('say as much as there is room for', () => {
    expect(rangeCaption({ start: 0, end: 9 }, 200)).toBe('0–8 · 9 B');
    expect(rangeCaption({ start: 0, end: 9 }, 30)).toBe('9 B');
    expect(rangeCaption({ start: 0, end: 9 }, 5)).toBe('');
    expect(fitting(40, 'too long for this', 'fits')).toBe('fits');
  });

  test('count an ideograph as two characters wide', () => {
    expect(textWidth('哈')).toBe(2 * textWidth('h'));
    expect(clipped(60, '哈哈哈哈哈')).toBe('哈哈哈…');
    expect(clipped(400, '哈哈哈哈哈')).toBe('哈哈哈哈哈');
    expect(clipped(3, '哈')).toBe('');
  });

  test('name the last byte, not the one after it', () => {
    expect(offsets({ start: 3, end: 9 })).toBe('3–8');
    expect(offsets({ start: 3, end: 4 })).toBe('3');
  });
});

describe('a histogram of sizes', () => {
  test('counts each size by itself while there are few', () => {
    expect(sizeBins([9, 2, 9, 9])).toEqual([
      { from: 2, to: 2, count: 1 },
      { from: 9, to: 9, count: 3 },
    ]);
    expect(sizeBins([])).toEqual([]);
  });

  test('has a bounded number of bins that count every size once, in order', () => {
    const sizes = Array.from({ length: 5000 }, (_, at) => at * 211);
    const bins = sizeBins(sizes);
    expect(bins.length).toBeLessThanOrEqual(MAX_BINS);
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(5000);
    for (const { from, to, count } of bins) expect(sizes.filter((size) => size >= from && size <= to)).toHaveLength(count);
    for (const [at, bin] of bins.slice(1).entries()) expect(bin.from).toBeGreaterThan(bins[at]!.to);
  });
});
