import type { FrameErrorCode } from '@socklab/framing';
import type { Text } from '@socklab/lab';

const EXPLANATIONS: Readonly<Record<FrameErrorCode, Text>> = {
  FRAME_ERR_TOO_LARGE: {
    en: 'The payload is longer than the limit. A decoder says so before it stores any of it.',
    zh: '载荷超过上限。解码器在存储任何载荷之前就会报错。',
  },
  FRAME_ERR_MALFORMED_LENGTH: {
    en: 'The length is no length: negative, no number, less than what it counts itself, or readable in two ways.',
    zh: '长度字段不是合法的长度：是负数、不是数字、小于它自身要计入的字节数，或有两种读法。',
  },
  FRAME_ERR_UNSAFE_INTEGER: {
    en: 'The length is beyond 2^53 − 1, so a number cannot hold it exactly.',
    zh: '长度超过 2^53 − 1，无法精确表示。',
  },
  FRAME_ERR_BAD_MAGIC: {
    en: 'A byte that is the same in every frame is another one here: this is a different protocol, or the reader lost its place.',
    zh: '每一帧里都相同的字节在这里不同：要么是另一种协议，要么读取位置已经错位。',
  },
  FRAME_ERR_BAD_TRAILER: {
    en: 'The byte after the payload is not the one that must be there: the length does not fit the payload.',
    zh: '载荷之后不是规定的字节：长度与载荷不符。',
  },
  FRAME_ERR_BAD_CHECKSUM: {
    en: 'The checksum does not fit what arrived.',
    zh: '校验和与收到的内容不符。',
  },
  FRAME_ERR_OVERLONG_VARINT: {
    en: 'The variable-length integer has more bytes than allowed, or than its number needs.',
    zh: '变长整数的字节数超过允许值，或多于该数值所需。',
  },
  FRAME_ERR_HEADER_TOO_LONG: {
    en: 'The header, or the digits of the length, go on past their limit.',
    zh: '头部或表示长度的数字超出了上限。',
  },
  FRAME_ERR_BAD_ESCAPE: {
    en: 'An escape stands for no byte, or a frame ends inside an announced run of bytes.',
    zh: '转义不对应任何字节，或帧在已声明的字节段之中结束。',
  },
  FRAME_ERR_TRUNCATED: {
    en: 'The bytes end inside a frame.',
    zh: '字节在一帧的中间结束。',
  },
  FRAME_ERR_TIMEOUT: {
    en: 'A frame that began did not complete in time.',
    zh: '已开始的帧没有按时完成。',
  },
  FRAME_ERR_PAYLOAD: {
    en: 'This format cannot carry the payload: it would not be read back as it was.',
    zh: '这种格式承载不了该载荷：读回来会与原来不同。',
  },
};

/** What an error means, in a sentence. */
export function explanationOf(code: FrameErrorCode): Text {
  return EXPLANATIONS[code];
}
