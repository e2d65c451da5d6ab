import { element } from './dom';

/** A table of texts; the host has formatted them. */
export interface TableData {
  readonly caption: string;
  /** Columns of figures stand to the right. */
  readonly columns: readonly { readonly title: string; readonly isFigure?: boolean }[];
  /** The first text of a row is its header. */
  readonly rows: readonly (readonly string[])[];
}

/** A table that a screen reader can walk through: caption, column headers and row headers. */
export function table({ caption, columns, rows }: TableData): HTMLTableElement {
  const classOf = (index: number): string | undefined => (columns[index]?.isFigure ? 'figure' : undefined);
  return element(
    'table',
    {},
    element('caption', {}, caption),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...columns.map(({ title }, index) => element('th', { scope: 'col', class: classOf(index) }, title)),
      ),
    ),
    element(
      'tbody',
      {},
      ...rows.map((row) =>
        element(
          'tr',
          {},
          ...row.map((text, index) =>
            index === 0
              ? element('th', { scope: 'row', class: classOf(index) }, text)
              : element('td', { class: classOf(index) }, text),
          ),
        ),
      ),
    ),
  );
}
