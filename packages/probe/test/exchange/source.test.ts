import { expect, test } from 'vitest';
import { parseHex, parseRequest, parseText } from '../../src/exchange/source.ts';
import { parseUntil } from '../../src/exchange/until.ts';
import { hex, utf8 } from '../exchanges.ts';

const refused = (message: string) =>
  expect.objectContaining({ code: 'PROBE_ERR_EXCHANGE', message: expect.stringContaining(message) as string }) as Error;

test('a request is bytes, a file or standard input', () => {
  expect(parseRequest('-')).toEqual({ kind: 'stdin' });
  expect(parseRequest('hex:68 69')).toEqual({ kind: 'bytes', bytes: utf8('hi') });
  expect(parseRequest('text:hi')).toEqual({ kind: 'bytes', bytes: utf8('hi') });
  expect(parseRequest('request.bin')).toEqual({ kind: 'file', path: 'request.bin' });
  expect(parseRequest('file:text:odd')).toEqual({ kind: 'file', path: 'text:odd' });
});

test('hex may be spaced and in either case', () => {
  expect(parseHex('00 fF\n1 2')).toEqual(hex('00ff12'));
});

test('text has escapes for what a command line cannot carry', () => {
  expect(parseText(String.raw`GET /\r\n\t\0\\\xff\u{1f30d}世`)).toEqual(
    Uint8Array.from([...utf8('GET /\r\n\t\0\\'), 0xff, ...utf8('🌍世')]),
  );
});

test.each(['', '6', 'zz', '0x00', '6 9 6'])('the hex %j is refused', (text) => {
  expect(() => parseHex(text)).toThrow(refused('hex is an even number of digits'));
});

test.each([String.raw`\q`, String.raw`\x1`, String.raw`\u{110000}`, String.raw`\N`, String.raw`\X41`, 'end\\'])(
  'the escape in %j is refused',
  (text) => {
    expect(() => parseText(text)).toThrow(refused('the escapes of text: are'));
  },
);

test.each(['', 'file:'])('the request %j is refused', (argument) => {
  expect(() => parseRequest(argument)).toThrow(refused('a request is hex:…, text:…, - or the name of a file'));
});

test('an answer ends at bytes, frames, silence, the end, or as the control', () => {
  expect(parseUntil('bytes:5')).toEqual({ kind: 'bytes', count: 5 });
  expect(parseUntil('frames:2', 'u32be')).toEqual({ kind: 'frames', count: 2, framing: 'u32be' });
  expect(parseUntil('idle:200ms')).toEqual({ kind: 'idle', ms: 200 });
  expect(parseUntil('idle:2s')).toEqual({ kind: 'idle', ms: 2000 });
  expect(parseUntil('close')).toEqual({ kind: 'close' });
  expect(parseUntil('control')).toEqual({ kind: 'control' });
});

test.each([
  ['', 'an answer ends at bytes:N'],
  ['bytes', 'an answer ends at bytes:N'],
  ['bytes:0', '1 to 16777216 bytes are allowed'],
  ['idle:5', 'an answer ends at bytes:N'],
  ['idle:61s', '1 to 60000 ms are allowed'],
  ['frames:1', '--framing'],
])('the until %j is refused', (text, message) => {
  expect(() => parseUntil(text)).toThrow(refused(message));
});

test('frames of an unknown framing are refused', () => {
  expect(() => parseUntil('frames:1', 'raw')).toThrow(expect.objectContaining({ code: 'PROBE_ERR_FRAMING' }));
});
