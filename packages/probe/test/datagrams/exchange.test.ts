import { describe, expect, test } from 'vitest';
import { plainActions, sendsOf } from '../../src/datagrams/base/exchange.ts';
import { DATAGRAM_PROTOCOLS, datagramExchangeOf, datagramProtocol, parseDatagramId } from '../../src/index.ts';
import type { RecordedEvent } from '../../src/index.ts';

function said(from: RecordedEvent['from'], text: string): RecordedEvent {
  return { ms: 0, from, bytes: Buffer.from(text) };
}

test('each event of a recording is a datagram, and answers are awaited where they came', () => {
  const events = [said('client', 'a'), said('client', 'b'), said('server', 'A'), said('server', 'B'), said('client', '{{trial}}')];
  const exchange = datagramExchangeOf({ name: 'recorded', events });
  expect(exchange.name).toBe('recorded');
  expect(sendsOf(exchange).map(({ send }) => Buffer.from(send).toString())).toEqual(['a', 'b', '{{trial}}']);
  expect(plainActions(exchange).map(({ kind }) => kind)).toEqual(['send', 'send', 'wait', 'send', 'wait']);
});

describe('a protocol that is ready', () => {
  test.each(DATAGRAM_PROTOCOLS.map(({ name }) => name))('%s has its id inside its datagrams', (name) => {
    const { exchange, id } = datagramProtocol(name);
    for (const { send } of sendsOf(exchange)) expect(send.length).toBeGreaterThanOrEqual(id.at + id.bytes);
  });

  test('snmp declares the lengths that it has, with the request id where the probe writes it', () => {
    const [{ send }] = sendsOf(datagramProtocol('snmp').exchange) as [ReturnType<typeof sendsOf>[number]];
    expect(send[1]).toBe(send.length - 2);
    expect(Buffer.from(send).toString('hex', 15, 21)).toBe('020440000000');
  });

  test('is one of a list', () => {
    expect(() => datagramProtocol('gopher')).toThrow('there is no exchange over UDP ready for "gopher", only for dns, coap, snmp, ntp');
  });
});

test.each(['0', '2:1', '2:9', '-1:2', 'x:2', '0:2:3'])('%j is no place of an id', (text) => {
  expect(() => parseDatagramId(text)).toThrow(expect.objectContaining({ code: 'PROBE_ERR_EXCHANGE' }));
});

test('the place of an id is its offset and its length', () => {
  expect(parseDatagramId('40:8')).toEqual({ at: 40, bytes: 8 });
});
