import { bytesOf, textOf, isEndOfStream, rangeOf, offsets } from '@socklab/lab/picture';
import { useState } from 'preact/hooks';
import { t } from '../shell/language.ts';
import { kindName, messagesName } from './words.ts';
import type { FlowIndex } from '@socklab/lab/picture';
import type { FlowEvent } from '@socklab/lab/picture';
import type { JSX } from 'preact';

/** What a cell has room for. */
const TEXT_BYTES = 32;

/** What {@link FactsTable} shows: the same stretch of events as the picture. */
export interface FactsTableProps {
  readonly index: FlowIndex;
  readonly first: number;
  readonly count: number;
}

/** The facts of the picture in words. Written when it is opened. */
export function FactsTable(props: FactsTableProps): JSX.Element {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details class="facts" onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>{t({ en: 'The same as a table', zh: '以表格显示' })}</summary>
      {isOpen && <Table {...props} />}
    </details>
  );
}

function Table({ index, first, count }: FactsTableProps): JSX.Element {
  const shown = index.flow.events.slice(first, first + count);
  return (
    <div class="scroll facts-scroll" tabIndex={0} role="region" aria-label={t({ en: 'Table of the events', zh: '事件表' })}>
      <table>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">{t({ en: 'ms', zh: '毫秒' })}</th>
            <th scope="col">{t({ en: 'what', zh: '事件' })}</th>
            <th scope="col">{t({ en: 'bytes', zh: '字节' })}</th>
            <th scope="col">{t({ en: 'length', zh: '长度' })}</th>
            <th scope="col">{t({ en: 'messages', zh: '消息' })}</th>
            <th scope="col">{t({ en: 'text', zh: '文本' })}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((event, at) => (
            <EventRow key={first + at} event={event} number={first + at + 1} index={index} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface EventRowProps {
  readonly event: FlowEvent;
  readonly number: number;
  readonly index: FlowIndex;
}

function EventRow({ event, number, index }: EventRowProps): JSX.Element {
  const range = isEndOfStream(event, index.flow) ? undefined : rangeOf(event);
  const hasRange = range !== undefined && event.type !== 'fault';
  return (
    <tr>
      <td>{number}</td>
      <td>{(event.us / 1000).toFixed(3)}</td>
      <td>{kindName(event, index)}</td>
      <td>{range === undefined ? '' : offsets(range)}</td>
      <td>{hasRange ? range.end - range.start : ''}</td>
      <td>{hasRange ? messagesName(index, range) : ''}</td>
      <td>{textCell(event, index)}</td>
    </tr>
  );
}

function textCell(event: FlowEvent, { flow }: FlowIndex): string {
  if (event.type === 'fault') return t(event.reason);
  if (event.type === 'message') return event.text;
  if (event.type === 'end' || event.type === 'handshake') return '';
  const text = textOf(bytesOf(flow, event, TEXT_BYTES));
  return event.end - event.start > TEXT_BYTES ? `${text}…` : text;
}
