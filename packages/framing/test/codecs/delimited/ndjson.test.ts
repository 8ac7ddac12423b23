import { expect, test } from 'vitest';
import { DEFAULT_MAX_PAYLOAD_BYTES, ndjson } from '../../../src/index.ts';
import { decodeAll, drip, everySplit, sticky } from '../../../src/testing.ts';
import { bytes, frameErrorOf, text } from '../../support/bytes.ts';

test('writes one value a line, and reads them however they are cut', () => {
  const codec = ndjson();
  const values = [{ t: '粘包' }, [1, 2], 'a\nb', null, { t: '半包' }];
  const stream = sticky(values.map((value) => codec.encode(value)));
  expect(text(stream)).toBe('{"t":"粘包"}\n[1,2]\n"a\\nb"\nnull\n{"t":"半包"}\n');
  for (const chunks of [[stream], drip(stream), ...everySplit(stream)]) expect(decodeAll(codec, chunks)).toEqual(values);
  expect([codec.name, codec.maxPayloadBytes]).toEqual(['ndjson', DEFAULT_MAX_PAYLOAD_BYTES]);
});

test('reads lines that end in CRLF', () => {
  expect(decodeAll(ndjson(), [bytes('{"a":1}\r\n2\n')])).toEqual([{ a: 1 }, 2]);
});

test('an empty line, half a value and two values on a line are FRAME_ERR_PAYLOAD', () => {
  for (const line of ['', '{"a":', '1 2']) {
    expect(frameErrorOf(() => decodeAll(ndjson(), [bytes(`1\n${line}\n`)]))).toMatchObject({
      code: 'FRAME_ERR_PAYLOAD',
      offset: 2,
      frameIndex: 1,
    });
  }
});

test('holds lines to the limit, and to their ending', () => {
  const codec = ndjson({ maxPayloadBytes: 4 });
  expect(decodeAll(codec, [codec.encode(1234)])).toEqual([1234]);
  expect(frameErrorOf(() => codec.encode(12_345)).code).toBe('FRAME_ERR_TOO_LARGE');
  expect(frameErrorOf(() => decodeAll(codec, [bytes('12345\n')])).code).toBe('FRAME_ERR_TOO_LARGE');
  expect(frameErrorOf(() => decodeAll(codec, [bytes('1\n2')])).code).toBe('FRAME_ERR_TRUNCATED');
});

test('validates with a schema', () => {
  const codec = ndjson({
    schema: {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) => (typeof value === 'number' ? { value } : { issues: [{ message: 'expected a number' }] }),
      },
    },
  });
  const [value]: readonly number[] = decodeAll(codec, [codec.encode(1)]);
  expect(value).toBe(1);
  expect(frameErrorOf(() => decodeAll(codec, [bytes('"1"\n')])).message).toContain('expected a number');
});

test('a last value without LF, and blank lines, are errors unless told otherwise', () => {
  const stream = new TextEncoder().encode('{"a":1}\n \t\r\n\n12');
  expect(() => decodeAll(ndjson(), [stream])).toThrow('payload is not JSON');
  expect(() => decodeAll(ndjson({ blank: 'skip' }), [stream])).toThrow(expect.objectContaining({ code: 'FRAME_ERR_TRUNCATED' }));
  expect(decodeAll(ndjson({ blank: 'skip', unended: 'emit' }), drip(stream))).toEqual([{ a: 1 }, 12]);
  expect(() => ndjson({ blank: 'drop' as 'skip' })).toThrow(RangeError);
});
