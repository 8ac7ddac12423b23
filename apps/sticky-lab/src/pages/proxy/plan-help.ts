import type { Text } from '@socklab/lab';

/** A plan of the proxy: its syntax, and its effect. */
export interface PlanHelp {
  readonly example: string;
  readonly what: Text;
}

/** All plans, in the order of the command line's help. */
export const PLAN_HELP: readonly PlanHelp[] = [
  { example: 'pass', what: { en: 'as it comes', zh: '原样通过' } },
  { example: 'bytes:3', what: { en: 'pieces of 3 bytes', zh: '每个片段 3 字节' } },
  { example: 'sizes:1,3,7', what: { en: 'pieces of these sizes, again and again', zh: '按这些大小循环切分' } },
  { example: 'drip', what: { en: 'byte by byte', zh: '逐字节' } },
  { example: 'random:1-64', what: { en: 'pieces of random sizes, by the seed', zh: '随机大小的片段，由种子决定' } },
  { example: 'at:12,16', what: { en: 'cut at these offsets of the stream', zh: '在流的这些偏移处切开' } },
  {
    example: 'boundary:-1,0,1',
    what: { en: 'cut around the end of every frame; needs a framing', zh: '在每帧边界附近切开；需要 framing' },
  },
  { example: 'prefix', what: { en: 'cut within the length of every frame; needs a framing', zh: '切在每帧的长度字段中；需要 framing' } },
  { example: 'utf8', what: { en: 'cut within characters of UTF-8', zh: '切在 UTF-8 字符中间' } },
  { example: 'crlf', what: { en: 'cut between CR and LF', zh: '在 CR 与 LF 之间切开' } },
  {
    example: 'coalesce:20ms',
    what: { en: 'glue what comes within 20 ms; coalesce:n=3 glues three reads', zh: '把 20 ms 内到达的粘在一起；coalesce:n=3 粘三次读取' },
  },
  {
    example: 'glue',
    what: { en: 'glue half of a frame to half of the next; needs a framing', zh: '把一帧的后半与下一帧的前半粘在一起；需要 framing' },
  },
];
