import { expect, test } from 'vitest';
import { protocolHint } from '../../src/decoding/hint.ts';
import { bytes, fromHex } from '../support/bytes.ts';

test.each([
  ['16 03 01 02 00 01 00 01 fc 03 03', 'looks like a TLS handshake'],
  ['16 03 03', 'looks like a TLS handshake'],
  // KAFKA-4090: an alert, read as a length of 352,518,912.
  ['15 03 03 00 02 02 50', 'looks like a TLS alert'],
  ['15 03 00', 'looks like a TLS alert'],
])('%s %s', (hex, hint) => {
  expect(protocolHint(fromHex(hex))).toBe(hint);
});

test.each([
  'GET / HTTP/1.1',
  'POST /',
  'PUT /',
  'HEAD /',
  'DELETE /',
  'OPTIONS *',
  'PATCH /',
  'CONNECT a:1',
  'TRACE /',
  'HTTP/1.1 400',
  'PRI * HTTP/2.0',
])('%s looks like HTTP', (start) => {
  expect(protocolHint(bytes(start))).toBe(`looks like HTTP: "${start.slice(0, 4).trim()}"`);
  expect(protocolHint(bytes(start).subarray(0, 4))).toContain('looks like HTTP');
});

test.each(['', '16', '16 03', '16 03 05', '16 02 01', '17 03 03', '03 16 03', '47 45 54', '67 65 74 20', '47 45 54 00', '00 00 00 05 68'])(
  '%j looks like nothing known',
  (hex) => {
    expect(protocolHint(fromHex(hex))).toBeUndefined();
  },
);
