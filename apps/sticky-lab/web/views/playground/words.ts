import type { FirstRead, NumberName, WriteMode } from '../../../src/pages/playground/settings.ts';
import type { Text } from '../../shell/language.ts';

/** What a control is called, and what it does. */
export interface ControlWords {
  readonly label: Text;
  readonly help: Text;
}

export const MESSAGES: ControlWords = {
  label: { en: 'Messages, one a line', zh: '消息（每行一条）' },
  help: {
    en: String.raw`Escapes: \n \r \t \0 \\ \xHH \u{H}. At most 10,000 messages of 64 KiB each, 4 MiB in all.`,
    zh: String.raw`转义：\n \r \t \0 \\ \xHH \u{H}。最多 10,000 条，每条最多 64 KiB，总共最多 4 MiB。`,
  },
};

export const FRAMING_HELP: Text = {
  en: 'Keeps the messages apart. Without framing (raw), the same runs beside it.',
  zh: '用来保住消息边界。旁边总是同时运行不分帧的 raw。',
};

export const WRITE: ControlWords = {
  label: { en: 'Written', zh: '写入方式' },
  help: { en: 'How the sender hands the bytes to its kernel.', zh: '发送方怎样把字节交给内核。' },
};

export const WRITE_WORDS: Readonly<Record<WriteMode, Text>> = {
  each: { en: 'each message by its own write', zh: '每条消息写一次' },
  gap: { en: 'each by its own write, with a gap between', zh: '每条写一次，中间停顿' },
  cork: { en: 'corked: all by one write', zh: '攒在一起，一次写完（cork）' },
  pieces: { en: 'in pieces, each delivered alone', zh: '切成小段，逐段送达' },
};

export const NAGLE: ControlWords = {
  label: { en: 'Turn Nagle’s algorithm off (TCP_NODELAY)', zh: '关闭 Nagle 算法（TCP_NODELAY）' },
  help: {
    en: 'Otherwise the kernel holds small writes back while earlier ones are not acknowledged.',
    zh: '否则，只要前面的数据还没被确认，内核就先扣住小数据。',
  },
};

export const FIRST_READ: ControlWords = {
  label: { en: 'First read', zh: '首次读取' },
  help: { en: 'When the receiver begins to read.', zh: '接收方何时开始读。' },
};

export const FIRST_READ_WORDS: Readonly<Record<FirstRead, Text>> = {
  queued: { en: 'when all bytes wait in the kernel', zh: '全部字节都在内核排队之后' },
  'at-once': { en: 'at once', zh: '立即' },
  delayed: { en: 'after a time', zh: '过一段时间之后' },
};

export const NUMBERS: Readonly<Record<NumberName, ControlWords>> = {
  repeat: {
    label: { en: 'Times', zh: '重复次数' },
    help: { en: 'How often the whole list is sent.', zh: '整个列表发送几遍。' },
  },
  gapMs: {
    label: { en: 'Gap between writes (ms)', zh: '写入间隔（毫秒）' },
    help: { en: 'From 1 to 1000.', zh: '1 到 1000。' },
  },
  pieceBytes: {
    label: { en: 'Piece size (bytes)', zh: '每段大小（字节）' },
    help: { en: 'The next piece is written when this one was read.', zh: '前一段被读走之后才写下一段。' },
  },
  readBytes: {
    label: { en: 'recv(n): bytes a read', zh: 'recv(n)：每次最多读（字节）' },
    help: { en: 'From 1 to 65,536.', zh: '1 到 65,536。' },
  },
  firstReadMs: {
    label: { en: 'Delay of the first read (ms)', zh: '首次读取延迟（毫秒）' },
    help: { en: 'From 1 to 5000.', zh: '1 到 5000。' },
  },
  readGapMs: {
    label: { en: 'Gap between reads (ms)', zh: '读取间隔（毫秒）' },
    help: { en: 'From 0 to 1000.', zh: '0 到 1000。' },
  },
};
