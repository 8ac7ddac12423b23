import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyMasks, DEFAULT_MASKS, parseMask } from '../../src/trial/masks.ts';
import { adviceOf, findVariation, masksOf } from '../../src/trial/variation.ts';
import { hex, utf8 } from '../exchanges.ts';
import type { Bytes } from '../../src/types.ts';

const ofTexts = (...texts: readonly string[]) => findVariation(texts.map((text) => [utf8(text)]));
const ofBytes = (...digits: readonly string[]) => findVariation(digits.map((each) => [hex(each)]));

test('equal runs, or runs that masks make equal, have none', () => {
  expect(ofTexts('same', 'same')).toBeUndefined();
  const dates = ['Sun, 06 Nov 1994 08:49:37 GMT', 'Sun, 06 Nov 1994 08:49:38 GMT'].map((text) => [utf8(text)]);
  expect(findVariation(dates, DEFAULT_MASKS)).toBeUndefined();
  expect(findVariation(dates)?.masks).toEqual(['http-date']);
});

describe('what a server says by itself', () => {
  test('is proposed to be ignored where whole lines are all that differs', () => {
    const variation = ofTexts('hello!\n', 'EVENT 7\nhello!\n', 'hello!\nEVENT 12\nEVENT 13\n')!;
    expect(variation.ignored).toEqual([String.raw`^EVENT \d+\n`]);
    expect(adviceOf(variation)).toContain(String.raw`--ignore '^EVENT \d+\n', or by --mask auto`);
    const masks = masksOf(variation)!;
    expect(applyMasks(utf8('EVENT 7\nhello!\n'), masks)).toEqual(utf8('hello!\n'));
  });

  test.each([
    ['as many lines', ['id 1\nok\n', 'id 2\nok\n']],
    ['another line beside it', ['hello!\n', 'EVENT 7\nhallo!\n']],
    ['nothing but that', ['EVENT 7\n', 'EVENT 7\nEVENT 8\n']],
    ['a line that is torn', ['hello!\n', 'hello!\nEVEN']],
  ])('is not proposed for %s', (_what, texts) => {
    expect(ofTexts(...texts)?.ignored).toBeUndefined();
  });
});

describe('the masks that are proposed', () => {
  test.each([
    ['a number in a line', ['+OK <12.345@host>\r\n', '+OK <13.99@host>\r\n'], [String.raw`(?<keep>\+OK <)[\w.:+/=-]+`]],
    ['two numbers of one line', ['a 1 b 22\n', 'a 3 b 4\n'], [String.raw`(?<keep>a )\d+`, String.raw`(?<keep> b )\d+`]],
    ['a hex id behind its name', ['id=0a1b2c3d x\n', 'id=ffee0011 x\n'], [String.raw`(?<keep>id=)[\da-fA-F]+`]],
    ['a named one where it fits', ['a 7d444840-9dc0-11d1-b245-5ffdce74fad2\n', 'a 3d444840-9dc0-11d1-b245-5ffdce74fad9\n'], ['uuid']],
    [
      'a header among others',
      ['HTTP/1.1 200 OK\r\nETag: "1"\r\nX-Node: eu1-a\r\n\r\n', 'HTTP/1.1 200 OK\r\nETag: "2"\r\nX-Node: us2-a\r\n\r\n'],
      ['etag', String.raw`(?<keep>X-Node: )\w+`],
    ],
    ['words of another number', ['took 3 ms\nok\n', 'took 1.25 ms\nok\n'], [String.raw`(?<keep>took )[\w.:+/=-]+`]],
    [
      'a number beside letters of UTF-8, whatever length others have',
      ['grüße 71\n', 'grüße 34\n'],
      [String.raw`(?<keep>gr\xc3\xbc\xc3\x9fe )\d+`],
    ],
    ['a beginning, by what follows', ['17 ready\n', '18 ready\n'], [String.raw`\d+(?= ready\x0a)`]],
  ])('cover %s', (_, texts, masks) => {
    expect(ofTexts(...texts)?.masks).toEqual(masks);
  });

  test('cover bytes at their place, however random they are', () => {
    const first = '5200000008000000004b0000000c0000b4a19f3ec2d15a0000000549';
    const second = '5200000008000000004b0000000c0000b4a277019f105a0000000549';
    const { masks, where } = ofBytes(first, second)!;
    expect(where).toEqual([String.raw`in answer 0 bytes 17 to 21 ("\xa1\x9f>\xc2\xd1", "\xa2w\x01\x9f\x10") differ`]);
    expect(masks).toHaveLength(1);
    expect(applyMasks(hex(first), masks!.map(parseMask))).toEqual(applyMasks(hex(second), masks!.map(parseMask)));
  });

  test('are none where nothing stays the same', () => {
    expect(ofTexts('abc', 'xyz')?.masks).toBeUndefined();
    expect(adviceOf(ofTexts('abc', 'xyz')!)).toContain('no mask was found');
  });

  test('are told as a command line takes them', () => {
    expect(adviceOf(ofTexts("it's id=1\n", "it's id=2\n")!)).toBe(
      String.raw`what may differ is masked by --mask '(?<keep>it\x27s id=)\d+', or by --mask auto`,
    );
  });

  test('make all runs equal, whatever they are', () => {
    const part = fc.oneof(
      fc.constantFrom('id=', '\r\n', ' ', 'X: ', '.'),
      fc.string({ maxLength: 8 }),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    const run = fc.array(part, { maxLength: 8 }).map((parts): readonly Bytes[] => [utf8(parts.join(''))]);
    fc.assert(
      fc.property(fc.array(run, { minLength: 2, maxLength: 4 }), (runs) => {
        const masks = findVariation(runs)?.masks;
        if (masks !== undefined) expect(findVariation(runs, masks.map(parseMask))).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });
});

const long = (seed: number) => Array.from({ length: 20_000 }, (_, line) => `line ${line} at ${line * seed}\n`).join('');

test('a long answer with many differences is read in bounded time and told in few words', () => {
  const variation = ofTexts(long(3), long(7))!;
  expect(variation.where.join()).toMatch(/and 61 more places differ$/);
});
