import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { chargen } from '../../src/sessions/chargen.ts';
import { daytime, formatDaytime } from '../../src/sessions/daytime.ts';
import { discard } from '../../src/sessions/discard.ts';
import { fillGreeting, identityOf, placeHolders, unknownPlaceHolders } from '../../src/sessions/greeting.ts';
import { SESSIONS, sessionByName, sessionNames } from '../../src/sessions/index.ts';
import { TestStream } from './session-stream.ts';
import type { Session, StreamHandler } from '../../src/session.ts';

function openOn(stream: TestStream, session: Session): StreamHandler {
  if (session.kind !== 'stream') throw new TypeError(`${session.name} is no stream session`);
  return session.open(stream);
}

test.each([
  ['2026-11-22T18:05:09Z', 'Sunday, November 22, 2026 18:05:09-UTC'],
  ['1982-02-22T17:37:43.999Z', 'Monday, February 22, 1982 17:37:43-UTC'],
  ['2000-01-01T00:00:00Z', 'Saturday, January 1, 2000 00:00:00-UTC'],
])('daytime at %s is %s, whatever the time zone of the machine', (now, text) => {
  expect(formatDaytime(new Date(now))).toBe(text);
});

test('daytime sends one line and ends', () => {
  const stream = new TestStream();
  openOn(stream, daytime({ now: () => new Date(0) }));
  expect(stream.sent.toString()).toBe('Thursday, January 1, 1970 00:00:00-UTC\r\n');
  expect(stream.finished).toBe('served');
});

test('chargen sends the lines of RFC 864, of 72 characters and CR LF, each one character further, and wraps after 95', () => {
  const stream = new TestStream();
  openOn(stream, chargen({ maxBytes: 97 * 74 }));
  const lines = stream.sent.toString('latin1').split('\r\n');
  expect(lines.slice(0, 3)).toEqual([
    ' !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefg',
    '!"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefgh',
    '"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghi',
  ]);
  expect(lines[94]!.slice(0, 3)).toBe('~ !');
  expect(lines.slice(95, 97)).toEqual(lines.slice(0, 2));
  expect(new Set(lines.slice(0, 97).map(({ length }) => length))).toEqual(new Set([72]));
});

test.each([0, 1, 73, 74, 95 * 74, 95 * 74 + 1, 100_000])('chargen sends exactly %i bytes, then ends', (maxBytes) => {
  const stream = new TestStream();
  openOn(stream, chargen({ maxBytes }));
  expect({ sent: stream.sent.length, finished: stream.finished }).toEqual({ sent: maxBytes, finished: 'served' });
});

test('chargen waits for a client that does not keep up, and goes on where it was', async () => {
  const stream = new TestStream();
  stream.room = 10_000;
  const handler = openOn(stream, chargen({ maxBytes: 50_000 }));
  expect(stream.finished).toBeUndefined();
  expect(stream.sent.length).toBeLessThan(10_000 + 95 * 74);
  stream.room = Number.POSITIVE_INFINITY;
  handler.drained!();
  const whole = new TestStream();
  openOn(whole, chargen({ maxBytes: 50_000 }));
  expect(stream.sent.equals(whole.sent)).toBe(true);
  expect(stream.finished).toBe('served');
});

test('chargen lets others have their turn', async () => {
  const stream = new TestStream();
  openOn(stream, chargen({ maxBytes: 1_000_000 }));
  expect(stream.sent.length).toBeLessThan(300_000);
  while (stream.finished === undefined) await turn();
  expect(stream.sent.length).toBe(1_000_000);
});

test('chargen drops what comes, and goes on when the client has ended its side', () => {
  const stream = new TestStream();
  stream.room = 1;
  const handler = openOn(stream, chargen({ maxBytes: 50_000 }));
  handler.bytes(Buffer.from('hello'), 5);
  handler.ended();
  expect(stream.finished).toBeUndefined();
});

test('discard reads, counts and says nothing', () => {
  const stream = new TestStream();
  const handler = openOn(stream, discard());
  handler.bytes(Buffer.from('hello'), 5);
  expect({ messagesIn: handler.messagesIn, sent: stream.sent.length, finished: stream.finished }).toEqual({ messagesIn: 1, sent: 0 });
  handler.ended();
  expect(stream.finished).toBe('peer-ended');
});

const identity = identityOf(
  { POD_NAME: 'echo-0', NODE_NAME: 'n1', POD_NAMESPACE: 'lab', SERVICE_NAME: 'echo', POD_IP: '10.0.0.7' },
  'host',
);
const greeted = { id: 7, address: '127.0.0.1:50000', time: new Date('2026-11-22T18:05:09Z') };

test.each([
  ['hello', 'hello'],
  ['{id} {addr} {time}', '7 127.0.0.1:50000 2026-11-22T18:05:09.000Z'],
  ['{pod}/{node}/{namespace}/{service}/{ip}', 'echo-0/n1/lab/echo/10.0.0.7'],
  ['{id}{id}', '77'],
  ['{ID} {} {constructor} { id }', '{ID} {} {constructor} { id }'],
])('the greeting %j is %j', (greeting, text) => {
  expect(fillGreeting(greeting, identity, greeted)).toBe(text);
});

test('what a client or an environment says is not filled in again', () => {
  const sly = identityOf({ POD_NAME: '{ip}', POD_IP: 'secret' }, 'host');
  expect(fillGreeting('{pod}', sly, greeted)).toBe('{ip}');
});

test('the peer of a unix socket, and a process outside of Kubernetes, have a name too', () => {
  expect(fillGreeting('{addr} {pod}{node}', identityOf({}, 'my-host'), { ...greeted, address: '' })).toBe('unix my-host');
});

test('unknown place holders are found, known ones are not', () => {
  expect(unknownPlaceHolders('{oops} {id} {toString}')).toEqual(['oops', 'toString']);
  expect(unknownPlaceHolders(placeHolders.map((name) => `{${name}}`).join(' '))).toEqual([]);
});

test('sessions are found by name, and an unknown name is told the ones there are', () => {
  for (const name of sessionNames) expect(sessionByName(name).name).toBe(name);
  expect(new Set(sessionNames).size).toBe(SESSIONS.length);
  expect(() => sessionByName('sing')).toThrow('unknown session "sing"; allowed: echo, greet, operator, discard, chargen, daytime');
});
