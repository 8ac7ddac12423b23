import { expect, test } from 'vitest';
import { parseConversation } from '../../src/exchange/conversation.ts';
import { prefixed, utf8 } from '../exchanges.ts';

test('a conversation is read with all ways to give bytes', () => {
  const json = JSON.stringify({
    name: 'talk',
    steps: [
      { expect: 'bytes:3' },
      { send: { text: 'é\r\n' } },
      { expect: 'idle:50ms' },
      { send: { hex: '68 69' } },
      { send: { base64: 'aGk=' } },
      { expect: 'control' },
      { send: { file: 'last.bin', end: true } },
      { expect: 'close' },
    ],
  });
  expect(parseConversation(json, { readFile: (path) => utf8(`<${path}>`) })).toEqual({
    name: 'talk',
    steps: [
      { expect: { kind: 'bytes', count: 3 } },
      { send: utf8('é\r\n') },
      { expect: { kind: 'idle', ms: 50 } },
      { send: utf8('hi') },
      { send: utf8('hi') },
      { expect: { kind: 'control' } },
      { send: utf8('<last.bin>'), end: true },
      { expect: { kind: 'close' } },
    ],
  });
});

test('the framing given beside a conversation stands above its own', () => {
  const json = JSON.stringify({ framing: 'line', steps: [{ send: { hex: '00000001 61' } }, { expect: 'frames:1' }] });
  const exchange = parseConversation(json, { framing: 'u32be' });
  expect(exchange.framing).toBe('u32be');
  expect(exchange.steps[1]).toEqual({ expect: { kind: 'frames', count: 1, framing: 'u32be' } });
  expect(exchange.steps[0]).toMatchObject({ send: prefixed('a'), frames: [{ end: 5 }] });
});

test.each([
  ['{', 'not a conversation: '],
  ['[]', 'it must be an object, received a list of 0'],
  ['{"steps":{}}', 'steps must be a list of at most 10000, received {}'],
  ['{"steps":[],"step":1}', 'step must be left out: the keys are name, framing, steps'],
  ['{"steps":[{"send":{"text":1}}]}', 'steps[0].send.text must be text, received 1'],
  ['{"steps":[{}]}', 'steps[0] must be either {"send": …} or {"expect": …}, received {}'],
  ['{"steps":[{"send":{"text":"a"},"expect":"close"}]}', 'steps[0] must be either'],
  ['{"steps":[{"send":{}}]}', 'steps[0].send must have one of text, hex, base64, file, received none'],
  ['{"steps":[{"send":{"text":"a","hex":"61"}}]}', 'received text and hex'],
  ['{"steps":[{"send":{"base64":"a"}}]}', 'steps[0].send.base64 is not base64'],
  ['{"steps":[{"send":{"file":"x"}}]}', 'names the file "x", and files are not read here'],
  ['{"steps":[{"expect":"soon"}]}', 'an answer ends at'],
  ['{"steps":[{"expect":"close"}]}', 'nothing is sent'],
  ['{"__proto__":{"steps":[]},"steps":[]}', '__proto__ must be left out'],
])('%s is refused with its place', (json, message) => {
  expect(() => parseConversation(json)).toThrow(
    expect.objectContaining({ code: 'PROBE_ERR_EXCHANGE', message: expect.stringContaining(message) as string }),
  );
});
