import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { codecOf, text } from '../../../src/index.ts';
import { checkCodec, decodeAll, drip } from '../../../src/testing.ts';
import { bytes, frameErrorOf, text as textOf } from '../../support/bytes.ts';
import { checkArbitraryBytes, outcomeOf, workOf } from '../../support/cuts.ts';
import { packageFolder } from '../../support/package-folder.ts';
import type { ByteCodec, Layout } from '../../../src/index.ts';

function layoutNamed(name: string): Layout {
  return JSON.parse(readFileSync(`${packageFolder}/layouts/${name}.json`, 'utf8')) as Layout;
}

function file(name: string): ByteCodec {
  return codecOf(layoutNamed(name));
}

const http = file('http1');

test('HTTP/1.1: the bytes that keep a connection alive are passed over, and trailers belong to their message', () => {
  const messages = [
    'GET / HTTP/1.1\r\n\r\n',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n0\r\nA: b\r\nC: d\r\n\r\n',
    'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n',
  ];
  const stream = bytes(`\r\n${messages.join('\r\n')}`);
  for (const chunks of [[stream], drip(stream)]) expect(decodeAll(http, chunks).map(textOf)).toEqual(messages);
});

test.each([
  ['a length and chunks', 'Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n', 'no length is known after \\"POST / HTTP/1.1\\"'],
  ['two lengths that differ', 'Content-Length: 3\r\nContent-Length: 4\r\n\r\n', 'a length is decimal digits, received \\"3, 4\\"'],
  ['a sign', 'Content-Length: +3\r\n\r\n', 'received \\"+3\\"'],
  ['a coding that is not chunked', 'Transfer-Encoding: gzip, chunked\r\n\r\n', 'no length is known after'],
  ['a blank before the colon', 'Content-Length : 3\r\n\r\n', 'no header line: \\"Content-Length : 3\\"'],
  ['a folded line', 'A: b\r\n c: d\r\n\r\n', 'no header line: \\" c: d\\"'],
  ['no size of a chunk', 'Transfer-Encoding: chunked\r\n\r\n0x1\r\n', 'a chunk size is hexadecimal digits'],
])('HTTP/1.1 with %s is refused: two readers would see other messages', (_, lines, message) => {
  const { error } = outcomeOf(http, bytes(`POST / HTTP/1.1\r\n${lines}`));
  expect(error?.code).toBe('FRAME_ERR_MALFORMED_LENGTH');
  expect(JSON.stringify(error?.message)).toContain(message);
});

test('an answer whose end only the end of the stream tells is refused', () => {
  expect(outcomeOf(http, bytes('HTTP/1.1 200 OK\r\nServer: x\r\n\r\n')).error).toMatchObject({ code: 'FRAME_ERR_MALFORMED_LENGTH' });
});

test('what is behind bytes and chunks is checked', () => {
  expect(outcomeOf(http, bytes('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc')).error).toMatchObject({
    code: 'FRAME_ERR_BAD_TRAILER',
  });
  expect(outcomeOf(file('nats'), bytes('PUB a 2\r\nhi!!')).error?.message).toContain('the payload must be followed by 0d0a, received 2121');
});

test('limits hold for the head, the whole and each chunk, before it arrives', () => {
  const small = text({
    head: 'line',
    maxHeaderBytes: 8,
    maxPayloadBytes: 20,
    rules: [{ when: { startsWith: ['S '] }, body: { length: { word: 1 } } }, { body: 'none' }],
  });
  checkCodec(small, [bytes('seven 7\n'), bytes(`S 14\r\n${'x'.repeat(14)}`)]);
  expect(outcomeOf(small, bytes('seven 77x\n')).error).toMatchObject({ code: 'FRAME_ERR_HEADER_TOO_LONG', limit: 8 });
  expect(outcomeOf(small, bytes('S 16\r\n')).error).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 22, limit: 20 });
  expect(
    outcomeOf(
      codecOf({ ...layoutNamed('http1'), maxPayloadBytes: 60 }),
      bytes('A / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n'),
    ).error,
  ).toMatchObject({
    code: 'FRAME_ERR_TOO_LARGE',
    limit: 60,
  });
});

test('a message that is not one whole frame is not written', () => {
  expect(frameErrorOf(() => http.encode(bytes('GET / HTTP/1.1\r\n'))).code).toBe('FRAME_ERR_PAYLOAD');
  expect(frameErrorOf(() => http.encode(bytes('GET / HTTP/1.1\r\n\r\nmore'))).code).toBe('FRAME_ERR_PAYLOAD');
});

test('time is linear on one-byte chunks', () => {
  const stream = bytes(`POST / HTTP/1.1\r\n${'A: b\r\n'.repeat(1000)}Content-Length: 20000\r\n\r\n${'x'.repeat(20_000)}`);
  expect(workOf(http, drip(stream))).toBeLessThanOrEqual(4 * stream.length);
  const stomp = bytes(`SEND\n\n${'x'.repeat(20_000)}\0`);
  expect(workOf(file('stomp'), drip(stomp))).toBeLessThanOrEqual(4 * stomp.length);
});

test.each(['http1', 'stomp', 'imap', 'smtp-replies'])('%s: whatever bytes come, the cut decides nothing', (name) => {
  checkArbitraryBytes(codecOf({ ...layoutNamed(name), maxPayloadBytes: 40 }), fc.constantFrom(...bytes('\r\n\n:- {2}0aA\0')));
});
