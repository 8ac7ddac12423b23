import { cobs, i32le, lengthPrefixed, line } from '@socklab/framing';
import { describe, expect, test } from 'vitest';
import { shown, utf8 } from '../src/lab/base/text.ts';
import { MAX_RECV_BYTES, Recv, recvExactly, recvMessages, recvSizes } from '../src/lab/record/recv.ts';
import type { Finding, RecvProgram } from '../src/lab/record/recv.ts';

/** Runs `program` on a stream from which each read gets as much as it asks for. */
function feed<Result>(program: RecvProgram<Result>, text: string): Recv<Result> {
  const recv = new Recv(program);
  const stream = utf8(text);
  let offset = 0;
  while (recv.result === undefined && offset < stream.length) {
    const byteLength = Math.min(recv.buffer.length, stream.length - offset);
    recv.buffer.set(stream.subarray(offset, offset + byteLength));
    recv.took(byteLength);
    offset += byteLength;
  }
  recv.ended();
  return recv;
}

function* recvNothing(): RecvProgram<number> {
  return (yield 0).length;
}

const outcomeOf = (program: RecvProgram<unknown>, text = ''): unknown => feed(program, text).result;

test('offers a buffer of exactly the size that the program asks for', () => {
  const recv = new Recv(recvSizes(2, 15));
  expect(recv.buffer).toHaveLength(2);
  recv.took(1);
  expect(recv.buffer).toHaveLength(15);
  recv.took(3);
  expect(recv.buffer).toHaveLength(15);
});

test('keeps what each read gave, the empty one at the end too', () => {
  const recv = feed(recvSizes(2, 15), 'helloalex');
  expect(recv.reads.map(shown)).toEqual(['he', 'lloalex', '']);
  expect(recv.readBytes).toBe(9);
  expect(recv.result).toEqual({ value: recv.reads });
});

test('tells of each read, the empty one at the end too, and of what the program finds, in order', () => {
  const told: unknown[] = [];
  const found = { type: 'message', start: 0, end: 2, text: 'he' } as const;
  function* program(): RecvProgram<number> {
    yield 2;
    expect(yield found).toHaveLength(0);
    return (yield 2).length;
  }
  const recv = new Recv(program(), { read: (byteLength) => void told.push(byteLength), found: (finding) => void told.push(finding) });
  recv.took(2);
  recv.ended();
  expect(told).toEqual([2, found, 0]);
  expect(recv.result).toEqual({ value: 0 });
});

test('a read of 0 bytes gives nothing and does not wait', () => {
  expect(new Recv(recvNothing()).result).toEqual({ value: 0 });
});

test.each([-1, 1.5, Number.NaN, MAX_RECV_BYTES + 1])('refuses recv(%d) with LAB_ERR_RECV', (size) => {
  expect(outcomeOf(recvSizes(size))).toEqual({ error: expect.objectContaining({ code: 'LAB_ERR_RECV' }) });
});

test.each([0, 4])('ends a program that reads %d bytes for ever with LAB_ERR_RECV', (size) => {
  function* program(): RecvProgram<never> {
    for (;;) yield size;
  }
  expect(outcomeOf(program(), 'hello')).toEqual({ error: expect.objectContaining({ code: 'LAB_ERR_RECV' }) });
});

test('a program that throws fails, and reads no more', () => {
  const failure = new Error('no');
  function* program(): RecvProgram<never> {
    yield 4;
    throw failure;
  }
  const recv = feed(program(), 'hello world');
  expect(recv.result).toEqual({ error: failure });
  expect(recv.reads).toHaveLength(1);
});

describe('recvExactly', () => {
  test('reads again until all bytes are there', () => {
    const recv = new Recv(recvExactly(4));
    recv.buffer.set(utf8('he'));
    recv.took(2);
    expect(recv.buffer).toHaveLength(2);
    recv.buffer.set(utf8('ll'));
    recv.took(2);
    expect(recv.result).toEqual({ value: utf8('hell') });
  });

  test('returns fewer when the sender ends before', () => {
    expect(outcomeOf(recvExactly(4), 'he')).toEqual({ value: utf8('he') });
  });
});

describe('recvMessages', () => {
  const codec = lengthPrefixed({ length: i32le });
  const frame = (text: string): string => new TextDecoder().decode(codec.encode(utf8(text)));

  test.each([1, 3, 1024])('decodes all messages with reads of %d bytes', (readBytes) => {
    const { result } = feed(recvMessages(codec, readBytes), frame('hello') + frame('') + frame('alex'));
    expect(result).toEqual({ value: [utf8('hello'), utf8(''), utf8('alex')] });
  });

  test('finds each message where its frame lies', () => {
    const findings: Finding[] = [];
    const recv = new Recv(recvMessages(codec, 1024), { read: () => undefined, found: (finding) => void findings.push(finding) });
    const stream = utf8(frame('hello') + frame('') + frame('x'.repeat(100)).slice(0, 50));
    recv.buffer.set(stream);
    recv.took(stream.length);
    recv.ended();
    expect(findings).toEqual([
      { type: 'message', start: 0, end: 9, text: 'hello' },
      { type: 'message', start: 9, end: 13, text: '' },
      {
        type: 'fault',
        start: 13,
        reason: { en: expect.stringContaining('ended inside a frame'), zh: expect.stringContaining('中间结束') },
      },
    ]);
  });

  test.each([
    [
      'line',
      line({ unended: 'emit' }),
      'ab\n\ncd',
      [
        [0, 3],
        [3, 4],
        [4, 6],
      ],
    ],
    [
      'cobs',
      cobs(),
      '\x04hey\0\x02x\0',
      [
        [0, 5],
        [5, 8],
      ],
    ],
  ])('finds frames of %s, whose payloads are shorter, in reads of every size', (_, framing, text, frames) => {
    for (let readBytes = 1; readBytes <= text.length; readBytes++) {
      const findings: Finding[] = [];
      const recv = new Recv(recvMessages(framing, readBytes), { read: () => undefined, found: (finding) => void findings.push(finding) });
      const stream = utf8(text);
      for (let offset = 0; offset < stream.length; offset += readBytes) {
        const piece = stream.subarray(offset, offset + readBytes);
        recv.buffer.set(piece);
        recv.took(piece.length);
      }
      recv.ended();
      expect(findings.map((finding) => (finding.type === 'message' ? [finding.start, finding.end] : finding))).toEqual(frames);
    }
  });

  test('shows the beginning of a long message', () => {
    const findings: Finding[] = [];
    const recv = new Recv(recvMessages(codec, 1024), { read: () => undefined, found: (finding) => void findings.push(finding) });
    const stream = utf8(frame('x'.repeat(100)));
    recv.buffer.set(stream);
    recv.took(stream.length);
    expect(findings).toEqual([{ type: 'message', start: 0, end: 104, text: `${'x'.repeat(64)}… (+36 bytes)` }]);
  });

  test('fails with FRAME_ERR_TRUNCATED when the sender ends inside a frame', () => {
    const result = outcomeOf(recvMessages(codec, 1024), frame('hello').slice(0, -1));
    expect(result).toEqual({ error: expect.objectContaining({ code: 'FRAME_ERR_TRUNCATED' }) });
  });
});
