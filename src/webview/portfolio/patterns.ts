import type { Theme } from '../shared/theme';

/** Fills that differ by more than their colour: each part of a picture has a pattern of its own. */

const size = 12;

type Draw = (pen: CanvasRenderingContext2D) => void;

const line =
  (...points: readonly (readonly [number, number, number, number])[]): Draw =>
  (pen) => {
    pen.beginPath();
    for (const [x1, y1, x2, y2] of points) {
      pen.moveTo(x1, y1);
      pen.lineTo(x2, y2);
    }
    pen.stroke();
  };

const dots: Draw = (pen) => {
  for (const [x, y] of [
    [3, 3],
    [9, 9],
  ] as const) {
    pen.beginPath();
    pen.arc(x, y, 1.8, 0, 2 * Math.PI);
    pen.fill();
  }
};

const rising = line([-2, 8, 8, -2], [-2, 14, 14, -2], [4, 14, 14, 4]);
const falling = line([-2, 4, 8, 14], [-2, -2, 14, 14], [4, -2, 14, 8]);

const drawings: readonly Draw[] = [
  () => undefined,
  rising,
  dots,
  line([0, 3, 12, 3], [0, 9, 12, 9]),
  falling,
  line([3, 0, 3, 12], [9, 0, 9, 12]),
  (pen) => {
    rising(pen);
    falling(pen);
  },
  line([0, 6, 12, 6], [6, 0, 6, 12]),
];

/** The fill of the part at `index`. In high contrast the lines are bright and the ground is dark. */
export function fill(index: number, theme: Theme): CanvasPattern | string {
  const color = theme.series[index % theme.series.length] ?? theme.foreground;
  const tile = document.createElement('canvas');
  const ratio = window.devicePixelRatio || 1;
  tile.width = size * ratio;
  tile.height = size * ratio;
  const pen = tile.getContext('2d');
  if (!pen) return color;
  pen.scale(ratio, ratio);
  pen.fillStyle = color;
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = theme.background;
  pen.fillStyle = theme.background;
  pen.lineWidth = 1.5;
  drawings[index % drawings.length]?.(pen);
  const pattern = pen.createPattern(tile, 'repeat');
  pattern?.setTransform(new DOMMatrix().scale(1 / ratio));
  return pattern ?? color;
}
