import {
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  DoughnutController,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
  type ChartConfiguration,
  type LegendItem,
} from 'chart.js';
import { Flow, SankeyController } from 'chartjs-chart-sankey';
import type { Theme } from '../shared/theme';
import type { Bar, Picture } from './messages';
import { fill } from './patterns';

Chart.register(
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  DoughnutController,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
  SankeyController,
  Flow,
);

/** Height of a row of bars, and of what stands around them, px. */
const barHeight = 44;
const around = 48;
const usual = 280;
/** A row of a legend of two lines. */
const legendHeight = 38;
/** A legend gets half of the width: below this its rows need two lines, px. */
const narrow = 700;

/** How high a picture wants to be, px. */
export function heightOf(picture: Picture): number {
  switch (picture.kind) {
    case 'shares':
      return Math.max(usual, picture.bars.length * legendHeight + 16);
    case 'bars':
      return Math.max(120, picture.bars.length * barHeight + around);
    case 'stacked':
      return Math.max(160, picture.labels.length * barHeight + around + 40);
    case 'flows':
      return Math.min(560, 80 + picture.flows.length * 56);
    default:
      return usual;
  }
}

/** Draws a picture into a canvas. Its texts are the host's. */
export function draw(canvas: HTMLCanvasElement, picture: Picture, theme: Theme): Chart {
  return new Chart(canvas, configuration(picture, theme) as ChartConfiguration);
}

/** The rows of a legend as the library makes them, each in two lines where there is little room. */
function inLines(chart: Chart, bars: readonly Bar[]): unknown {
  const labels = Chart.overrides.doughnut.plugins.legend.labels as {
    readonly generateLabels: (of: Chart) => readonly LegendItem[];
  };
  const items = labels.generateLabels(chart);
  if (chart.width >= narrow) return items;
  return items.map((item, index) => ({ ...item, text: [bars[index]?.label ?? '', bars[index]?.text ?? ''] }));
}

/** Days where there are many, hours where there are few. */
function timeFormat(lengthMs: number): Intl.DateTimeFormat {
  const days = lengthMs / 86_400_000;
  const options: Intl.DateTimeFormatOptions =
    days > 6
      ? { dateStyle: 'short' }
      : { ...(days > 0.5 && { month: 'numeric', day: 'numeric' }), hour: 'numeric', minute: '2-digit' };
  return new Intl.DateTimeFormat(document.documentElement.lang, options);
}

function configuration(picture: Picture, theme: Theme): unknown {
  const text = { color: theme.foreground, font: { family: theme.font, size: 12 } };
  const common = {
    responsive: true,
    maintainAspectRatio: false,
    ...(!theme.isMoving && { animation: false }),
    color: theme.foreground,
    font: { family: theme.font },
  };
  const tooltip = (label: (index: number, part: number) => string): object => ({
    backgroundColor: theme.background,
    borderColor: theme.border,
    borderWidth: 1,
    titleColor: theme.foreground,
    bodyColor: theme.foreground,
    displayColors: false,
    callbacks: {
      label: ({ dataIndex, datasetIndex }: { dataIndex: number; datasetIndex: number }) =>
        label(dataIndex, datasetIndex),
    },
  });
  const grid = { color: `color-mix(in srgb, ${theme.foreground} 18%, transparent)` };
  const edge = { borderColor: theme.isHighContrast ? theme.foreground : theme.background, borderWidth: 1 };
  const valueAxis = { ticks: { ...text, maxTicksLimit: 6 }, grid, border: { color: theme.border } };
  const nameAxis = {
    ticks: { ...text, autoSkip: false },
    grid: { display: false },
    border: { color: theme.border },
  };

  switch (picture.kind) {
    case 'shares': {
      const { bars } = picture;
      return {
        type: 'doughnut',
        data: {
          labels: bars.map(({ label, text: figure }) => `${label}  ${figure}`),
          datasets: [
            {
              data: bars.map(({ value }) => value),
              backgroundColor: bars.map((_, i) => fill(i, theme)),
              ...edge,
            },
          ],
        },
        options: {
          ...common,
          cutout: '55%',
          plugins: {
            legend: {
              position: 'right',
              onClick: () => undefined,
              labels: {
                ...text,
                boxWidth: 24,
                boxHeight: 14,
                padding: 8,
                generateLabels: (chart: Chart) => inLines(chart, bars),
              },
            },
            tooltip: tooltip((index) => bars[index]?.text ?? ''),
          },
        },
      };
    }
    case 'bars': {
      const { bars } = picture;
      return {
        type: 'bar',
        data: {
          labels: bars.map(({ label, text: figure }) => [label, figure]),
          datasets: [
            {
              data: bars.map(({ value }) => value),
              backgroundColor: fill(0, theme),
              maxBarThickness: 24,
              ...edge,
            },
          ],
        },
        options: {
          ...common,
          indexAxis: 'y',
          scales: { x: valueAxis, y: nameAxis },
          plugins: { legend: { display: false }, tooltip: tooltip((index) => bars[index]?.text ?? '') },
        },
      };
    }
    case 'stacked': {
      const { labels, texts, parts } = picture;
      return {
        type: 'bar',
        data: {
          labels: labels.map((label, index) => [label, texts[index] ?? '']),
          datasets: parts.map((part, index) => ({
            label: part.label,
            data: part.values,
            backgroundColor: fill(index, theme),
            maxBarThickness: 24,
            ...edge,
          })),
        },
        options: {
          ...common,
          indexAxis: 'y',
          scales: { x: { ...valueAxis, stacked: true }, y: { ...nameAxis, stacked: true } },
          plugins: {
            legend: {
              position: 'bottom',
              onClick: () => undefined,
              labels: { ...text, boxWidth: 24, boxHeight: 14 },
            },
            tooltip: tooltip(
              (index, part) => `${parts[part]?.label ?? ''}: ${parts[part]?.texts[index] ?? ''}`,
            ),
          },
        },
      };
    }
    case 'line': {
      const { points, label } = picture;
      const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
      const format = timeFormat(last - first);
      return {
        type: 'line',
        data: {
          datasets: [
            {
              label,
              data: points.map(({ at, value }) => ({ x: at, y: value })),
              borderColor: theme.series[0],
              backgroundColor: theme.series[0],
              borderWidth: 2,
              pointRadius: points.length > 60 ? 0 : 3,
              pointHitRadius: 8,
            },
          ],
        },
        options: {
          ...common,
          scales: {
            x: {
              type: 'linear',
              min: first,
              max: last,
              ticks: { ...text, maxTicksLimit: 6, callback: (value: number) => format.format(value) },
              grid,
              border: { color: theme.border },
            },
            y: valueAxis,
          },
          plugins: {
            legend: { display: false },
            tooltip: {
              ...tooltip((index) => points[index]?.text ?? ''),
              callbacks: {
                title: ([item]: readonly { dataIndex: number }[]) =>
                  item ? (points[item.dataIndex]?.time ?? '') : '',
                label: ({ dataIndex }: { dataIndex: number }) => points[dataIndex]?.text ?? '',
              },
            },
          },
        },
      };
    }
    case 'flows': {
      const { flows } = picture;
      // An account gives and takes: it stands on both sides, so that no way leads back.
      const givers = [...new Set(flows.map(({ from }) => from))];
      const labels = Object.fromEntries([
        ...givers.map((name) => [`from ${name}`, name]),
        ...flows.map(({ to }) => [`to ${to}`, to]),
      ]) as Record<string, string>;
      const colorOf = (name: string): string =>
        theme.series[givers.indexOf(name) % theme.series.length] ?? theme.foreground;
      return {
        type: 'sankey',
        data: {
          datasets: [
            {
              data: flows.map(({ from, to, value }) => ({
                from: `from ${from}`,
                to: `to ${to}`,
                flow: value,
              })),
              labels,
              color: theme.foreground,
              colorMode: 'from',
              colorFrom: ({ dataIndex }: { dataIndex: number }) => colorOf(flows[dataIndex]?.from ?? ''),
              colorTo: ({ dataIndex }: { dataIndex: number }) => colorOf(flows[dataIndex]?.from ?? ''),
              alpha: 0.35,
              ...edge,
              font: text.font,
              nodePadding: 24,
            },
          ],
        },
        options: {
          ...common,
          plugins: { legend: { display: false }, tooltip: tooltip((index) => flows[index]?.text ?? '') },
        },
      };
    }
  }
}
