import { describe, expect, test } from 'vitest';
import { MASKS_ZH, PLANS_ZH } from '../../../src/pages/probe/chinese-summaries.ts';
import { inChinese } from '../../../src/pages/probe/in-chinese.ts';
import { probeApi } from './probe-page-setup.ts';
import type { CutStory, PracticeStarted, ProbeOffer } from '../../../src/pages/probe/contract.ts';
import type { ProbeApi } from './probe-page-setup.ts';

const SUMMARIES = 'apps/sticky-lab/src/pages/probe/chinese-summaries.ts';
const isLinux = process.platform === 'linux';

/** What has Han and no English word: names of bugs and answers, which are quoted, aside. */
function isChinese(sentence: string): boolean {
  const said = inChinese(sentence);
  return said !== undefined && /\p{Script=Han}/u.test(said) && !/(?<!\+)\b(?:cuts?|bytes?|frame|answer|request|after|between)\b/.test(said);
}

async function offered(api: ProbeApi, name: string): Promise<ProbeOffer['practice'][number]> {
  const { practice } = (await (await api.ask('/api/probe')).json()) as ProbeOffer;
  return practice.find((each) => each.name === name)!;
}

/** All that a campaign against one of the practice servers says in sentences. */
async function sentencesOf(api: ProbeApi, name: string): Promise<readonly string[]> {
  const { target } = (await (await api.post('/api/probe/practice', { name })).json()) as PracticeStarted;
  const { framing, request } = await offered(api, name);
  const id = await api.start({ target, framing, request, plans: 'every-cut', hangMs: 500 });
  await api.ended(id);
  const { cases, diagnosis, notTried = [] } = api.report(id);
  const { where } = (await (await api.ask(`/api/probe/campaigns/${id}/cuts/1`)).json()) as CutStory;
  const evidence = diagnosis === undefined ? [] : [diagnosis.evidence];
  return [...notTried, ...evidence, ...where, ...cases.flatMap((found) => [found.detail, ...found.where])];
}

// Those that fail at single cuts, one of each kind; a request of 1,500 bytes says nothing that the short ones do not.
const NAMES = ['header-one-recv', 'payload-one-recv', 'resets-on-short-read', 'recv-is-message', 'text-per-chunk', 'crlf-per-chunk'];

describe.runIf(isLinux)('what a campaign says', () => {
  test.each(NAMES)('of %s is said in Chinese too', async (name) => {
    await using api = probeApi();
    const sentences = await sentencesOf(api, name);
    expect(sentences.length).toBeGreaterThan(3);
    expect(sentences.filter((sentence) => !isChinese(sentence))).toEqual([]);
  });
});

test.each([
  ['after byte 3 of the 4-byte length of frame 0', '第 0 帧 4 字节长度字段的第 3 字节之后'],
  ['after byte 2 of the 9-byte request, in line 2, inside the 3-byte character 粘 (U+7C98), in send 1', undefined],
  ['between request 0 and request 1 of those that are glued', '粘在一起的第 0 个与第 1 个请求之间'],
  ['the connection was closed after 1 of 1 byte of the answer', '响应的 1 字节只到 1 字节，连接被关闭'],
  ['3 of 3 cuts inside a header fail, and 0 of 44 elsewhere; recv-is-message would look the same', undefined],
  [
    'a second request in the same write: an answer is awaited between any two, and none is marked "glue": true',
    '同一次写入中的第二个请求（每两个请求之间都要等响应）',
  ],
  ['no connection to 127.0.0.1:9000: ECONNREFUSED', '连接不上 127.0.0.1:9000：ECONNREFUSED'],
  ['run 1 of the unsplit exchange: no whole answer in time, 0 bytes came', '第 1 次对照（不切分）：没有按时收到完整的响应，只收到 0 字节'],
  ['run 2 of the unsplit exchange: the connection was closed without an answer', undefined],
  [
    'runs 1 and 2 of the unsplit exchange differ in answer 0: byte 3 of the answer is 41, the control has 42',
    '第 1 次与第 2 次对照（不切分）的第 0 个响应不同：响应的第 3 字节是 41，对照为 42',
  ],
  ['9 of 44 trials of glue+cut', 'glue+cut 的 44 次试验中的 9 次'],
])('%s', (sentence, zh) => {
  expect(isChinese(sentence)).toBe(true);
  if (zh !== undefined) expect(inChinese(sentence)).toBe(zh);
});

test('a sentence that is not known to its end is left as it is', () => {
  expect(inChinese('after byte 3 of the 4-byte length of frame 0, and so on')).toBeUndefined();
  expect(inChinese('something else')).toBeUndefined();
});

test('every plan and every mask that the page offers has a summary in Chinese, and nothing else has', async () => {
  await using api = probeApi();
  const { plans, masks } = (await (await api.ask('/api/probe')).json()) as ProbeOffer;
  for (const [list, known, summaries] of [
    ['PLANS_ZH', plans, PLANS_ZH],
    ['MASKS_ZH', masks, MASKS_ZH],
  ] as const) {
    const names = known.map(({ name }) => name).toSorted();
    expect(Object.keys(summaries).toSorted(), `write what the page offers into ${list} of ${SUMMARIES}`).toEqual(names);
  }
});
