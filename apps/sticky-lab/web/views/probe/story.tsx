import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, AskError } from '../../shell/ask.ts';
import { t } from '../../shell/language.ts';
import { campaign, opened } from './campaign.ts';
import { CopyCommand } from './copy-command.tsx';
import { Said } from './said.tsx';
import { lookOf, VERDICTS } from './words.ts';
import type { CaseReport, CutStory, Excerpt } from '../../../src/pages/probe/contract.ts';
import type { Opened, ShownCampaign } from './campaign.ts';
import type { ComponentChildren, JSX } from 'preact';

/** What happened in one trial: of a cell, or of a case of the report. */
export function Story({ of, shown }: { readonly of: Opened; readonly shown: ShownCampaign }): JSX.Element | null {
  if (of.kind === 'cut') return <StoryOfCut key={of.cut} cut={of.cut} shown={shown} />;
  const found = shown.report?.cases[of.index];
  if (found === undefined) return null;
  const { trial, kind, detail, where, dump, replay } = found;
  return (
    <Frame key={trial.id} title={`${trial.id}: ${t(VERDICTS[kind])}`}>
      <Facts detail={detail} where={where} dump={dump} replay={replay ?? null} found={found} />
    </Frame>
  );
}

function StoryOfCut({ cut, shown }: { readonly cut: number; readonly shown: ShownCampaign }): JSX.Element {
  const [story, setStory] = useState<CutStory>();
  const [error, setError] = useState<AskError>();
  const { job } = shown;
  // The report has more details, once it exists.
  const isReported = shown.report !== undefined;
  useEffect(() => {
    const leaving = new AbortController();
    ask('GET /api/probe/campaigns/:id/cuts/:cut', { path: { id: job, cut: String(cut) }, signal: leaving.signal }).then(
      (answer) => setStory(answer),
      (reason: unknown) => {
        if (reason instanceof AskError) setError(reason);
      },
    );
    return () => leaving.abort();
  }, [job, cut, isReported]);
  const meaning = story === undefined ? '…' : t(lookOf(story.cell).meaning);
  return (
    <Frame title={t({ en: `Cut after byte ${cut}: ${meaning}`, zh: `在第 ${cut} 字节之后切：${meaning}` })}>
      {error !== undefined && <p class="bad">{error.text}</p>}
      {story !== undefined && (
        <Facts detail={story.detail} where={story.where} dump={story.dump} replay={story.replay} found={story.case ?? undefined} />
      )}
    </Frame>
  );
}

/** Closes the story; the focus returns to where it was opened. */
function close(): void {
  const of = opened.peek();
  opened.value = undefined;
  const from = of?.kind === 'cut' ? `[data-cut="${of.cut}"]` : `[data-case="${of?.index}"]`;
  document.querySelector<HTMLElement>(from)?.focus();
}

/** Takes the focus when it opens. */
function Frame({ title, children }: { readonly title: string; readonly children: ComponentChildren }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section
      class="story"
      aria-labelledby="story-title"
      onKeyDown={({ key }) => {
        if (key === 'Escape') close();
      }}
    >
      <h3 id="story-title" ref={heading} tabIndex={-1}>
        {title}
      </h3>
      <button type="button" class="story-close" onClick={close}>
        {t({ en: 'Close', zh: '关闭' })}
      </button>
      {children}
    </section>
  );
}

interface FactsProps {
  readonly detail: string | null;
  readonly where: readonly string[];
  readonly dump: string;
  readonly replay: string | null;
  readonly found: CaseReport | undefined;
}

function Facts({ detail, where, dump, replay, found }: FactsProps): JSX.Element {
  const isFailure = detail !== null;
  return (
    <>
      {isFailure && (
        <p class="bad story-detail">
          <Said text={detail} />
        </p>
      )}
      <h4>{t({ en: 'Where it is cut', zh: '切在哪里' })}</h4>
      <ul>
        {where.map((sentence) => (
          <li key={sentence}>
            <Said text={sentence} />
          </li>
        ))}
      </ul>
      <pre class="bytes" tabIndex={0} aria-label={t({ en: 'The bytes around the cut', zh: '切点附近的字节' })}>
        {dump}
      </pre>
      {found?.verdict !== undefined && <Answers found={found} />}
      {isFailure && found === undefined && campaign.value?.report === undefined && (
        <p class="quiet">{t({ en: 'What was expected and received comes with the report.', zh: '预期与收到的内容随报告给出。' })}</p>
      )}
      {found?.shrunk !== undefined && (
        <p>
          {t({ en: 'The smallest that still fails: cut at ', zh: '仍会失败的最少切点：' })}
          <code>{found.shrunk.trial.shape}</code>
          {t({ en: ` (found with ${found.shrunk.runs} more trials)`, zh: `（又试了 ${found.shrunk.runs} 次找到）` })}
        </p>
      )}
      {replay !== null && <CopyCommand command={replay} />}
    </>
  );
}

function Answers({ found: { expected, received } }: { readonly found: CaseReport }): JSX.Element {
  return (
    <div class="answers">
      <Answer title={t({ en: 'Expected', zh: '预期' })} excerpt={expected} />
      <Answer title={t({ en: 'Received', zh: '收到' })} excerpt={received} />
    </div>
  );
}

function Answer({ title, excerpt }: { readonly title: string; readonly excerpt: Excerpt }): JSX.Element {
  const { totalBytes } = excerpt;
  return (
    <div>
      <h4>
        {title} <span class="quiet">{t({ en: `${totalBytes} bytes`, zh: `${totalBytes} 字节` })}</span>
      </h4>
      <pre class="bytes" tabIndex={0} aria-label={title}>
        {totalBytes === 0 ? t({ en: 'nothing', zh: '（空）' }) : hexRows(excerpt)}
      </pre>
    </div>
  );
}

const ROW_BYTES = 16;

/** The bytes of an excerpt, sixteen a line: offset, hex, and what of it is printable ASCII. */
function hexRows({ offset, hex }: Excerpt): string {
  const bytes = hex.match(/../g) ?? [];
  const rows: string[] = [];
  const width = Math.min(bytes.length, ROW_BYTES) * 3 - 1;
  for (let start = 0; start < bytes.length; start += ROW_BYTES) {
    const row = bytes.slice(start, start + ROW_BYTES);
    const text = row.map((pair) => printable(Number.parseInt(pair, 16))).join('');
    rows.push(`${(offset + start).toString(16).padStart(4, '0')}  ${row.join(' ').padEnd(width)}  |${text}|`);
  }
  return rows.join('\n');
}

function printable(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
}
