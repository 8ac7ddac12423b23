import { useMemo, useState } from 'preact/hooks';
import { attempts } from '../../../src/pages/codec/attempts.ts';
import { t } from '../../shell/language.ts';
import { change } from './bench/bench-address.ts';
import { bench, bytes } from './bench/bench-state.ts';
import type { Attempt } from '../../../src/pages/codec/attempts.ts';
import type { JSX } from 'preact';

/** The results of all other framings for the same bytes, for readers who do not know the framing. */
export function Attempts(): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t({ en: 'Try every framing on these bytes', zh: '用每种分帧方式试一遍这些字节' })}</summary>
      {isOpen && <AttemptsTable />}
    </details>
  );
}

function AttemptsTable(): JSX.Element {
  const all = useMemo(() => attempts(bytes.value), [bytes.value]);
  const label = t({ en: 'Framings, best explanation first', zh: '分帧方式，解释得最好的排在最前' });
  return (
    <div class="scroll" role="region" tabIndex={0} aria-label={label}>
      <table>
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">{t({ en: 'Framing', zh: '分帧方式' })}</th>
            <th scope="col">{t({ en: 'Frames', zh: '帧数' })}</th>
            <th scope="col">{t({ en: 'Explained bytes', zh: '能解释的字节' })}</th>
            <th scope="col">{t({ en: 'And then', zh: '之后' })}</th>
          </tr>
        </thead>
        <tbody>
          {all.map((attempt) => (
            <Row key={attempt.framing} attempt={attempt} total={bytes.value.length} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ attempt, total }: { readonly attempt: Attempt; readonly total: number }): JSX.Element {
  const { framing, frames, emptyFrames, explainedBytes } = attempt;
  const empty = emptyFrames === 0 ? '' : t({ en: `, ${emptyFrames} empty`, zh: `，其中 ${emptyFrames} 个为空` });
  return (
    <tr>
      <th scope="row">
        <button type="button" aria-pressed={bench.value.framing === framing} onClick={() => change({ framing, limit: '' })}>
          {framing}
        </button>
      </th>
      <td>{`${frames}${empty}`}</td>
      <td>{t({ en: `${explainedBytes} of ${total}`, zh: `${explainedBytes} / ${total}` })}</td>
      <td>{endOf(attempt)}</td>
    </tr>
  );
}

function endOf({ fault, isExact, checkedBytes }: Attempt): string {
  const end = restOf({ fault, isExact });
  if (checkedBytes === 0) return end;
  return `${end} · ${t({ en: `${checkedBytes} checked ${checkedBytes === 1 ? 'byte is' : 'bytes are'} right`, zh: `${checkedBytes} 个校验字节正确` })}`;
}

function restOf({ fault, isExact }: Pick<Attempt, 'fault' | 'isExact'>): string {
  if (fault !== undefined) return `✗ ${fault}`;
  return isExact ? t({ en: '✓ nothing is left', zh: '✓ 没有剩余' }) : t({ en: 'waits for more', zh: '等待更多字节' });
}
