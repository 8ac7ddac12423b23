import { expect, test } from 'vitest';
import { dumpAround } from '../../src/bytes/hexdump.ts';
import { explain, replayCommand } from '../../src/diagnosis/explain.ts';
import { requestExchange } from '../../src/exchange/create.ts';
import { draftOfShape } from '../../src/plans/base/shape.ts';
import { conversation, hex, prefixed, trialOf, twoFrames, utf8 } from '../exchanges.ts';
import type { Exchange, Trial } from '../../src/types.ts';

function at(exchange: Exchange, shape: string): Trial {
  return trialOf(draftOfShape(exchange, shape));
}

function where(exchange: Exchange, shape: string): readonly string[] {
  return explain(exchange, at(exchange, shape)).where;
}

test.each([
  ['2', 'after byte 2 of the 4-byte length of frame 0'],
  ['4', 'between the header and the payload of frame 0'],
  ['5', 'after byte 1 of the 2-byte payload of frame 0'],
  ['6', 'between frame 0 and frame 1'],
  ['9', 'after byte 3 of the 4-byte length of frame 1'],
])('a cut at %s of two frames falls %s', (shape, place) => {
  expect(where(twoFrames, shape)).toEqual([place]);
});

test.each([
  ['modbus', hex('000100000006 1103006b0003'.replace(' ', '')), '2', 'after byte 2 of the 7-byte header of frame 0'],
  ['amqp', hex('08000000000000ce'), '7', 'between the header and the payload of frame 0'],
  ['netstring', utf8('2:hi,'), '4', 'between the payload and the 1-byte end of frame 0'],
  ['line', utf8('hi\r\n'), '3', 'after byte 1 of the 2-byte end of frame 0, between CR and LF'],
  ['line', utf8('世\n'), '2', 'after byte 2 of the 3-byte payload of frame 0, inside the 3-byte character 世 (U+4E16)'],
])('in %s, %j cut at %s falls %s', (framing, bytes, shape, place) => {
  expect(where(requestExchange(bytes, { framing }), shape)).toEqual([place]);
});

test('without a framing the byte and the line are named', () => {
  const http = requestExchange(utf8('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
  expect(where(http, '20')).toEqual(['after byte 20 of the 27-byte request, in line 2']);
  expect(where(http, '15')).toEqual(['after byte 15 of the 27-byte request, in line 1, between CR and LF']);
  expect(where(http, '25')).toEqual(['after byte 25 of the 27-byte request, in line 2, between CR LF and CR LF']);
  expect(where(requestExchange(utf8('hello\n')), '3')).toEqual(['after byte 3 of the 6-byte request']);
});

test('the send is named where there are several', () => {
  expect(where(conversation, '1@5')).toEqual(['after byte 1 of the 2-byte end of frame 0, between CR and LF, in send 1']);
});

test('glued requests are told apart', () => {
  expect(where(conversation, '0-1@10,12')).toEqual([
    '2 requests in one write: sends 0 to 1',
    'between request 0 and request 1 of those that are glued',
    'after byte 2 of the 4-byte payload of frame 0, in glued request 1',
  ]);
  expect(where(twoFrames, 'x2')).toEqual(['2 requests in one write: send 0 each time']);
});

test('an end of our side is told', () => {
  expect(where(twoFrames, '5/end')).toEqual(['after byte 1 of the 2-byte payload of frame 0', 'our side ends right behind the last byte']);
});

test('a character that could steer a terminal is named by its number alone', () => {
  expect(where(requestExchange(utf8('a\u202eb')), '2')).toEqual(['after byte 2 of the 5-byte request, inside the 3-byte character U+202E']);
});

test('of many cuts the first are told, and how many more there are', () => {
  const drip = requestExchange(utf8('a'.repeat(12)));
  expect(where(drip, '1,2,3,4,5,6,7,8,9,10,11')).toHaveLength(9);
  expect(where(drip, '1,2,3,4,5,6,7,8,9,10,11').at(-1)).toBe('and 3 more');
});

test('the bytes around a cut are shown with its place marked', () => {
  const exchange = requestExchange(prefixed('the first payload of them all'), { framing: 'u32be' });
  expect(`\n${explain(exchange, at(exchange, '2')).dump}\n`).toBe(`
00000000  00 00                                            |..              |
>>> SPLIT HERE <<< after byte 2 of the 4-byte length of frame 0
00000002        00 1d 74 68 65 20 66 69 72 73 74 20 70 61  |  ..the first pa|
00000010  79 6c 6f 61 64 20 6f 66 20 74 68 65 6d 20 61 6c  |yload of them al|
00000020  6c                                               |l               |
`);
});

test('glued requests show where one ends', () => {
  const exchange = requestExchange(utf8('ping\n'));
  expect(explain(exchange, at(exchange, 'x2')).dump).toBe(
    [
      '00000000  70 69 6e 67 0a                                   |ping.           |',
      '>>> GLUED HERE <<< one request ends, the next begins',
      '00000005                 70 69 6e 67 0a                    |     ping.      |',
    ].join('\n'),
  );
});

test('rows far from any mark are left out', () => {
  const dump = dumpAround(new Uint8Array(1_000_000), new Map([[500_000, 'HERE']])).split('\n');
  expect(dump).toHaveLength(7);
  expect(dump[0]).toBe('   …');
  expect(dump[3]).toBe('HERE');
  expect(dump.at(-1)).toBe('   …');
  expect(dumpAround(new Uint8Array(100), new Map()).split('\n')).toHaveLength(6);
});

test('marks side by side have a row each', () => {
  expect(
    dumpAround(
      utf8('abcd'),
      new Map([
        [1, 'one'],
        [2, 'two'],
      ]),
    ).split('\n'),
  ).toEqual([
    '00000000  61                                               |a               |',
    'one',
    '00000001     62                                            | b              |',
    'two',
    '00000002        63 64                                      |  cd            |',
  ]);
});

test('the replay command is quoted for a shell', () => {
  const base = ['sticky-lab', 'probe', '--target', '127.0.0.1:9', '--request', "text:it's"];
  expect(replayCommand(base, twoFrames, at(twoFrames, '2,7/end'))).toBe(
    String.raw`sticky-lab probe --target 127.0.0.1:9 --request 'text:it'\''s' --plan at:2,7/end`,
  );
});

test('a command that no shell would take is not written', () => {
  const long = requestExchange(new Uint8Array(20_000));
  const cuts = Array.from({ length: 19_999 }, (_, index) => index + 1).join(',');
  expect(replayCommand(['x'], long, at(long, cuts))).toBeUndefined();
});
