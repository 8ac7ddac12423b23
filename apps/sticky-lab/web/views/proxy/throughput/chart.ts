import UPlot from 'uplot';
import { formatBytes } from './units.ts';
import 'uplot/dist/uPlot.min.css';
import type { Sample } from './throughput.ts';

/** A chart that is drawn on a canvas within an element. */
export interface ThroughputChart {
  readonly draw: (samples: readonly Sample[]) => void;
  readonly remove: () => void;
}

/** What the chart says, in the reader's language. */
export interface ChartTexts {
  readonly up: string;
  readonly down: string;
  readonly seconds: string;
}

const HEIGHT = 180;
const LEAST_WIDTH = 240;
/** Fewer points are not stretched over the whole chart. */
const LEAST_SECONDS = 60;

/** Makes the chart; it follows the width of the element. Its colours are those of the current theme. */
export function createThroughputChart(element: HTMLElement, { up, down, seconds }: ChartTexts): ThroughputChart {
  const widthOf = (): number => Math.max(LEAST_WIDTH, element.clientWidth);
  const text = colourOf(element, '--quiet');
  const grid = { stroke: colourOf(element, '--line'), width: 1 };
  const series = (label: string, name: string, dash: number[]): UPlot.Series => ({
    label,
    stroke: colourOf(element, name),
    width: 2,
    dash,
    value: (_, each) => (each === null ? '–' : `${formatBytes(each)}/s`),
  });
  const chart = new UPlot(
    {
      width: widthOf(),
      height: HEIGHT,
      scales: {
        x: { time: false, range: (_, from, to) => [Math.max(0, Math.min(from, to - LEAST_SECONDS)), Math.max(to, LEAST_SECONDS)] },
        y: { range: (_, __, max) => [0, Math.max(max, 1)] },
      },
      axes: [
        { stroke: text, grid, ticks: grid },
        { stroke: text, grid, ticks: grid, values: rateTicks, size: 90 },
      ],
      series: [{ label: seconds }, series(up, '--accent', []), series(down, '--good', [6, 4])],
    },
    [[], [], []],
    element,
  );
  const resized = new ResizeObserver(() => chart.setSize({ width: widthOf(), height: HEIGHT }));
  resized.observe(element);
  return {
    draw: (samples) => chart.setData([samples.map(({ s }) => s), samples.map((each) => each.up), samples.map((each) => each.down)]),
    remove: () => {
      resized.disconnect();
      chart.destroy();
    },
  };
}

function rateTicks(_: UPlot, splits: number[]): string[] {
  return splits.map((each) => `${formatBytes(each)}/s`);
}

/** A colour of the page for a canvas, which does not resolve theme variables itself. */
function colourOf(element: HTMLElement, name: string): string {
  const sample = document.createElement('span');
  sample.style.color = `var(${name})`;
  element.append(sample);
  const { color } = getComputedStyle(sample);
  sample.remove();
  return color;
}
