import { effect } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { language, t } from '../../../shell/language.ts';
import { theme } from '../../../shell/theme.ts';
import { formatBytes } from './units.ts';
import type { Throughput } from './throughput.ts';
import type { JSX } from 'preact';

/** How much passed over the last minutes, as a chart, and how much passes now, in words. */
export function ThroughputPanel({ throughput: { samples } }: { readonly throughput: Throughput }): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  const [isDrawable, setDrawable] = useState(true);
  useEffect(() => {
    const over = new AbortController();
    if (element.current !== null) void drawOrTell(element.current, over.signal);
    return () => over.abort();
    // Colours and words are the chart's from its beginning.
  }, [samples, theme.value, language.value]);
  const drawOrTell = async (where: HTMLElement, over: AbortSignal): Promise<void> => {
    setDrawable(await draw(where, samples, over));
  };
  const { up = 0, down = 0 } = samples.value.at(-1) ?? {};
  const rates = { up: `${formatBytes(up)}/s`, down: `${formatBytes(down)}/s` };
  return (
    <section class="proxy-throughput">
      <h3>{t({ en: 'Throughput', zh: '吞吐量' })}</h3>
      <p class="quiet">
        {t({
          en: `Now: client → target ${rates.up}, target → client ${rates.down}.`,
          zh: `当前：客户端 → 目标 ${rates.up}，目标 → 客户端 ${rates.down}。`,
        })}
      </p>
      {!isDrawable && (
        <p class="bad">{t({ en: 'The chart could not be loaded: load the page again.', zh: '图表未能加载：请重新加载页面。' })}</p>
      )}
      <div
        ref={element}
        class="proxy-chart"
        role="img"
        aria-label={t({ en: 'Bytes a second in both directions over the last minutes', zh: '最近几分钟内两个方向每秒的字节数' })}
      />
    </section>
  );
}

/** The chart's code is loaded with the first chart. @returns false when that failed. */
async function draw(element: HTMLElement, samples: Throughput['samples'], over: AbortSignal): Promise<boolean> {
  const code = await fetchCode();
  if (code === undefined) return false;
  if (over.aborted) return true;
  const chart = code.createThroughputChart(element, {
    up: t({ en: 'client → target', zh: '客户端 → 目标' }),
    down: t({ en: 'target → client', zh: '目标 → 客户端' }),
    seconds: t({ en: 'seconds', zh: '秒' }),
  });
  const stopDrawing = effect(() => chart.draw(samples.value));
  over.addEventListener('abort', () => {
    stopDrawing();
    chart.remove();
  });
  return true;
}

async function fetchCode(): Promise<typeof import('./chart.ts') | undefined> {
  try {
    return await import('./chart.ts');
  } catch {
    // The service is gone, or serves a newer page by now: the rejection of an import depends on the browser.
    return undefined;
  }
}
