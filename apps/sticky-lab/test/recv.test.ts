import { i32le, lengthPrefixed } from '@socklab/framing';
import { describe, expect, test } from 'vitest';
import { MAX_RECV_BYTES, Recv, recvExactly, recvMessages, recvSizes, type RecvProgram } from '../src/lab/recv.ts';
import { shown, utf8 } from '../src/lab/text.ts';

/** Runs `program` on a stream from which each read gets as much as it asks for. */
function feed<Result>(program: RecvProgram<Result>, text: string): Recv<Result> {
  const recv = new Recv(program);
  const stream = utf8(text);
  let offset = 0;
  while (recv.outcome === undefined && offset < stream.length) {
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

const outcomeOf = (program: RecvProgram<unknown>, text = ''): unknown => feed(program, text).outcome;

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
  expect(recv.outcome).toEqual({ value: recv.reads });
});

test('a read of 0 bytes gives nothing and does not wait', () => {
  expect(new Recv(recvNothing()).outcome).toEqual({ value: 0 });
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
  expect(recv.outcome).toEqual({ error: failure });
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
    expect(recv.outcome).toEqual({ value: utf8('hell') });
  });

  test('returns fewer when the sender ends before', () => {
    expect(outcomeOf(recvExactly(4), 'he')).toEqual({ value: utf8('he') });
  });
});

describe('recvMessages', () => {
  const codec = lengthPrefixed({ length: i32le });
  const frame = (text: string): string => new TextDecoder().decode(codec.encode(utf8(text)));

  test.each([1, 3, 1024])('decodes all messages with reads of %d bytes', (readBytes) => {
    const { outcome } = feed(recvMessages(codec, readBytes), frame('hello') + frame('') + frame('alex'));
    expect(outcome).toEqual({ value: [utf8('hello'), utf8(''), utf8('alex')] });
  });

  test('fails with FRAME_ERR_TRUNCATED when the sender ends inside a frame', () => {
    const outcome = outcomeOf(recvMessages(codec, 1024), frame('hello').slice(0, -1));
    expect(outcome).toEqual({ error: expect.objectContaining({ code: 'FRAME_ERR_TRUNCATED' }) });
  });
});
