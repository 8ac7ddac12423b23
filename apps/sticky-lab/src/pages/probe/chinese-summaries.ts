/** The summaries of the plans that the page offers, by their names. */
export const PLANS_ZH: Readonly<Record<string, string>> = {
  thorough:
    '默认：every-cut、drip、bytes:2、bytes:3、glue:2、glue+cut、interleave、pause:500ms，指定分帧方式时再加 prefix 和 boundary:-1,0,1；数量太多时取样',
  'every-cut': '在每个位置各切一次',
  'every-pair': '切两次：短请求取任意两处，长请求取帧、头部和行的边界附近',
  bytes: '每个片段 N 字节',
  sizes: '按给定的大小循环切分，依次从每个大小开始',
  random: 'N 次试验，在随机位置切；由种子决定',
  boundary: '在帧的开头、结尾或头部结尾之前或之后若干字节处切一次',
  prefix: '在每个长度字段内部逐个位置切，然后全部一起切',
  utf8: '在每个多字节 UTF-8 字符内部切',
  crlf: '在每个 CR LF 内部切，然后全部一起切',
  glue: '把 N 个请求一次写出（粘包）：同一个写 N 次，或任意相连的 N 个',
  'glue+cut': '一个片段里有上一帧（或请求）的结尾和下一帧的开头',
  drip: '每个字节单独一个片段',
  interleave: '同时两个连接，各自的第一个请求在第一条消息内部切开：一个的其余部分在另一个等待时发出',
  pause: '切一次，并在切点之后静默这么久：不应把静默当成消息的结尾',
  'half-close': '最后一个请求之后立即关闭我方的写方向：这不是切分，有的服务器此时会放弃连接',
  at: '只做一次试验，正好在这些位置切',
};

/** The summaries of the masks, by their names. */
export const MASKS_ZH: Readonly<Record<string, string>> = {
  'http-date': 'HTTP 日期',
  uuid: 'UUID',
  'iso-time': 'RFC 3339 时间',
  epoch: '自 1970 年起的秒、毫秒或微秒数',
  etag: 'HTTP 头部 ETag',
  'request-id': '请求编号之类的 HTTP 头部',
  'set-cookie': 'HTTP 头部 Set-Cookie 的值',
  auto: '不拆分时本来就会变化的部分',
};
