/** A sentence of the probe, and its Chinese translation: groups of the pattern are inserted by number. */
type Rule = readonly [pattern: RegExp, zh: string];

const PARTS: Readonly<Record<string, string>> = { length: '长度字段', header: '头部', payload: '载荷', end: '结尾' };

/** Where a cut is: in a burst, in the text around it, in several requests. */
const PLACES: readonly Rule[] = [
  [/^between request (\d+) and request (\d+) of those that are glued/, '粘在一起的第 $1 个与第 $2 个请求之间'],
  [/^between frame (\d+) and frame (\d+)/, '第 $1 帧与第 $2 帧之间'],
  [/^between the header and the payload of frame (\d+)/, '第 $1 帧的头部与载荷之间'],
  [/^between the payload and the (\d+)-byte end of frame (\d+)/, '第 $2 帧的载荷与 $1 字节的结尾之间'],
  ...Object.entries(PARTS).map(([en, zh]): Rule => [
    new RegExp(String.raw`^after byte (\d+) of the (\d+)-byte ${en} of frame (\d+)`),
    `第 $3 帧 $2 字节${zh}的第 $1 字节之后`,
  ]),
  [/^after byte (\d+) of the (\d+)-byte request/, '$2 字节请求的第 $1 字节之后'],
  [/^at byte (\d+)/, '第 $1 字节处'],
  [/^, in line (\d+)/, '，在第 $1 行'],
  [/^, inside the (\d+)-byte character (.+?)(?=, in |$)/, '，在 $1 字节的字符 $2 内部'],
  [/^, between CR and LF/, '，在 CR 与 LF 之间'],
  [/^, between CR LF and CR LF/, '，在两个 CR LF 之间'],
  [/^, in glued request (\d+)/, '，在粘在一起的第 $1 个请求中'],
  [/^(\d+) ms of silence behind each piece$/, '每段之后静默 $1 毫秒'],
  [/^between the pieces another connection sends its own first piece$/, '两段之间，另一个连接发出它自己的第一段'],
  [/^, in send (\d+)/, '，在第 $1 次发送中'],
];

/** How an answer stopped too early. */
const ENDS: Readonly<Record<string, string>> = {
  'nothing more came': '再没有数据到来',
  'the connection was reset': '连接被重置',
  'the connection was closed': '连接被关闭',
  'the answer ended': '响应就结束了',
};

/** What is wrong with an answer. */
const DETAILS: readonly Rule[] = [
  [/^answered with (.+)$/, '收到的响应是 $1'],
  [/^byte (\d+) of the answer is ([\da-f]{2}), the control has ([\da-f]{2})/, '响应的第 $1 字节是 $2，对照为 $3'],
  [/^more bytes than are kept after the whole answer of (\d+) bytes?/, '$1 字节的完整响应之后还有大量多余字节'],
  [/^(\d+) bytes? after the whole answer of (\d+) bytes?/, '$2 字节的完整响应之后多出 $1 字节'],
  ...Object.entries(ENDS).flatMap(([en, zh]): readonly Rule[] => [
    [new RegExp(String.raw`^${en} after (\d+) of (\d+) bytes? of the answer`), `响应的 $2 字节只到 $1 字节，${zh}`],
    [new RegExp(`^the answer is right, but ${en} behind it, and not in the control`), `响应正确，但之后${zh}，对照中没有`],
  ]),
];

/** Where the cuts of a bug are. */
const GROUNDS: Readonly<Record<string, string>> = {
  'inside a character': '字符内部',
  'inside a delimiter': '分隔符内部',
  'inside a header': '头部内部',
  'inside a payload': '载荷内部',
  'inside a header or a payload, but not between them,': '头部或载荷内部（不含两者之间）',
  'inside a frame that is not the first': '第一帧之后各帧内部',
  'inside a message': '消息内部',
};

/** The evidence for a bug. */
const ARRIVALS: readonly Rule[] = [
  ...Object.entries(GROUNDS).map(([en, zh]): Rule => [
    new RegExp(String.raw`^(\d+) of (\d+) cuts ${en} fail, and (\d+) of (\d+) elsewhere`),
    `${zh}的 $2 个切点中 $1 个失败，其他 $4 个中 $3 个失败`,
  ]),
  [
    /^(\d+) of (\d+) trials with a silence after a cut fail, and 0 of (\d+) cuts without one/,
    '切点之后有停顿的 $2 次试验中 $1 次失败，没有停顿的 $3 个切点都通过',
  ],
  [
    /^the beginning of a request on another connection is enough to change the answer, and without another nothing goes wrong/,
    '另一个连接上的请求只发出开头，就会改变响应；没有别的连接时一切正常',
  ],
  [/^; ([\w-]+(?: and [\w-]+)*) would look the same/, '；$1 也会有同样的表现'],
];

/** What was not tried. */
const NOT_TRIED: readonly Rule[] = [
  [/^several cuts in one request$/, '一个请求中切多处'],
  [/^a second request in the same write$/, '同一次写入中的第二个请求'],
  [
    /^a second request in the same write: an answer is awaited between any two, and none is marked "glue": true$/,
    '同一次写入中的第二个请求（每两个请求之间都要等响应）',
  ],
  [/^more than (\d+) requests in one write$/, '一次写入中超过 $1 个请求'],
  [/^(\d+) requests in one write: at most (\d+) follow each other without a wait$/, '一次写入中的 $1 个请求（中间不等响应的最多 $2 个）'],
  [/^pauses between the pieces$/, '各段之间的停顿'],
  [/^pauses between the pieces of other lengths than (\S+)$/, '各段之间 $1 以外长度的停顿'],
  [/^two connections whose pieces alternate$/, '两个连接的各段交替发送'],
  [/^two connections whose pieces alternate: one connection at a time was asked for$/, '两个连接的各段交替发送（要求一次只开一个连接）'],
  [
    /^two connections whose pieces alternate: the target serves one connection at a time$/,
    '两个连接的各段交替发送（目标一次只服务一个连接）',
  ],
  [
    /^two connections with different bytes: all send the same, \{\{trial\}\} in a send makes them differ$/,
    '两个连接发送不同的字节（现在都相同，在发送内容里写 {{trial}} 就会不同）',
  ],
  [/^cuts in the plain text: the pieces are bytes of TLS$/, '明文中的切点（切分的是 TLS 的字节）'],
  [/^cuts at frames: no framing was given$/, '按帧切分（没有指定分帧方式）'],
  [/^cuts in the bytes of TLS itself: the pieces are plain text \(--cut wire\)$/, 'TLS 自身字节中的切点（切分的是明文）'],
  [/^single cuts$/, '单个切点'],
  [/^(\d+) of (\d+) single cuts$/, '$2 个单个切点中的 $1 个'],
  [/^(\d+) of (\d+) trials of (\S+)$/, '$3 的 $2 次试验中的 $1 次'],
  [/^(\d+) of (\d+) cuts of (\S+)$/, '$3 的 $2 个切点中的 $1 个'],
];

/** Why a campaign could not be done, or what its control is like. */
const CONTROLS: readonly Rule[] = [
  [/^no connection to (\S+): ([A-Z]\w+)$/, '连接不上 $1：$2'],
  [/^no connection to (\S+): not ready after (\d+) ms$/, '$2 毫秒内没有连上 $1'],
  [/^run (\d+) of the unsplit exchange: /, '第 $1 次对照（不切分）：'],
  [/^runs 1 and (\d+) of the unsplit exchange differ in answer (\d+): /, '第 1 次与第 $1 次对照（不切分）的第 $2 个响应不同：'],
  [/^no whole answer in time, (\d+) bytes came$/, '没有按时收到完整的响应，只收到 $1 字节'],
  [/^the connection was reset after (\d+) bytes of answer$/, '连接在收到 $1 字节响应后被重置'],
  [/^the connection ended after (\d+) of (\d+) answers$/, '连接在 $2 个响应中的第 $1 个之后结束'],
  [/^the connection was closed without an answer$/, '连接没有响应就被关闭'],
  [/^no answer came$/, '没有收到响应'],
];

const RULES: readonly Rule[] = [...PLACES, ...DETAILS, ...ARRIVALS, ...NOT_TRIED, ...CONTROLS];

/** A sentence of the probe in Chinese; `undefined` for one that is not completely known. */
export function inChinese(sentence: string): string | undefined {
  let said = '';
  let left = sentence;
  while (left !== '') {
    const rule = RULES.find(([pattern]) => pattern.test(left));
    if (rule === undefined) return undefined;
    const [whole = ''] = rule[0].exec(left) ?? [];
    said += whole.replace(rule[0], rule[1]);
    left = left.slice(whole.length);
  }
  return said;
}
