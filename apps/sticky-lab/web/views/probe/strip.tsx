import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { language, t } from '../../shell/language.ts';
import { ROW_CELLS } from './campaign.ts';
import { CELL_LOOKS, lookOf } from './words.ts';
import type { JSX } from 'preact';

/** What {@link Strip} shows. */
export interface StripProps {
  readonly rows: readonly string[];
  /** Cuts at which a frame begins. */
  readonly starts: ReadonlySet<number>;
  /** The cut whose story is open. */
  readonly openedCut: number | undefined;
  readonly onOpen: (cut: number) => void;
}

const FAILURES = Object.keys(CELL_LOOKS).filter((cell) => lookOf(cell).look === 'fail');
/** Rows that are added per animation frame at first: all at once would block the page for too long. */
const ROWS_AT_ONCE = 8;
/** Rows that Page Up and Page Down pass over. */
const PAGE_ROWS = 8;

/** One cell for each cut. Arrow keys go from cell to cell, Enter opens one; the Tab key sees a single control. */
export function Strip({ rows, starts, openedCut, onOpen }: StripProps): JSX.Element {
  const grid = useRef<HTMLDivElement>(null);
  const reached = useSignal(1);
  const drawn = useDrawnRows(rows.length);
  const count = rows.reduce((sum, row) => sum + row.length, 0);
  const goTo = (cut: number): void => {
    grid.current?.querySelector<HTMLElement>(`[data-cut="${Math.min(Math.max(1, cut), count)}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const cut = cutOf(event.target);
    if (cut === undefined || event.altKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') onOpen(cut);
    else {
      const next = destination(event, cut, count);
      if (next === undefined) return;
      goTo(next);
    }
    event.preventDefault();
  };
  return (
    <>
      <Tools rows={rows} reached={reached.value} onGoTo={goTo} />
      <div
        ref={grid}
        class="strip"
        role="grid"
        aria-label={t({ en: `Cuts 1 to ${count}`, zh: `切点 1 到 ${count}` })}
        onClick={({ target }) => {
          const cut = cutOf(target);
          if (cut !== undefined) onOpen(cut);
        }}
        onKeyDown={onKeyDown}
        onFocusIn={({ target }) => {
          reached.value = cutOf(target) ?? reached.peek();
        }}
      >
        {rows.slice(0, drawn).map((cells, index) => {
          const first = index * ROW_CELLS + 1;
          return (
            <Row
              key={first}
              first={first}
              cells={cells}
              reached={inRow(reached.value, first)}
              openedCut={inRow(openedCut, first)}
              starts={starts}
            />
          );
        })}
      </div>
      <Legend />
    </>
  );
}

/** How many rows are there by now. */
function useDrawnRows(count: number): number {
  const [drawn, setDrawn] = useState(ROWS_AT_ONCE);
  useEffect(() => {
    if (drawn >= count) return undefined;
    const frame = requestAnimationFrame(() => setDrawn(drawn + ROWS_AT_ONCE));
    return () => cancelAnimationFrame(frame);
  }, [drawn, count]);
  return drawn;
}

interface ToolsProps {
  readonly rows: readonly string[];
  readonly reached: number;
  readonly onGoTo: (cut: number) => void;
}

function Tools({ rows, reached, onGoTo }: ToolsProps): JSX.Element {
  const nextFailure = (): void => {
    const cells = rows.join('');
    // From the one after the current cell to the end, then from the start.
    const order = Array.from(cells, (_, step) => ((reached + step) % cells.length) + 1);
    const found = order.find((cut) => FAILURES.includes(cells[cut - 1] ?? '-'));
    if (found !== undefined) onGoTo(found);
  };
  const isAnyFailing = rows.some((row) => FAILURES.some((cell) => row.includes(cell)));
  return (
    <div class="strip-tools">
      <button type="button" disabled={!isAnyFailing} onClick={nextFailure}>
        {t({ en: 'Next failing cut', zh: '下一个失败的切点' })}
      </button>
      <span class="quiet">{t({ en: 'Arrow keys move, Enter opens the story of a cut.', zh: '方向键移动，回车键打开切点的详情。' })}</span>
    </div>
  );
}

interface RowProps {
  readonly first: number;
  readonly cells: string;
  /** The cell that Tab reaches, when it is in this row. */
  readonly reached: number | undefined;
  readonly openedCut: number | undefined;
  readonly starts: ReadonlySet<number>;
}

/** Redrawn only when something in it changed: there may be thousands of cells, and ten changes per second. */
function Row({ first, cells, reached, openedCut, starts }: RowProps): JSX.Element {
  const shown = language.value;
  return useMemo(
    () => (
      <div class="strip-row" role="row">
        <span class="strip-offset" role="rowheader">
          {first}
        </span>
        {cells.split('').map((cell, index) => {
          const cut = first + index;
          const { glyph, look, meaning } = lookOf(cell);
          const place = shown === 'zh' ? `在第 ${cut} 字节之后切：` : `cut after byte ${cut}: `;
          return (
            <span
              key={cut}
              role="gridcell"
              data-cut={cut}
              class={`cell ${look}${starts.has(cut) ? ' frame-start' : ''}`}
              tabIndex={cut === reached ? 0 : -1}
              aria-label={place + meaning[shown]}
              aria-selected={cut === openedCut}
            >
              {glyph}
            </span>
          );
        })}
      </div>
    ),
    [first, cells, reached, openedCut, starts, shown],
  );
}

function Legend(): JSX.Element {
  return (
    <ul class="legend" aria-label={t({ en: 'Legend', zh: '图例' })}>
      {Object.entries(CELL_LOOKS).map(([cell, { glyph, look, meaning }]) => (
        <li key={cell}>
          <span class={`cell ${look}`} aria-hidden="true">
            {glyph}
          </span>
          {t(meaning)}
        </li>
      ))}
      <li>{t({ en: 'a bar on its left: a frame begins there', zh: '左侧有竖线：此处是一帧的开头' })}</li>
    </ul>
  );
}

function inRow(cut: number | undefined, first: number): number | undefined {
  return cut !== undefined && cut >= first && cut < first + ROW_CELLS ? cut : undefined;
}

function cutOf(target: EventTarget | null): number | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-cut]') : null;
  return cell === null ? undefined : Number(cell.dataset['cut']);
}

/** The target of a key, as in a grid of the ARIA practices. */
function destination({ key, ctrlKey }: KeyboardEvent, cut: number, count: number): number | undefined {
  const rowStart = cut - ((cut - 1) % ROW_CELLS);
  const places: Readonly<Record<string, number>> = {
    ArrowLeft: cut - 1,
    ArrowRight: cut + 1,
    ArrowUp: cut > ROW_CELLS ? cut - ROW_CELLS : cut,
    ArrowDown: cut + ROW_CELLS <= count ? cut + ROW_CELLS : cut,
    PageUp: Math.max(cut - PAGE_ROWS * ROW_CELLS, ((cut - 1) % ROW_CELLS) + 1),
    PageDown: cut + PAGE_ROWS * ROW_CELLS,
    Home: ctrlKey ? 1 : rowStart,
    End: ctrlKey ? count : rowStart + ROW_CELLS - 1,
  };
  return places[key];
}
