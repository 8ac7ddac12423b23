import type { ReadyExchange } from '../base/ready-exchange.ts';

/** RFC 9113, 3.4 and 4.1: the preface, then a length of three bytes, type, flags and stream. */
const FRAMES = JSON.stringify({
  kind: 'frame',
  name: 'http2',
  preamble: [
    { name: 'connection preface', from: 'client', startsWith: ['50 52 49 20 2a 20 48 54 54 50 2f 32 2e 30 0d 0a 0d 0a 53 4d 0d 0a 0d 0a'] },
  ],
  header: [
    { name: 'length', field: 'u24be' },
    { name: 'type', field: 'u8' },
    { name: 'flags', field: 'u8' },
    { name: 'stream', field: 'u32be' },
  ],
  emit: 'frame',
});

/** Length, type, flags and stream of an answer's HEADERS. */
const HEADERS = String.raw`[\s\S]{3}\x01[\x04\x05]\x00{3}[\x01\x03]`;

/** HTTP/2 without TLS, by prior knowledge: preface, two HEAD requests in one write, the second with a CONTINUATION; PING; GOAWAY. */
export const http2: ReadyExchange = {
  name: 'http2',
  summary: 'HTTP/2 without TLS: preface, two requests in one write, a ping, good-bye',
  // Headers are compressed, so the date in them changes their length: that both requests have an answer is compared, in any order.
  masks: [`${HEADERS}[\\s\\S]*?(?=${HEADERS}|$(?![\\s\\S]))`],
  // The end of an answer may be a frame of its own, and windows grow at any time.
  ignored: [String.raw`\x00{4}\x01\x00{3}[\x01\x03]`, String.raw`\x00\x00\x04\x08\x00{4}[\s\S]{5}`],
  conversation: {
    name: 'HTTP/2: preface, two HEAD requests, PING, GOAWAY',
    framing: FRAMES,
    steps: [
      { send: { hex: '505249202a20485454502f322e300d0a0d0a534d0d0a0d0a  000000 04 00 00000000' } },
      // Its SETTINGS, and the acknowledgement of ours.
      { expect: 'unordered:2' },
      {
        send: {
          hex: '000000 04 01 00000000  000013 01 05 00000001 0204 48454144 8684 0109 6c6f63616c686f7374  000006 01 01 00000003 0204 48454144  00000d 09 04 00000003 8684 0109 6c6f63616c686f7374',
        },
      },
      { expect: 'unordered:2' },
      { send: { hex: '000008 06 00 00000000 3132333435363738' } },
      { expect: 'frames:1' },
      { send: { hex: '000008 07 00 00000000 00000000 00000000', end: true } },
      { expect: 'close' },
    ],
  },
};
