import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Logger } from '../../host/log';
import type { MarketFeeds } from '../../host/marketFeeds';
import type { Session, Sessions } from '../../host/sessions';
import {
  canonical,
  compare,
  decimal,
  divideDown,
  fractionDigits,
  multiply,
  subtract,
  type Decimal,
} from '../../kucoin/decimal';
import { tradingPair } from '../../kucoin/schemaParts';
import { systemTime, type Time } from '../../kucoin/time';
import type { TradingPair } from '../../market/pairs';
import { pictureOf, stepsOf, type BookPicture, type Rung as PictureRung } from '../../market/picture';
import { MarketWatch, type Ticker, type WatchReason, type WatchView } from '../../market/watch';
import { environmentOf, hasPermission, type Profile } from '../../profiles/profile';
import {
  fromPage,
  type Copied,
  type Figure,
  type FromPage,
  type Point,
  type Rung,
  type State,
  type Texts,
  type ToPage,
} from '../../webview/orderBook/messages';
import { panelTypes } from '../commandTable';
import { userMessage } from '../explainError';
import { exactAmount, timeOfDay } from '../format';
import { Panel } from './panel';

/** Rungs of each side of the ladder, and of the chart, whose steps are finer by this. */
const rungs = 50;
const chart = { rungs: 100, finer: decimal('0.1') };

/** What makes a tab anew after a reload of the window; outside data, as the editor keeps it. */
const increment = v.custom<Decimal>(
  (text) => typeof text === 'string' && text.length <= 60 && /^\d+(\.\d+)?$/.test(text) && /[1-9]/.test(text),
);
const currencyCode = v.pipe(v.string(), v.maxLength(32));
const keptSchema = v.object({
  profileId: v.string(),
  pair: v.object({
    symbol: tradingPair,
    name: v.pipe(v.string(), v.maxLength(64)),
    base: currencyCode,
    quote: currencyCode,
    priceIncrement: increment,
    baseIncrement: increment,
    isTrading: v.boolean(),
  }),
  step: increment,
});
type Kept = v.InferOutput<typeof keptSchema>;

/** What there is before anything was heard. */
const nothingYet: WatchView = {
  state: 'connecting',
  reason: undefined,
  source: undefined,
  bids: [],
  asks: [],
  ticker: {},
  heardAt: undefined,
  resyncs: 0,
};

export interface OrderBookPanelsOptions {
  readonly sessions: Sessions;
  readonly feeds: Pick<MarketFeeds, 'of'>;
  readonly profile: (id: string) => Profile | undefined;
  readonly extensionUri: vscode.Uri;
  readonly log: Logger;
  readonly time?: Time;
}

/** One panel for each pair of each profile. */
export class OrderBookPanels {
  private readonly open = new Map<string, OrderBookPanel>();

  constructor(private readonly options: OrderBookPanelsOptions) {}

  show(session: Session, pair: TradingPair): void {
    const known = this.open.get(keyOf(session.profile, pair));
    if (known) known.reveal();
    else this.add({ profile: session.profile, pair, session });
  }

  /** A tab that was open when the window was loaded again goes on, as the view of accounts does, when it is seen. */
  async restore(restored: vscode.WebviewPanel, state: unknown): Promise<void> {
    const kept = v.safeParse(keptSchema, state);
    const profile = kept.success ? this.options.profile(kept.output.profileId) : undefined;
    if (!kept.success || !profile || this.open.has(keyOf(profile, kept.output.pair))) {
      restored.dispose(); // its profile was removed, or a command was quicker
      return;
    }
    await this.add({ profile, ...kept.output, restored }).begin();
  }

  /** Copies what a person has chosen from the menu of a row. */
  async copy(what: Copied, text: string): Promise<void> {
    const panels = [...this.open.values()];
    const panel = panels.find(({ isActive }) => isActive) ?? panels[0];
    await panel?.copy(what, text);
  }

  private add(place: PanelPlace): OrderBookPanel {
    const key = keyOf(place.profile, place.pair);
    const panel = new OrderBookPanel(this.options, place, () => this.open.delete(key));
    this.open.set(key, panel);
    return panel;
  }

  dispose(): void {
    for (const panel of [...this.open.values()]) panel.dispose();
  }
}

function keyOf({ id }: Profile, { symbol }: TradingPair): string {
  return `${id} ${symbol}`;
}

/** What a panel is of. */
interface PanelPlace {
  readonly profile: Profile;
  readonly pair: TradingPair;
  /** Absent where it is still to be opened. */
  readonly session?: Session;
  readonly step?: Decimal;
  readonly restored?: vscode.WebviewPanel;
}

/** The market of one pair in a tab. While the tab is hidden, nothing runs. */
class OrderBookPanel {
  private readonly panel: Panel<ToPage, FromPage>;
  private readonly subscriptions: { dispose(): unknown }[];
  private readonly steps: readonly Decimal[];
  private readonly profile: Profile;
  private readonly pair: TradingPair;
  private client: Session['client'] | undefined;
  private watch: MarketWatch | undefined;
  private step: Decimal;
  /** What is shown instead of what is now. */
  private paused: { readonly view: WatchView; readonly at: number } | undefined;
  /** Its profile is no longer the active one, or has another key. */
  private isOver = false;
  /** Its session is being opened. */
  private isOpening = false;

  constructor(
    private readonly options: OrderBookPanelsOptions,
    { profile, pair, session, step, restored }: PanelPlace,
    onDispose: () => void,
  ) {
    const { extensionUri, log, sessions } = options;
    this.profile = profile;
    this.pair = pair;
    this.client = session?.client;
    this.steps = stepsOf(pair.priceIncrement);
    this.step = this.steps.find((known) => known === step) ?? pair.priceIncrement;
    this.watch = session && this.newWatch(session);
    this.isOver = !session;
    this.panel = new Panel<ToPage, FromPage>({
      viewType: panelTypes.orderBook,
      bundle: 'orderBook',
      title: vscode.l10n.t('{symbol} Order Book', { symbol: pair.symbol }),
      extensionUri,
      log,
      messages: fromPage,
      greeting: () => ({ type: 'texts', texts: texts(pair) }),
      state: () => ({ type: 'state', state: this.state() }),
      receive: (message) => this.receive(message),
      restored,
      kept: (): Kept => ({ profileId: profile.id, pair, step: this.step }),
      ...(options.time && { time: options.time }),
    });
    this.subscriptions = [
      this.panel.onDidChangeVisibility(() => this.follow()),
      this.panel.onDidDispose(() => {
        this.watch?.stop();
        for (const subscription of this.subscriptions) subscription.dispose();
        onDispose();
      }),
      sessions.onDidChange(() => this.followSession()),
    ];
    this.follow();
  }

  get isActive(): boolean {
    return this.panel.isActive;
  }

  reveal(): void {
    this.panel.reveal();
  }

  /** Goes on with the session of its profile, where that is the active one. Never rejects: the panel says what is wrong. */
  async begin(): Promise<void> {
    try {
      if (this.options.sessions.profile?.id === this.profile.id) await this.reopen();
    } catch (error) {
      this.options.log.warn(`the order book ${this.pair.symbol} could not go on`, error);
    }
    this.panel.changed();
  }

  async copy(what: Copied, text: string): Promise<void> {
    await vscode.env.clipboard.writeText(text);
    this.panel.post({
      type: 'said',
      text:
        what === 'price'
          ? vscode.l10n.t('Copied the price {value}', { value: text })
          : vscode.l10n.t('Copied the size {value}', { value: text }),
    });
  }

  dispose(): void {
    this.panel.dispose();
  }

  private newWatch({ client, site, profile }: Session): MarketWatch {
    const { feeds, log, time = systemTime } = this.options;
    return new MarketWatch({
      symbol: this.pair.symbol,
      client,
      feed: feeds.of({ client, site }),
      time,
      mayReadFullBook: hasPermission(profile, 'General') !== false,
      onChange: () => {
        if (!this.paused) this.panel.changed();
      },
      note: (text) => log.debug(`order book ${this.pair.symbol}: ${text}`),
    });
  }

  /** Runs while somebody can see it, and has not stopped the picture before it was hidden. */
  private follow(): void {
    if (!this.panel.isVisible) this.watch?.stop();
    else if (!this.isOver && !this.paused) this.watch?.start();
  }

  private followSession(): void {
    const { sessions } = this.options;
    if (!this.isOver && sessions.opened?.client === this.client) return;
    this.isOver = true;
    this.watch?.stop();
    this.paused = undefined;
    this.panel.changed();
  }

  private async receive(message: FromPage): Promise<void> {
    switch (message.type) {
      case 'pause':
        this.pause(message.isPaused);
        break;
      case 'retry':
        await this.retry();
        break;
      case 'step':
        this.step = this.steps.find((step) => step === message.step) ?? this.step;
        this.panel.changed();
        break;
      case 'copy':
        await this.copy(message.what, message.text);
    }
  }

  private pause(isPaused: boolean): void {
    if (isPaused === (this.paused !== undefined) || this.isOver) return;
    const { time = systemTime } = this.options;
    this.paused = isPaused ? { view: this.watch?.view ?? nothingYet, at: time.now() } : undefined;
    this.follow();
    this.panel.changed();
  }

  private async retry(): Promise<void> {
    if (this.isOver) await this.reopen();
    else this.watch?.stop();
    this.follow();
    this.panel.changed();
  }

  private async reopen(): Promise<void> {
    this.isOpening = true;
    this.panel.changed();
    try {
      const session = await this.options.sessions.open();
      if (session?.profile.id !== this.profile.id) return;
      this.client = session.client;
      this.isOver = false;
      this.watch = this.newWatch(session);
      this.follow();
    } finally {
      this.isOpening = false;
    }
  }

  private state(): State {
    const view = this.paused?.view ?? this.watch?.view ?? nothingYet;
    const picture = pictureOf(view.bids, view.asks, { step: this.grouping(this.step), rungs });
    const depth = pictureOf(view.bids, view.asks, {
      step: this.grouping(canonical(multiply(this.step, chart.finer))),
      rungs: chart.rungs,
    });
    const digits = { price: fractionDigits(this.step), size: fractionDigits(this.pair.baseIncrement) };
    const { symbol, base, quote } = this.pair;
    const toRung = rungOf(digits.price, digits.size);
    const isActive = this.options.sessions.profile?.id === this.profile.id;
    return {
      title: symbol,
      environment: environmentOf(this.profile),
      environmentText:
        environmentOf(this.profile) === 'DEMO'
          ? vscode.l10n.t('The market of the local sandbox: invented prices.')
          : vscode.l10n.t('The market of KuCoin.'),
      profile: this.profile.name,
      status: this.status(view),
      isLive: view.state === 'live' && !this.paused && !this.isOver,
      isPaused: this.paused !== undefined,
      canPause: !this.isOver && view.state !== 'failed',
      canRetry:
        (this.isOver && !this.isOpening && isActive) ||
        (!this.isOver && (view.state === 'failed' || hasNoFeed(view))),
      source: sourceText(view),
      notices: this.notices(view, picture, isActive),
      last:
        view.ticker.last === undefined
          ? '–'
          : padded(view.ticker.last, fractionDigits(this.pair.priceIncrement)),
      ...changeOf(view.ticker),
      figures: figuresOf(view.ticker, picture, base, quote),
      spread: spreadText(picture, quote),
      steps: this.steps.map((value) => ({ value, text: exactAmount(value) })),
      step: this.step,
      bids: picture.bids.map(toRung),
      asks: picture.asks.map(toRung),
      depth: {
        bids: depth.bids.map(pointOf(vscode.l10n.t('Bids down to {price}: {total}'), base, quote)),
        asks: depth.asks.map(pointOf(vscode.l10n.t('Asks up to {price}: {total}'), base, quote)),
      },
      summary: summaryOf(depth, base, quote),
    };
  }

  /** Every price of the exchange is a multiple of its increment already. */
  private grouping(step: Decimal): Decimal | undefined {
    return compare(step, this.pair.priceIncrement) > 0 ? step : undefined;
  }

  private status({ state }: WatchView): string {
    if (this.isOpening) return vscode.l10n.t('Connecting…');
    if (this.isOver) return vscode.l10n.t('Stopped');
    if (this.paused) return vscode.l10n.t('Paused at {time}', { time: timeOfDay(this.paused.at) });
    switch (state) {
      case 'live':
        return vscode.l10n.t('Live');
      case 'connecting':
        return vscode.l10n.t('Connecting…');
      case 'resyncing':
        return vscode.l10n.t('Catching up…');
      case 'snapshots':
        return vscode.l10n.t('Read every 5 seconds');
      case 'failed':
      case 'stopped':
        return vscode.l10n.t('Stopped');
    }
  }

  private notices({ state, reason, ticker }: WatchView, picture: BookPicture, isActive: boolean): string[] {
    const { symbol } = this.pair;
    if (this.isOpening) return [];
    if (this.isOver) {
      return [
        isActive
          ? vscode.l10n.t(
              'The connection of the profile {profile} was made anew: this order book has stopped.',
              {
                profile: this.profile.name,
              },
            )
          : vscode.l10n.t(
              'Another profile is active now: this order book of {profile} has stopped. Switch back to it to go on.',
              { profile: this.profile.name },
            ),
      ];
    }
    return [
      reason && reasonText(reason, symbol),
      ticker.isTrading === false || (ticker.isTrading === undefined && !this.pair.isTrading)
        ? vscode.l10n.t('{symbol} is not trading now: its order book may be empty or old.', { symbol })
        : undefined,
      picture.isCrossed
        ? vscode.l10n.t('The best bid is not below the best ask: the book is read anew if it stays so.')
        : undefined,
      state === 'live' && picture.bids.length + picture.asks.length === 0
        ? vscode.l10n.t('The order book is empty: nobody bids or asks.')
        : undefined,
    ].filter((text) => text !== undefined);
  }
}

function texts({ base, quote }: TradingPair): Texts {
  return {
    pause: vscode.l10n.t('Pause'),
    resume: vscode.l10n.t('Continue'),
    retry: vscode.l10n.t('Try Again'),
    groupBy: vscode.l10n.t('Prices in steps of'),
    bids: vscode.l10n.t('Bids'),
    asks: vscode.l10n.t('Asks'),
    price: vscode.l10n.t('Price ({currency})', { currency: quote }),
    size: vscode.l10n.t('Size ({currency})', { currency: base }),
    total: vscode.l10n.t('Total ({currency})', { currency: base }),
    noBids: vscode.l10n.t('No bids'),
    noAsks: vscode.l10n.t('No asks'),
    depth: vscode.l10n.t('Depth in {currency}: bids left, a solid line; asks right, a dashed line', {
      currency: base,
    }),
    keys: vscode.l10n.t(
      'In the tables: arrow keys choose a row, C copies its price, S its size; the menu of a row does so too. P pauses and continues.',
    ),
  };
}

function hasNoFeed({ reason }: WatchView): boolean {
  return reason?.kind === 'noFeed';
}

function reasonText(reason: WatchReason, symbol: string): string {
  const best = vscode.l10n.t('The best 50 levels of each side are shown.');
  switch (reason.kind) {
    case 'unknownSymbol':
      return vscode.l10n.t('The exchange has no trading pair {symbol}.', { symbol });
    case 'notAllowed':
      return `${vscode.l10n.t('The key of this profile lacks the permission General, which the whole order book needs.')} ${best}`;
    case 'noFullBook': {
      const why = reason.error ? userMessage(reason.error, 'General').text : '';
      return [vscode.l10n.t('The exchange did not give the whole order book.'), why, best]
        .filter(Boolean)
        .join(' ');
    }
    case 'noFeed': {
      const why = reason.error ? userMessage(reason.error).text : (reason.detail ?? '');
      const sentence = vscode.l10n.t('There is no live feed: the best levels are read every 5 seconds.');
      return why === '' ? sentence : `${sentence} ${why}`;
    }
    case 'error': {
      const { text, todo } = userMessage(reason.error);
      return `${text} ${todo}`;
    }
  }
}

function sourceText({ source, bids, asks, heardAt }: WatchView): string {
  if (source === undefined || heardAt === undefined) return vscode.l10n.t('No levels yet');
  const counts = {
    bids: exactAmount(String(bids.length) as Decimal),
    asks: exactAmount(String(asks.length) as Decimal),
  };
  switch (source) {
    case 'book':
      return vscode.l10n.t('Whole order book: {bids} bids, {asks} asks', counts);
    case 'best50':
      return vscode.l10n.t('Best 50 levels of each side, as pushed');
    case 'best100':
      return vscode.l10n.t('Best 100 levels of each side, read at {time}', { time: timeOfDay(heardAt) });
    case 'best20':
      return vscode.l10n.t('Best 20 levels of each side, read at {time}', { time: timeOfDay(heardAt) });
  }
}

function rungOf(priceDigits: number, sizeDigits: number): (rung: PictureRung) => Rung {
  return ({ price, size, total }) => ({
    price: padded(price, priceDigits),
    size: padded(size, sizeDigits),
    total: padded(total, sizeDigits),
    exact: [price, size],
    sum: Number(total),
  });
}

/** @param template translated once, filled in for each point */
function pointOf(template: string, base: string, quote: string): (rung: PictureRung) => Point {
  return ({ price, total }) => ({
    at: Number(price),
    sum: Number(total),
    text: template
      .replace('{price}', `${exactAmount(price)} ${quote}`)
      .replace('{total}', `${exactAmount(total)} ${base}`),
  });
}

/** Figures one below the other are read by their places: as many decimals in each row. */
function padded(value: Decimal, digits: number): string {
  const text = exactAmount(value);
  const missing = digits - fractionDigits(value);
  if (missing <= 0) return text;
  return `${text}${text.includes('.') ? '' : '.'}${'0'.repeat(missing)}`;
}

/** A fraction as percent with two decimals: cut, as all figures here. */
function changeOf({ changeRate }: Ticker): Pick<State, 'change' | 'direction'> {
  if (changeRate === undefined) return { change: '', direction: 'none' };
  const percent = divideDown(multiply(changeRate, '100' as Decimal), '1' as Decimal, 2);
  const [direction, sign] = percent.startsWith('-')
    ? (['down', '▼ −'] as const)
    : /[1-9]/.test(percent)
      ? (['up', '▲ +'] as const)
      : (['none', ''] as const);
  const text = `${sign}${padded(percent.replace('-', '') as Decimal, 2)} %`;
  return { change: vscode.l10n.t('{percent} in 24 hours', { percent: text }), direction };
}

function figuresOf(ticker: Ticker, { bids, asks }: BookPicture, base: string, quote: string): Figure[] {
  const { high, low, volume } = ticker;
  const bestBid = ticker.bestBid ?? bids[0]?.price;
  const bestAsk = ticker.bestAsk ?? asks[0]?.price;
  const figure = (label: string, value: Decimal | undefined, unit: string): Figure => ({
    label,
    text: value === undefined ? '–' : `${exactAmount(value)} ${unit}`,
  });
  return [
    figure(vscode.l10n.t('Best bid'), bestBid, quote),
    figure(vscode.l10n.t('Best ask'), bestAsk, quote),
    figure(vscode.l10n.t('High (24 h)'), high, quote),
    figure(vscode.l10n.t('Low (24 h)'), low, quote),
    figure(vscode.l10n.t('Volume (24 h)'), volume, base),
  ];
}

function spreadText({ spread, spreadPercent }: BookPicture, quote: string): string {
  if (spread === undefined) return vscode.l10n.t('No spread');
  const amount = `${exactAmount(spread)} ${quote}`;
  return spreadPercent === undefined
    ? vscode.l10n.t('Spread {amount}', { amount })
    : vscode.l10n.t('Spread {amount} ({percent} %)', { amount, percent: spreadPercent });
}

function summaryOf({ bids, asks }: BookPicture, base: string, quote: string): string {
  const [lastBid, lastAsk] = [bids.at(-1), asks.at(-1)];
  if (!lastBid || !lastAsk) return vscode.l10n.t('There is nothing to draw.');
  const more = compare(lastBid.total, lastAsk.total);
  const values = {
    bids: `${exactAmount(lastBid.total)} ${base}`,
    low: `${exactAmount(lastBid.price)} ${quote}`,
    asks: `${exactAmount(lastAsk.total)} ${base}`,
    high: `${exactAmount(lastAsk.price)} ${quote}`,
    difference: `${exactAmount(
      more < 0 ? subtract(lastAsk.total, lastBid.total) : subtract(lastBid.total, lastAsk.total),
    )} ${base}`,
  };
  if (more === 0) return vscode.l10n.t('{bids} bid down to {low}; as much asked up to {high}.', values);
  return more > 0
    ? vscode.l10n.t('{bids} bid down to {low}, {asks} asked up to {high}: {difference} more is bid.', values)
    : vscode.l10n.t(
        '{bids} bid down to {low}, {asks} asked up to {high}: {difference} more is asked.',
        values,
      );
}
