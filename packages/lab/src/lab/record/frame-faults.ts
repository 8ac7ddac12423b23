import type { Text } from '../../text.ts';
import type { FrameError, FrameErrorCode } from '@socklab/framing';

const REASONS_ZH: Readonly<Record<FrameErrorCode, string>> = {
  FRAME_ERR_TOO_LARGE: '载荷超过长度上限',
  FRAME_ERR_MALFORMED_LENGTH: '长度字段里的值不可能是长度',
  FRAME_ERR_UNSAFE_INTEGER: '长度太大，无法精确表示',
  FRAME_ERR_BAD_MAGIC: '帧开头的固定字节不对',
  FRAME_ERR_BAD_TRAILER: '载荷之后的固定字节不对',
  FRAME_ERR_BAD_CHECKSUM: '校验和与收到的字节不符',
  FRAME_ERR_OVERLONG_VARINT: '变长整数的字节太多',
  FRAME_ERR_HEADER_TOO_LONG: '头部超过长度上限',
  FRAME_ERR_BAD_ESCAPE: '转义或填充不合法',
  FRAME_ERR_TRUNCATED: '字节流在一帧中间结束',
  FRAME_ERR_TIMEOUT: '一帧没有按时到齐',
  FRAME_ERR_PAYLOAD: '载荷无法读取',
};

/** Why a decoder refused bytes, in both languages; the Chinese keeps the figures of a length that is too large. */
export function describeFrameError({ code, message, declared, limit }: FrameError): Text {
  const figures = declared === undefined || limit === undefined ? '' : `：${declared} 字节，上限 ${limit} 字节`;
  return { en: `${message} (${code})`, zh: `${REASONS_ZH[code]}${figures}（${code}）` };
}
