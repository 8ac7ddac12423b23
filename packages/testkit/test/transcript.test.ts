import { expect, test } from 'vitest';
import { createTranscript } from '../src/waiting/transcript.ts';
import type { Transcript } from '../src/waiting/transcript.ts';

function linesOf(transcript: Transcript): (string | undefined)[] {
  return Array.from({ length: transcript.lineCount }, (_, index) => transcript.line(index));
}

test('gives the same lines and text wherever the output is cut', () => {
  const output = 'one\r\ntwo\n\nfour';
  for (let cut = 0; cut <= output.length; cut++) {
    const transcript = createTranscript();
    transcript.append(output.slice(0, cut));
    transcript.append(output.slice(cut));
    expect(linesOf(transcript)).toEqual(['one', 'two', '']);
    transcript.end();
    expect(linesOf(transcript)).toEqual(['one', 'two', '', 'four']);
    expect(transcript.text).toBe(output);
  }
});

test('keeps the last characters only, and numbers lines as if it had kept all', () => {
  const transcript = createTranscript(16);
  for (let number = 0; number < 100; number++) transcript.append(`line ${number}\n`);
  expect(transcript.text).toBe('line 98\nline 99\n');
  expect(transcript.lineCount).toBe(100);
  expect(transcript.firstLine).toBe(98);
  expect(transcript.line(97)).toBeUndefined();
  expect(transcript.line(99)).toBe('line 99');
});

test('keeps the end of a line longer than the limit', () => {
  const transcript = createTranscript(4);
  transcript.append('abcdef');
  transcript.append('gh');
  transcript.append('\n');
  expect(transcript.line(0)).toBe('efgh');
});
