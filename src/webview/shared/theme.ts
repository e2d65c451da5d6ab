/** Colours and wishes of the user's theme, read anew whenever it changes. */
export interface Theme {
  readonly foreground: string;
  readonly faint: string;
  readonly background: string;
  readonly border: string;
  readonly font: string;
  /** Colours of the editor's own charts, in an order in which neighbours differ. */
  readonly series: readonly string[];
  readonly isHighContrast: boolean;
  /** Whether things may move. */
  readonly isMoving: boolean;
}

/** Without orange, which dark themes have too dark to be seen. */
const seriesNames = ['blue', 'yellow', 'green', 'purple', 'red', 'foreground'];
const lessMotion = window.matchMedia('(prefers-reduced-motion: reduce)');

export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const color = (name: string, otherwise: string): string =>
    style.getPropertyValue(`--vscode-${name}`).trim() || otherwise;
  const foreground = color('foreground', style.color);
  const { classList } = document.body;
  return {
    foreground,
    faint: color('descriptionForeground', foreground),
    background: color('editor-background', style.backgroundColor),
    border: color('contrastBorder', color('charts-lines', foreground)),
    font: style.fontFamily,
    series: seriesNames.map((name) => color(`charts-${name}`, foreground)),
    isHighContrast:
      classList.contains('vscode-high-contrast') || classList.contains('vscode-high-contrast-light'),
    isMoving: !lessMotion.matches && !classList.contains('vscode-reduce-motion'),
  };
}

/** Calls back when the theme or the wish for less motion changes. */
export function onThemeChange(listener: () => void): void {
  new MutationObserver(listener).observe(document.body, { attributes: true, attributeFilter: ['class'] });
  new MutationObserver(listener).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['style'],
  });
  lessMotion.addEventListener('change', listener);
}
