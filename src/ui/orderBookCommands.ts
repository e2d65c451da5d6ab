import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Session, Sessions } from '../host/sessions';
import { systemTime } from '../kucoin/time';
import { TradingPairs, type TradingPair } from '../market/pairs';
import { decimalText, type Copied } from '../webview/orderBook/messages';
import type { CommandHandler, CommandId } from './commandTable';
import type { OrderBookPanels } from './panels/orderBookPanel';
import { sayNoProfile } from './profileCommands';
import type { PickItem, Prompt } from './wizard';

export interface OrderBookCommandsOptions {
  readonly sessions: Sessions;
  readonly panels: Pick<OrderBookPanels, 'show' | 'copy'>;
  readonly prompt: Prompt;
  /** Symbols that were opened before, latest first. */
  readonly recent: { get(): unknown; set(symbols: readonly string[]): Thenable<void> };
}

type OrderBookCommandId = Extract<CommandId, `kucoin.market.${string}`>;

const recentLimit = 8;

/** What the editor hands over of the row whose menu was opened. */
const rungOfMenu = v.object({ price: decimalText, size: decimalText });

/** The commands about the market of a pair. */
export function orderBookCommands(
  options: OrderBookCommandsOptions,
): Record<OrderBookCommandId, CommandHandler> {
  const lists = new WeakMap<Session['client'], TradingPairs>();
  const copyOf = (what: Copied) => async (row: unknown) => {
    if (v.is(rungOfMenu, row)) await options.panels.copy(what, row[what]);
  };
  return {
    'kucoin.market.copyPrice': copyOf('price'),
    'kucoin.market.copySize': copyOf('size'),
    'kucoin.market.orderBook': async () => {
      const { sessions, panels, prompt, recent } = options;
      const session = await sessions.open();
      if (!session) {
        sayNoProfile();
        return;
      }
      const pairs = lists.get(session.client) ?? new TradingPairs(session.client, systemTime);
      lists.set(session.client, pairs);
      const used = symbolsIn(recent.get());
      const answer = await prompt.pick({
        title: vscode.l10n.t('Open Order Book'),
        canGoBack: false,
        placeholder: vscode.l10n.t('Which trading pair?'),
        items: pairs.all().then((all) => itemsOf(all, used)),
      });
      if (answer.kind !== 'value') return;
      const { symbol } = answer.value;
      await recent.set([symbol, ...used.filter((other) => other !== symbol)].slice(0, recentLimit));
      // Another profile may have become the active one while the list was open.
      if (sessions.opened?.client === session.client) panels.show(session, answer.value);
    },
  };
}

/** Those that were used last come first. */
function itemsOf(all: readonly TradingPair[], used: readonly string[]): PickItem<TradingPair>[] {
  const bySymbol = new Map(all.map((pair) => [pair.symbol, pair]));
  const recent = used.flatMap((symbol) => bySymbol.get(symbol) ?? []);
  const others = all
    .filter(({ symbol }) => !used.includes(symbol))
    .sort((a, b) => (a.symbol < b.symbol ? -1 : Number(a.symbol > b.symbol)));
  return [
    ...recent.map((pair) => itemOf(pair, vscode.l10n.t('recently used'))),
    ...others.map((pair) => itemOf(pair, recent.length > 0 ? vscode.l10n.t('all pairs') : undefined)),
  ];
}

function itemOf(pair: TradingPair, group: string | undefined): PickItem<TradingPair> {
  const description = [
    pair.name === pair.symbol ? undefined : pair.name,
    pair.isTrading ? undefined : vscode.l10n.t('not trading'),
  ].filter((part) => part !== undefined);
  return {
    label: pair.symbol,
    description: description.length > 0 ? description.join(' · ') : undefined,
    value: pair,
    group,
  };
}

/** What was kept, by whatever version. */
function symbolsIn(kept: unknown): string[] {
  return Array.isArray(kept) ? kept.filter((symbol) => typeof symbol === 'string') : [];
}
