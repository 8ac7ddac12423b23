import { useEffect, useState } from 'preact/hooks';
import { PageLink } from '../../controls/page-link.tsx';
import { Picture } from '../../picture/picture.tsx';
import { t } from '../../shell/language.ts';
import { DOORS } from '../doors.ts';
import { RunModel } from '../playground/run-model.ts';
import type { PlaygroundSide } from '../../../src/pages/playground/result.ts';
import type { PlaygroundSettings } from '../../../src/pages/playground/settings.ts';
import type { Text } from '../../shell/language.ts';
import type { Door } from '../../shell/view.ts';
import type { JSX } from 'preact';

/** Two sends that wait in the kernel until they are read. */
const SETTINGS: PlaygroundSettings = {
  messages: ['hello', 'alex'],
  repeat: 1,
  framing: 'u32be',
  write: 'each',
  gapMs: 10,
  pieceBytes: 3,
  noDelay: false,
  readBytes: 1024,
  firstRead: 'queued',
  firstReadMs: 50,
  readGapMs: 0,
};

const ABOUT: Readonly<Record<Door['id'], Text>> = {
  learn: {
    en: 'Predict, run, see why, on real sockets. Then write it yourself, and be graded.',
    zh: '先预测，再运行，再看为什么：全部用真实套接字。然后自己写一个，自动评分。',
  },
  program: {
    en: 'Bring your server, or your client: talk to it, see what passes, cut it everywhere.',
    zh: '带上你的服务器或客户端：和它对话，看清经过的字节，再把它处处切开。',
  },
  bytes: { en: 'Paste bytes: which framing fits, what each field says.', zh: '粘贴字节：符合哪种分帧方式，每个字段说的是什么。' },
};

/** The landing view: two sends glued, and the same two framed. */
export function Home(): JSX.Element {
  return (
    <div class="home">
      <p class="home-lead">
        {t({
          en: 'It carries bytes. Two sends may arrive as one read, or one send in two. It works on your machine and fails in production.',
          zh: '它只传字节流。两次发送可能一次读到，一次发送也可能分两次读到：本机上没事，上线就出错。',
        })}
      </p>
      <Living />
      <div class="home-doors">
        {DOORS.map(({ id, title, views }) => (
          <section key={id} class="home-door">
            <h2>{t(title)}</h2>
            <p>{t(ABOUT[id])}</p>
            <p class="home-links">
              {views.map((view) => (
                <PageLink key={view.id} to={{ page: view.id }} isCurrent={false}>
                  {t(view.title)}
                </PageLink>
              ))}
            </p>
          </section>
        ))}
      </div>
      <p class="quiet">
        {t({
          en: '“Sticky packets” (粘包) is a popular name: TCP has no packets to stick, only a stream of bytes.',
          zh: '“粘包”只是俗称：TCP 没有包可粘，只有字节流。',
        })}
      </p>
    </div>
  );
}

/** The same two sends twice, over two real connections of this machine. */
function Living(): JSX.Element {
  const [model] = useState(() => new RunModel());
  useEffect(() => {
    void model.run(SETTINGS);
    return () => model.leave();
  }, [model]);
  const result = model.result.value;
  const state = model.state.value;
  return (
    <>
      <div class="home-sides" aria-busy={model.isBusy}>
        <Side side={result?.raw} title={{ en: 'Two sends: glued', zh: '两次发送：粘在一起' }} />
        <Side side={result?.framed} title={{ en: 'The same two, a length before each', zh: '同样的两次，每条前面加上长度' }} />
      </div>
      {state.phase === 'refused' && (
        <p class="bad" role="alert">
          {state.error.text}
        </p>
      )}
      <div class="home-actions">
        <PageLink to={{ experiment: 'two-sends-merge' }} isCurrent={false} isButton>
          {t({ en: 'Predict it yourself', zh: '自己来预测' })} →
        </PageLink>
        <button type="button" aria-disabled={model.isBusy} onClick={() => void model.run(SETTINGS)}>
          {t({ en: 'Send again', zh: '再发一次' })}
        </button>
        <span class="quiet">{t({ en: 'Real sockets of this machine, just now.', zh: '本机的真实套接字，刚刚发生。' })}</span>
      </div>
    </>
  );
}

function Side({ side, title }: { readonly side: PlaygroundSide | undefined; readonly title: Text }): JSX.Element {
  return (
    <section class="home-side" data-fate={side?.verdict.fate}>
      <h2>{t(title)}</h2>
      {side !== undefined && (
        <>
          <Picture flow={side.flow} isPlain />
          <p class={side.verdict.fate === 'whole' ? 'good' : 'bad'}>{t(side.verdict.sentence)}</p>
        </>
      )}
    </section>
  );
}
