import { Picture } from '../../picture/picture.tsx';
import { t } from '../../shell/language.ts';
import type { PlaygroundSide } from '../../../src/pages/playground/result.ts';
import type { Difference } from '../../../src/pages/playground/verdict.ts';
import type { JSX } from 'preact';

/** What {@link Side} shows. */
export interface SideProps {
  readonly id: string;
  readonly side: PlaygroundSide;
}

/** One connection: the verdict, what was received, what the sockets did, and the picture of it. */
export function Side({ id, side }: SideProps): JSX.Element {
  const { framing, verdict, rows, flow } = side;
  const isWhole = verdict.fate === 'whole';
  return (
    <section class="playground-side" aria-labelledby={id} data-fate={verdict.fate}>
      <div>
        <h3 id={id}>
          {framing}
          {framing === 'raw' && (
            <span class="quiet">
              {' '}
              {t({ en: '(no framing: each read is taken for a message)', zh: '（不分帧：把每次读取当成一条消息）' })}
            </span>
          )}
        </h3>
        <p class={`playground-verdict ${isWhole ? 'good' : 'bad'}`}>
          <span aria-hidden="true">{isWhole ? '✓ ' : '✗ '}</span>
          {t(verdict.sentence)}
        </p>
        {verdict.firstDifference !== null && <FirstDifference difference={verdict.firstDifference} />}
      </div>
      <Received side={side} />
      <table class="playground-rows">
        <tbody>
          {rows.map(({ label, value }) => (
            <tr key={label.en}>
              <th scope="row">{t(label)}</th>
              <td>{t(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Picture flow={flow} />
    </section>
  );
}

function FirstDifference({ difference: { number, sent, received } }: { readonly difference: Difference }): JSX.Element {
  return (
    <dl class="playground-difference">
      <dt>{t({ en: `message ${number} as sent`, zh: `第 ${number} 条，发送的是` })}</dt>
      <dd>{sent === null ? t({ en: 'there is none', zh: '没有这一条' }) : <Message text={sent} />}</dd>
      <dt>{t({ en: `message ${number} as received`, zh: `第 ${number} 条，收到的是` })}</dt>
      <dd>{received === null ? t({ en: 'nothing', zh: '什么也没有' }) : <Message text={received} />}</dd>
    </dl>
  );
}

function Received({ side: { framing, received, verdict } }: { readonly side: PlaygroundSide }): JSX.Element {
  const more = verdict.receivedMessages - received.length;
  const label = t({ en: `Received with ${framing}`, zh: `用 ${framing} 收到的消息` });
  return (
    <div>
      {/* It scrolls, so the keyboard must reach it. */}
      <ol class="playground-received" aria-label={label} tabIndex={0}>
        {received.map((text, index) => (
          <li key={index}>
            <Message text={text} />
          </li>
        ))}
      </ol>
      {more > 0 && <p class="quiet">{t({ en: `and ${more} more`, zh: `还有 ${more} 条` })}</p>}
    </div>
  );
}

function Message({ text }: { readonly text: string }): JSX.Element {
  return text === '' ? <span class="quiet">{t({ en: '(empty)', zh: '（空）' })}</span> : <code>{text}</code>;
}
