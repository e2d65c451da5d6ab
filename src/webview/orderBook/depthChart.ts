import {
  Chart,
  Filler,
  LineController,
  LineElement,
  LinearScale,
  PointElement,
  Tooltip,
  type ChartDataset,
} from 'chart.js';
import { readTheme } from '../shared/theme';
import type { Point as Place, State } from './messages';

Chart.register(LineController, LineElement, PointElement, LinearScale, Filler, Tooltip);

interface Point {
  readonly x: number;
  readonly y: number;
  /** What the tooltip says. */
  readonly text: string;
}

/** What is bid and asked up to each price: two stairs that go up from the middle. */
export class DepthChart {
  private readonly chart: Chart<'line', Point[]>;

  constructor(canvas: HTMLCanvasElement) {
    this.chart = new Chart<'line', Point[]>(canvas, {
      type: 'line',
      data: { datasets: [side('after'), side('before')] },
      options: {
        animation: false,
        normalized: true,
        parsing: false,
        responsive: true,
        maintainAspectRatio: false,
        interaction: { mode: 'nearest', axis: 'x', intersect: false },
        scales: {
          x: { type: 'linear', ticks: { maxTicksLimit: 7, maxRotation: 0 }, grid: { display: false } },
          y: { type: 'linear', beginAtZero: true, position: 'right', ticks: { maxTicksLimit: 5 } },
        },
        plugins: {
          tooltip: {
            animation: false,
            displayColors: false,
            callbacks: { title: () => '', label: ({ raw }) => (raw as Point).text },
          },
        },
      },
    });
    this.restyle();
  }

  show({ bids, asks }: State['depth']): void {
    const [bidSide, askSide] = this.chart.data.datasets;
    if (!bidSide || !askSide) return;
    // From low to high on both sides, each beginning at nothing.
    bidSide.data = [...bids.map(toPoint).reverse(), ...bids.slice(0, 1).map(toFoot)];
    askSide.data = [...asks.slice(0, 1).map(toFoot), ...asks.map(toPoint)];
    const scale = this.chart.options.scales?.['x'];
    if (scale) Object.assign(scale, rangeOf(bids, asks));
    this.chart.update('none');
  }

  /** The theme is another one now. */
  restyle(): void {
    const theme = readTheme();
    const { chart } = this;
    const style = getComputedStyle(document.body);
    const [bids, asks] = chart.data.datasets;
    const color = (name: string): string =>
      (!theme.isHighContrast && style.getPropertyValue(`--vscode-charts-${name}`).trim()) || theme.foreground;
    for (const [side, own] of [
      [bids, color('green')],
      [asks, color('red')],
    ] as const) {
      if (!side) continue;
      side.borderColor = own;
      side.backgroundColor = theme.isHighContrast
        ? 'transparent'
        : `color-mix(in srgb, ${own} 18%, transparent)`;
    }
    // Told apart without colour too.
    if (asks) asks.borderDash = [5, 3];
    for (const scale of Object.values(chart.options.scales ?? {})) {
      if (!scale) continue;
      scale.border = { color: theme.faint };
      scale.grid = { ...scale.grid, color: `color-mix(in srgb, ${theme.faint} 25%, transparent)` };
      scale.ticks = { ...scale.ticks, color: theme.faint, font: { family: theme.font } };
    }
    chart.options.plugins = {
      ...chart.options.plugins,
      tooltip: {
        ...chart.options.plugins?.tooltip,
        backgroundColor: theme.background,
        bodyColor: theme.foreground,
        borderColor: theme.border,
        borderWidth: 1,
        bodyFont: { family: theme.font },
      },
    };
    chart.update('none');
  }
}

function side(stepped: 'before' | 'after'): ChartDataset<'line', Point[]> {
  return {
    data: [],
    // The total of a price holds from there outward.
    stepped,
    fill: 'origin',
    borderWidth: 1.5,
    pointRadius: 0,
    pointHitRadius: 0,
    pointHoverRadius: 3,
  };
}

function toPoint({ at, sum, text }: Place): Point {
  return { x: at, y: sum, text };
}

function toFoot({ at, text }: Place): Point {
  return { x: at, y: 0, text };
}

/** As far to the left of the middle as to the right: as far as both sides reach. */
function rangeOf(
  bids: readonly Place[],
  asks: readonly Place[],
): { min: number | undefined; max: number | undefined } {
  const [bid, ask] = [bids[0]?.at, asks[0]?.at];
  const [low, high] = [bids.at(-1)?.at, asks.at(-1)?.at];
  if (bid === undefined || ask === undefined || low === undefined || high === undefined)
    return { min: low, max: high };
  const middle = (bid + ask) / 2;
  const reach = Math.min(middle - low, high - middle);
  return reach > 0 ? { min: middle - reach, max: middle + reach } : { min: low, max: high };
}
