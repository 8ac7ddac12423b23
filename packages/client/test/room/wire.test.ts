import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { wholeMessages } from '../../src/room/whole-messages.ts';
import {
  ack,
  announce,
  challenge,
  envelope,
  hello,
  join,
  leave,
  MESSAGE_HEADER_BYTES,
  probe,
  said,
  SAID_HEADER_BYTES,
  saidHeader,
  say,
  TYPE,
  typeOfOne,
  welcome,
} from '../../src/room/wire.ts';

const COOKIE = Uint8Array.from({ length: 16 }, (_, index) => index + 1);
const KEY = COOKIE.subarray(0, 8);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test.each([
  ['hello', hello.encode(new Uint8Array(16)), `534c010010${'00'.repeat(16)}`],
  ['challenge', challenge.encode(COOKIE), `534c020010${hex(COOKIE)}`],
  ['join', join.encode(Buffer.concat([COOKIE, Buffer.from('bob')])), `534c030013${hex(COOKIE)}626f62`],
  ['welcome', welcome.encode({ header: { member: 7 }, payload: KEY }), `534c04000c00000007${hex(KEY)}`],
  ['say', say.encode(Buffer.concat([KEY, Buffer.from('hi')])), `534c05000a${hex(KEY)}6869`],
  ['said', said.encode({ header: { member: 7, nameBytes: 3 }, payload: Buffer.from('bobhi') }), '534c06000a0000000703626f626869'],
  ['leave', leave.encode(KEY), `534c070008${hex(KEY)}`],
  ['announce', announce.encode(Buffer.from('hi')), '534c0800026869'],
  [
    'probe',
    probe.encode({ header: { sequence: 1, timestamp: 2 ** 40 }, payload: Buffer.from('x') }),
    '534c10000d00000001000001000000000078',
  ],
  ['ack', ack.encode({ header: { sequence: 1, timestamp: 2 ** 40 }, payload: new Uint8Array(0) }), '534c11000c000000010000010000000000'],
] as const)('%s is on the wire as the drawing says', (name, encoded, expected) => {
  expect(hex(encoded)).toBe(expected);
  const [message] = wholeMessages(envelope, encoded) ?? [];
  expect(message?.header.type).toBe(TYPE[name]);
  expect(message?.payload.length).toBe(encoded.length - MESSAGE_HEADER_BYTES);
});

test('the drawing shows every type', () => {
  const source = readFileSync(new URL('../../src/room/wire.ts', import.meta.url), 'utf8');
  const rows = [...source.matchAll(/^ \* \| ([\da-f]{2}) \| ([A-Z]+) \|/gm)].map(([, type = '', name = '']) => [
    name.toLowerCase(),
    Number.parseInt(type, 16),
  ]);
  expect(Object.fromEntries(rows)).toEqual(TYPE);
});

test('several messages in one datagram are all read', () => {
  const datagram = Buffer.concat([say.encode(Buffer.from('one')), leave.encode(new Uint8Array(0)), say.encode(Buffer.from('two'))]);
  expect(wholeMessages(envelope, datagram)?.map(({ header }) => header.type)).toEqual([TYPE.say, TYPE.leave, TYPE.say]);
});

test('a datagram cut anywhere inside a message is none at all', () => {
  const first = say.encode(Buffer.from('one'));
  const datagram = Buffer.concat([first, say.encode(Buffer.from('two'))]);
  for (let cut = 0; cut <= datagram.length; cut++) {
    const isWhole = cut === 0 || cut === first.length || cut === datagram.length;
    expect(wholeMessages(envelope, datagram.subarray(0, cut)) !== undefined, `cut at ${cut}`).toBe(isWhole);
  }
});

test('one message is told from several and from none, and the header of what was said is read as the codec has it', () => {
  const one = said.encode({ header: { member: 0xfe_dc_ba_98, nameBytes: 3 }, payload: Buffer.from('bobhi') });
  expect([typeOfOne(one), typeOfOne(leave.encode(KEY))]).toEqual([TYPE.said, TYPE.leave]);
  expect([Buffer.concat([one, one]), Buffer.from('hello world'), Buffer.alloc(5)].map(typeOfOne)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  for (let cut = 0; cut < one.length; cut++) expect(typeOfOne(one.subarray(0, cut))).toBeUndefined();
  expect(saidHeader(one)).toEqual(wholeMessages(said, one)![0]!.header);
  expect(one.subarray(SAID_HEADER_BYTES)).toEqual(Uint8Array.from(Buffer.from('bobhi')));
});

test('a datagram with more messages than allowed is none at all', () => {
  const one = leave.encode(KEY);
  expect(wholeMessages(envelope, Buffer.concat([one, one]), 2)).toHaveLength(2);
  expect(wholeMessages(envelope, Buffer.concat([one, one, one]), 2)).toBeUndefined();
});

test('bytes after the last message, and a wrong magic, are none at all', () => {
  expect(wholeMessages(envelope, Buffer.concat([leave.encode(new Uint8Array(0)), Buffer.from([0])]))).toBeUndefined();
  expect(wholeMessages(envelope, Buffer.from('hello world'))).toBeUndefined();
});
