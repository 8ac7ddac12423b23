import type { Text } from '../../shell/language.ts';
import type { Bug, Confidence, Outcome } from '@socklab/probe';

/** The letter, the style and the meaning of a cell. Letters are those of the command line. */
export interface CellLook {
  readonly glyph: string;
  readonly look: 'untried' | 'pass' | 'fail' | 'unsure';
  readonly meaning: Text;
}

/** By the character that the service sends. */
export const CELL_LOOKS: Readonly<Record<string, CellLook>> = {
  '-': { glyph: '·', look: 'untried', meaning: { en: 'not tried', zh: '未试' } },
  '.': { glyph: '✓', look: 'pass', meaning: { en: 'right answer', zh: '响应正确' } },
  '?': { glyph: '?', look: 'unsure', meaning: { en: 'right, but perhaps read in one go', zh: '响应正确，但可能被一次读完' } },
  o: { glyph: 'o', look: 'unsure', meaning: { en: 'the same frames in another order', zh: '帧相同，顺序不同' } },
  '~': { glyph: '~', look: 'unsure', meaning: { en: 'failed once and not again', zh: '失败过一次，未再出现' } },
  e: { glyph: 'e', look: 'fail', meaning: { en: 'error reply', zh: '收到错误响应' } },
  x: { glyph: 'x', look: 'fail', meaning: { en: 'extra bytes', zh: '多出字节' } },
  m: { glyph: 'm', look: 'fail', meaning: { en: 'missing bytes', zh: '缺少字节' } },
  w: { glyph: 'w', look: 'fail', meaning: { en: 'wrong bytes', zh: '字节错误' } },
  c: { glyph: 'c', look: 'fail', meaning: { en: 'connection closed', zh: '连接被关闭' } },
  r: { glyph: 'r', look: 'fail', meaning: { en: 'connection reset', zh: '连接被重置' } },
  h: { glyph: 'h', look: 'fail', meaning: { en: 'no answer came (hang)', zh: '没有响应（挂起）' } },
  d: { glyph: 'd', look: 'fail', meaning: { en: 'the server died of it', zh: '服务器因此崩溃' } },
  n: { glyph: 'n', look: 'fail', meaning: { en: 'what must be refused was taken', zh: '本应拒绝的内容被接受' } },
};

const UNTRIED: CellLook = { glyph: '·', look: 'untried', meaning: { en: 'not tried', zh: '未试' } };

export function lookOf(cell: string): CellLook {
  return CELL_LOOKS[cell] ?? UNTRIED;
}

/** Translations of the engine's bugs. */
export const BUGS_ZH: Readonly<Record<Bug, string>> = {
  'header-one-recv': '头部只用一次 recv 读取，而一次可能只读到一部分：应继续读，直到头部完整。',
  'payload-one-recv': '载荷只用一次 recv 读取，而一次可能只读到一部分：应继续读，直到载荷完整。',
  'each-part-one-recv': '头部和载荷各只用一次 recv 读取，而一次可能只读到一部分：应继续读，直到各自完整。',
  'recv-is-message': '把一次 recv 读到的内容当成一条消息：应积累字节，直到得到完整的消息。',
  'text-per-chunk': '文本按每次读到的数据解码，被切成两半的字符会丢失：应使用流式解码器，或只解码完整的消息。',
  'delimiter-per-chunk': '只在每次读到的数据里寻找分隔符，被切成两半的分隔符永远找不到：应从新字节之前开始找。',
  'first-message-only': '一次读取中只处理了第一条消息：应继续处理，直到不再有完整的消息。',
  'leftover-lost': '与上一条消息结尾一起到达的下一条消息的字节被丢掉：剩余字节应留给下一次读取。',
  'shared-between-connections': '一个连接留下的内容影响了别的连接：等待后续的字节应属于连接，而不是整个程序。',
  'silence-is-end': '把一段沉默当成消息的结尾：只有最后一个字节才结束一条消息；时间限制结束的是连接。',
  'no-limit': '长度没有与上限比较：应在头部读完的那个字节就比较，不要先分配内存，也不要继续等待。',
  'end-unnoticed': '流在一条消息的中间结束却没有被发现：流结束时还有剩余字节，就是错误。',
};

export const CONFIDENCE: Readonly<Record<Confidence, Text>> = {
  certain: { en: 'certain: the pattern fits this bug alone', zh: '确定：失败的规律只符合这一种错误' },
  likely: { en: 'likely: the pattern fits this bug best', zh: '很可能：失败的规律最符合这一种错误' },
  possible: { en: 'possible: too little was tried to tell', zh: '可能：试得太少，无法断定' },
};

export const OUTCOMES: Readonly<Record<Outcome, Text>> = {
  pass: {
    en: 'Pass: every answer was right, and each piece was read before the next one went out.',
    zh: '通过：所有响应都正确，且每个片段都在下一个发出之前被读走。',
  },
  fail: { en: 'Fail: some cuts change the answer.', zh: '失败：有些切点会改变响应。' },
  unconfirmed: {
    en: 'Not confirmed: no answer was wrong, but not every trial was done, or pieces may have been read in one go.',
    zh: '未证实：没有错误的响应，但并非所有试验都完成，或者几个片段可能被一次读走。',
  },
  flaky: {
    en: 'Flaky: a trial failed once and not again, or only beside other connections.',
    zh: '不稳定：有试验失败过一次，之后没有再出现；或只在同时有其他连接时失败。',
  },
  'control-failed': {
    en: 'Nothing learnt: the unsplit request already goes wrong.',
    zh: '没有结论：不拆分的请求就已经出错。',
  },
};

export const VERDICTS: Readonly<Record<'pass' | 'fail' | 'unconfirmed' | 'flaky', Text>> = {
  pass: { en: 'pass', zh: '通过' },
  fail: { en: 'fail', zh: '失败' },
  unconfirmed: { en: 'unconfirmed', zh: '未证实' },
  flaky: { en: 'flaky', zh: '不稳定' },
};

export const STATES: Readonly<Record<string, Text>> = {
  waiting: { en: 'waiting', zh: '等待中' },
  control: { en: 'sending the request unsplit, three times', zh: '先不拆分地发送三次' },
  trials: { en: 'trying the cuts', zh: '正在逐个切点试验' },
  shrink: { en: 'looking for the smallest cuts that fail', zh: '正在寻找会失败的最少切点' },
  stopped: { en: 'stopped; it can go on from here', zh: '已停止；可以从这里继续' },
  failed: { en: 'it could not go on', zh: '无法继续' },
  done: { en: 'done', zh: '完成' },
  lost: { en: 'the service does not keep this campaign any more', zh: '服务器上已找不到这次测试' },
};
