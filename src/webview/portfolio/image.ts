import type { Theme } from '../shared/theme';

const margin = 16;
const lineHeight = 18;

/** A picture as a PNG file in Base64, with its ground, and the texts without which it would say nothing. */
export function pngOf(
  canvas: HTMLCanvasElement,
  title: string,
  lines: readonly string[],
  theme: Theme,
): string | undefined {
  const ratio = canvas.width / Math.max(canvas.clientWidth, 1);
  const whole = document.createElement('canvas');
  const head = margin + 24 + lines.length * lineHeight + margin;
  whole.width = canvas.width + 2 * margin * ratio;
  whole.height = canvas.height + (head + margin) * ratio;
  const pen = whole.getContext('2d');
  if (!pen) return undefined;
  pen.scale(ratio, ratio);
  const width = whole.width / ratio;
  pen.fillStyle = theme.background;
  pen.fillRect(0, 0, width, whole.height / ratio);
  pen.fillStyle = theme.foreground;
  pen.textBaseline = 'top';
  pen.font = `600 16px ${theme.font}`;
  pen.fillText(title, margin, margin, width - 2 * margin);
  pen.font = `12px ${theme.font}`;
  lines.forEach((line, index) =>
    pen.fillText(line, margin, margin + 24 + index * lineHeight, width - 2 * margin),
  );
  pen.drawImage(canvas, margin, head, canvas.width / ratio, canvas.height / ratio);
  return whole.toDataURL('image/png').split(',')[1];
}
