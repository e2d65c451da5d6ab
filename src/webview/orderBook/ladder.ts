import { element } from '../shared/dom';
import type { Copied, Rung } from './messages';

export interface LadderTexts {
  readonly caption: string;
  readonly price: string;
  readonly size: string;
  readonly total: string;
  readonly none: string;
}

interface Row {
  readonly row: HTMLTableRowElement;
  /** Price, size, total. */
  readonly cells: readonly HTMLTableCellElement[];
}

/**
 * One side of the book as a table. The rows stay the same elements and only their texts change, so that ten pictures a
 * second neither move the focus nor make a screen reader begin anew.
 */
export class Ladder {
  readonly table: HTMLTableElement;
  private readonly body = element('tbody');
  private readonly empty = element('tr', {}, element('td', { colspan: 3, class: 'faint' }));
  private readonly rows: Row[] = [];
  private rungs: readonly Rung[] = [];
  /** The one row that the tab key reaches. */
  private current = 0;

  constructor(
    side: 'bids' | 'asks',
    texts: LadderTexts,
    private readonly copy: (what: Copied, text: string) => void,
  ) {
    const heading = (text: string): HTMLElement => element('th', { scope: 'col', class: 'figure' }, text);
    this.empty.cells[0]?.append(texts.none);
    this.body.append(this.empty);
    this.table = element(
      'table',
      { class: side },
      element('caption', {}, texts.caption),
      element(
        'thead',
        {},
        element('tr', {}, heading(texts.price), heading(texts.size), heading(texts.total)),
      ),
      this.body,
    );
    this.body.addEventListener('keydown', (event) => this.press(event));
    this.body.addEventListener('focusin', ({ target }) => this.enter(target));
    this.body.addEventListener('contextmenu', ({ target }) => this.describe(target));
  }

  /** @param most the largest total of both sides: the longest bar */
  show(rungs: readonly Rung[], most: number): void {
    this.rungs = rungs;
    this.empty.hidden = rungs.length > 0;
    while (this.rows.length < rungs.length) this.rows.push(this.addRow());
    if (this.current >= rungs.length) this.reach(Math.max(0, rungs.length - 1));
    for (const [index, { row, cells }] of this.rows.entries()) {
      const rung = rungs[index];
      row.hidden = !rung;
      if (!rung) continue;
      for (const [column, text] of [rung.price, rung.size, rung.total].entries()) {
        const cell = cells[column];
        if (cell && cell.textContent !== text) cell.textContent = text;
      }
      row.style.setProperty('--share', `${most > 0 ? Math.round((rung.sum / most) * 100) : 0}%`);
    }
  }

  private addRow(): Row {
    const cells = [
      element('th', { scope: 'row', class: 'figure' }),
      element('td', { class: 'figure' }),
      element('td', { class: 'figure' }),
    ];
    const row = element('tr', { tabindex: this.rows.length === this.current ? 0 : -1 }, ...cells);
    this.body.append(row);
    return { row, cells };
  }

  private press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.rungs.length - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: this.current + 1,
      ArrowUp: this.current - 1,
      Home: 0,
      End: last,
    };
    const next = steps[event.key];
    const rung = this.rungs[this.current];
    if (next !== undefined) {
      this.reach(Math.min(Math.max(next, 0), Math.max(last, 0)));
      this.rows[this.current]?.row.focus();
    } else if (rung && event.key.toLowerCase() === 'c') this.copy('price', rung.exact[0]);
    else if (rung && event.key.toLowerCase() === 's') this.copy('size', rung.exact[1]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private enter(target: EventTarget | null): void {
    const index = this.rows.findIndex(({ row }) => row === target);
    if (index >= 0) this.reach(index);
  }

  /**
   * The editor makes the menu of what it finds at the elements under the pointer: the row as it is in this moment. Of
   * text that is selected, its own entries can be of use.
   */
  private describe(target: EventTarget | null): void {
    const index = this.rows.findIndex(({ row }) => target instanceof Node && row.contains(target));
    const [row, rung] = [this.rows[index]?.row, this.rungs[index]];
    if (!row || !rung) return;
    row.dataset['vscodeContext'] = JSON.stringify({
      webviewSection: 'rung',
      price: rung.exact[0],
      size: rung.exact[1],
      preventDefaultContextMenuItems: getSelection()?.isCollapsed !== false,
    });
  }

  private reach(index: number): void {
    this.rows[this.current]?.row.setAttribute('tabindex', '-1');
    this.current = index;
    this.rows[index]?.row.setAttribute('tabindex', '0');
  }
}
