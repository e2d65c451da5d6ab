import type { Chart } from 'chart.js';
import { button, byId, element } from '../shared/dom';
import { connect } from '../shared/host';
import { table } from '../shared/table';
import { onThemeChange, readTheme } from '../shared/theme';
import { draw, heightOf } from './charts';
import { pngOf } from './image';
import type { Card, ChartId, FromPage, Period, State, Texts, ToPage } from './messages';

/** What this page draws with: everything it knows, the host has told it. */
let texts: Texts | undefined;
let state: State | undefined;

const host = connect<FromPage>((message) => receive(message as ToPage));
const tables = new Set<string>(savedTables());
const views = new Map<ChartId, CardView>();

function savedTables(): string[] {
  const saved = host.saved() as { readonly tables?: unknown } | undefined;
  return Array.isArray(saved?.tables) ? saved.tables.filter((id) => typeof id === 'string') : [];
}

function receive(message: ToPage): void {
  if (message.type === 'texts') {
    ({ texts } = message);
    build(texts);
  } else {
    ({ state } = message);
    show(state);
  }
}

let head: {
  readonly title: HTMLElement;
  readonly badge: HTMLElement;
  readonly environment: HTMLElement;
  readonly total: HTMLElement;
  readonly status: HTMLElement;
  readonly problems: HTMLElement;
  readonly cards: HTMLElement;
};

function build({ refresh }: Texts): void {
  head = {
    title: element('h1'),
    badge: element('span', { class: 'badge' }),
    environment: element('span', { class: 'faint' }),
    total: element('p', { class: 'total' }),
    status: element('span', { class: 'faint', role: 'status' }),
    problems: element('div', { role: 'alert' }),
    cards: element('div', { class: 'cards' }),
  };
  views.clear();
  byId('app').replaceChildren(
    element(
      'header',
      {},
      element('div', { class: 'line' }, head.title, head.badge, head.environment),
      head.total,
      element(
        'div',
        { class: 'line' },
        button(refresh, () => host.post({ type: 'refresh' })),
        head.status,
      ),
      head.problems,
    ),
    head.cards,
  );
}

function show(now: State): void {
  setText(head.title, now.title);
  setText(head.badge, now.environment);
  setText(head.environment, now.environmentText);
  setText(head.total, now.total);
  setText(head.status, now.status);
  byId('app').setAttribute('aria-busy', String(now.isBusy));
  const problems = now.problems.join('\n');
  // Said again by a screen reader only when it is another text.
  if (head.problems.dataset['text'] !== problems) {
    head.problems.dataset['text'] = problems;
    head.problems.replaceChildren(...now.problems.map((text) => element('p', { class: 'notice' }, text)));
  }
  for (const card of now.cards) viewOf(card.id).show(card, now.period);
}

function viewOf(id: ChartId): CardView {
  const known = views.get(id);
  if (known) return known;
  if (!texts) throw new Error('the state came before the texts');
  const view = new CardView(id, texts);
  views.set(id, view);
  head.cards.append(view.section);
  return view;
}

/** One chart with its table. What has not changed is left alone: focus, scrolling and selection stay. */
class CardView {
  readonly section: HTMLElement;
  private readonly title: HTMLElement;
  private readonly notes = element('ul', { class: 'notes faint' });
  private readonly empty = element('div', { class: 'empty' });
  private readonly canvas = element('canvas');
  private readonly frame: HTMLElement;
  private readonly tableFrame: HTMLElement;
  private readonly toggle: HTMLButtonElement;
  private readonly image: HTMLButtonElement;
  private readonly period: HTMLSelectElement | undefined;
  private chart: Chart | undefined;
  private card: Card | undefined;
  private drawn = '';

  constructor(
    private readonly id: ChartId,
    private readonly words: Texts,
  ) {
    const titleId = `title-${id}`;
    this.title = element('h2', { id: titleId });
    this.frame = element('div', { class: 'frame', role: 'img' }, this.canvas);
    this.tableFrame = element('div', { class: 'table' });
    this.toggle = button(words.showTable, () => this.flip());
    this.toggle.setAttribute('aria-describedby', titleId);
    this.image = button(words.exportImage, () => this.exportImage());
    this.image.setAttribute('aria-describedby', titleId);
    const file = button(words.exportCsv, () => host.post({ type: 'exportCsv', chart: id }));
    file.setAttribute('aria-describedby', titleId);
    if (id === 'flows') this.period = periodChoice(words);
    this.section = element(
      'section',
      { 'aria-labelledby': titleId, id: `card-${id}` },
      element(
        'div',
        { class: 'line' },
        this.title,
        element('div', { class: 'line tools' }, this.period, this.toggle, this.image, file),
      ),
      this.empty,
      this.frame,
      this.tableFrame,
      this.notes,
    );
  }

  show(card: Card, period: Period): void {
    const before = this.card;
    this.card = card;
    setText(this.title, card.title);
    if (this.period) this.period.value = period;
    if (!same(before?.notes, card.notes)) {
      this.notes.replaceChildren(...card.notes.map((text) => element('li', {}, text)));
    }
    if (!same(before?.table, card.table)) {
      const { scrollTop } = this.tableFrame;
      this.tableFrame.replaceChildren(table(card.table));
      this.tableFrame.scrollTop = scrollTop;
    }
    if (before?.empty !== card.empty || !same(before?.remedy, card.remedy)) {
      const { remedy } = card;
      this.empty.replaceChildren(
        element('p', {}, card.empty ?? ''),
        ...(remedy ? [button(remedy.title, () => host.post({ type: remedy.action }))] : []),
      );
    }
    this.frame.setAttribute('aria-label', card.summary);
    this.arrange();
  }

  /** Draws again where something is different, or `anew`, as in another theme. */
  arrange(anew = false): void {
    const { card } = this;
    if (!card) return;
    const { picture } = card;
    const asTable = tables.has(this.id) || !picture;
    const hasRows = card.table.rows.length > 0;
    this.empty.hidden = card.empty === undefined;
    this.frame.hidden = asTable;
    // Behind a picture the table stays for screen readers, and takes no place.
    this.tableFrame.hidden = !hasRows;
    this.tableFrame.className = asTable ? 'table' : 'heard';
    if (asTable) this.tableFrame.tabIndex = 0;
    else this.tableFrame.removeAttribute('tabindex');
    if (asTable) this.tableFrame.setAttribute('role', 'region');
    else this.tableFrame.removeAttribute('role');
    if (asTable) this.tableFrame.setAttribute('aria-labelledby', `title-${this.id}`);
    this.toggle.hidden = !picture;
    setText(this.toggle, tables.has(this.id) ? this.words.showChart : this.words.showTable);
    this.image.hidden = asTable;
    const wanted = picture && !asTable ? JSON.stringify(picture) : '';
    if (wanted === this.drawn && !anew) return;
    this.drawn = wanted;
    this.chart?.destroy();
    this.chart = undefined;
    if (!picture || asTable) return;
    this.frame.style.height = `${heightOf(picture)}px`;
    this.chart = draw(this.canvas, picture, readTheme());
  }

  private flip(): void {
    if (!tables.delete(this.id)) tables.add(this.id);
    host.save({ tables: [...tables] });
    this.arrange();
  }

  private exportImage(): void {
    if (!this.card || !state) return;
    const lines = [
      `${state.title} · ${state.environment}. ${state.environmentText} ${state.status}`,
      ...this.card.notes,
    ];
    const png = pngOf(this.canvas, this.card.title, lines, readTheme());
    if (png !== undefined) host.post({ type: 'exportImage', chart: this.id, png });
  }
}

function periodChoice({ periods, periodLabel }: Texts): HTMLSelectElement {
  const choice = element(
    'select',
    { 'aria-label': periodLabel },
    ...Object.entries(periods).map(([value, text]) => element('option', { value }, text)),
  );
  choice.addEventListener('change', () =>
    host.post({ type: 'choosePeriod', period: choice.value as Period }),
  );
  return choice;
}

function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

onThemeChange(() => {
  for (const view of views.values()) view.arrange(true);
});
host.post({ type: 'ready' });
