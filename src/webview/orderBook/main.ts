import { button, element } from '../shared/dom';
import { connect } from '../shared/host';
import { onThemeChange } from '../shared/theme';
import { DepthChart } from './depthChart';
import { Ladder } from './ladder';
import type { FromPage, State, Texts, ToPage } from './messages';

/** How long it is to be read what was copied, ms. */
const saidMs = 5_000;

const app = document.getElementById('app');
const host = connect<FromPage>((message) => receive(message as ToPage));
let page: ReturnType<typeof build> | undefined;

function receive(message: ToPage): void {
  switch (message.type) {
    case 'texts':
      page = build(message.texts);
      break;
    case 'state':
      page?.show(message.state);
      break;
    case 'said':
      page?.say(message.text);
  }
}

function build(texts: Texts): { show(state: State): void; say(text: string): void } {
  const title = element('h1');
  const badge = element('span', { class: 'badge' });
  const profile = element('span', { class: 'faint' });
  const status = element('span', { id: 'status', role: 'status' });
  const pause = button(texts.pause, () => {
    host.post({ type: 'pause', isPaused: pause.getAttribute('aria-pressed') !== 'true' });
  });
  pause.id = 'pause';
  pause.setAttribute('aria-keyshortcuts', 'P');
  const retry = button(texts.retry, () => host.post({ type: 'retry' }));
  retry.id = 'retry';
  const last = element('span', { id: 'last' });
  const change = element('span', { id: 'change' });
  const spread = element('span', { id: 'spread' });
  const figures = element('dl', { class: 'figures' });
  const notices = element('div', { id: 'notices', role: 'status' });
  const source = element('span', { id: 'source', class: 'faint' });
  const steps = element('select', { id: 'step' });
  steps.addEventListener('change', () => host.post({ type: 'step', step: steps.value }));
  const canvas = element('canvas', { role: 'img' });
  const said = element('span', { id: 'said', role: 'status' });
  const copy = (what: 'price' | 'size', text: string): void => host.post({ type: 'copy', what, text });
  const columns = { price: texts.price, size: texts.size, total: texts.total };
  const bids = new Ladder('bids', { caption: texts.bids, none: texts.noBids, ...columns }, copy);
  const asks = new Ladder('asks', { caption: texts.asks, none: texts.noAsks, ...columns }, copy);
  app?.replaceChildren(
    element('header', {}, title, badge, profile, status, element('div', { class: 'actions' }, retry, pause)),
    notices,
    element('div', { class: 'prices' }, last, change, spread),
    figures,
    element('p', { class: 'faint depth' }, texts.depth),
    element('div', { class: 'chart' }, canvas),
    element('div', { class: 'bar' }, source, said, element('label', {}, texts.groupBy, steps)),
    element('p', { class: 'faint keys' }, texts.keys),
    element('div', { class: 'ladder' }, bids.table, asks.table),
  );
  const chart = new DepthChart(canvas);
  let silence: ReturnType<typeof setTimeout> | undefined;
  onThemeChange(() => chart.restyle());
  document.onkeydown = (event) => {
    const { key, ctrlKey, metaKey, altKey, target } = event;
    if (key.toLowerCase() !== 'p' || ctrlKey || metaKey || altKey || target instanceof HTMLSelectElement)
      return;
    if (!pause.disabled) pause.click();
    event.preventDefault();
  };

  return {
    show: (state) => {
      write(title, state.title);
      write(badge, state.environment);
      badge.title = state.environmentText;
      write(profile, state.profile);
      write(status, state.status);
      status.className = state.isLive ? 'live' : '';
      write(pause, state.isPaused ? texts.resume : texts.pause);
      pause.setAttribute('aria-pressed', String(state.isPaused));
      pause.disabled = !state.canPause;
      retry.hidden = !state.canRetry;
      write(last, state.last);
      write(change, state.change);
      change.className = state.direction;
      write(spread, state.spread);
      write(source, state.source);
      showFigures(figures, state);
      showNotices(notices, state.notices);
      showSteps(steps, state);
      canvas.setAttribute('aria-label', `${texts.depth}. ${state.summary}`);
      const most = Math.max(state.bids.at(-1)?.sum ?? 0, state.asks.at(-1)?.sum ?? 0);
      bids.show(state.bids, most);
      asks.show(state.asks, most);
      chart.show(state.depth);
    },
    say: (text) => {
      write(said, text);
      clearTimeout(silence);
      silence = setTimeout(() => write(said, ''), saidMs);
    },
  };
}

/** What says the same already is left alone: a screen reader would say it again. */
function write(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

function showFigures(list: HTMLElement, { figures }: State): void {
  while (list.children.length < figures.length) list.append(element('div', {}, element('dt'), element('dd')));
  for (const [index, { label, text }] of figures.entries()) {
    const [name, value] = list.children[index]?.children ?? [];
    if (name instanceof HTMLElement) write(name, label);
    if (value instanceof HTMLElement) write(value, text);
  }
}

function showNotices(box: HTMLElement, texts: readonly string[]): void {
  const now = [...box.children].map(({ textContent }) => textContent);
  if (now.length === texts.length && texts.every((text, index) => text === now[index])) return;
  box.replaceChildren(...texts.map((text) => element('p', { class: 'notice' }, text)));
}

function showSteps(select: HTMLSelectElement, { steps, step }: State): void {
  if (select.options.length !== steps.length) {
    select.replaceChildren(...steps.map(({ value, text }) => element('option', { value }, text)));
  }
  // The list may be open: then the person chooses.
  if (select.value !== step && document.activeElement !== select) select.value = step;
}

host.post({ type: 'ready' });
