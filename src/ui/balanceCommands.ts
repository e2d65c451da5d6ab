import * as vscode from 'vscode';
import type { Sessions } from '../host/sessions';
import { isValuationCurrency, writeSetting, type Settings } from '../host/settings';
import { canonical } from '../kucoin/decimal';
import type { Account, Place } from '../portfolio/accounts';
import { isFiat } from '../portfolio/prices';
import { valueOf } from '../portfolio/valuation';
import { findAccount, findBalance } from './accountsTree';
import { placeTitle } from './accountsTreeShown';
import { figuresOf } from './accountsTreeTooltips';
import type { AccountsView } from './accountsView';
import type { CommandHandler, CommandId } from './commandTable';
import { exactAmount, moneyValue, shortAmount } from './format';
import { sayNoProfile } from './profileCommands';
import type { Prompt } from './wizard';

export interface BalanceCommandsOptions {
  readonly sessions: Sessions;
  readonly view: AccountsView;
  readonly settings: () => Settings;
  readonly prompt: Prompt;
}

type BalanceCommandId = Extract<CommandId, `kucoin.balances.${string}`>;

interface Chosen {
  readonly place: Place;
  readonly account: Account;
}

/** Offered first; any other code can be typed. */
const commonCoins = ['USDT', 'USDC', 'BTC', 'ETH', 'KCS'];
const commonFiat = ['USD', 'EUR', 'GBP', 'CNY', 'JPY', 'KRW', 'TRY', 'AUD', 'BRL', 'INR', 'CAD', 'CHF'];

/** The commands about what the tree shows. */
export function balanceCommands(options: BalanceCommandsOptions): Record<BalanceCommandId, CommandHandler> {
  const { sessions, view, settings, prompt } = options;

  /** The account of a row, or one that the user picks. */
  const chosen = (place: Place): Chosen | undefined => {
    const account = findAccount(sessions.opened, place);
    return account && { place, account };
  };
  const chooseAccount = async (argument: unknown, title: string): Promise<Chosen | undefined> => {
    const place = placeIn(argument);
    if (place) return chosen(place);
    const accounts = await loadedAccounts(options);
    const answer = await prompt.pick({
      title,
      canGoBack: false,
      placeholder: vscode.l10n.t('Which account?'),
      items: accounts.map((account) => ({
        label: placeTitle(account),
        description: vscode.l10n.t('{count} currencies', { count: account.balances.length }),
        value: account,
      })),
    });
    return answer.kind === 'value' ? chosen({ type: answer.value.type, tag: answer.value.tag }) : undefined;
  };

  const chooseCurrency = async (
    argument: unknown,
    account: Account,
    title: string,
  ): Promise<string | undefined> => {
    const given = textIn(argument, 'currency');
    if (given !== undefined) return given;
    const answer = await prompt.pick({
      title,
      canGoBack: false,
      placeholder: vscode.l10n.t('Which currency?'),
      items: account.balances.map(({ currency, total }) => ({
        label: currency,
        description: shortAmount(total),
        value: currency,
      })),
    });
    return answer.kind === 'value' ? answer.value : undefined;
  };

  const copy: CommandHandler = async (argument) => {
    const title = vscode.l10n.t('Copy Figure');
    if (!sessions.profile) {
      sayNoProfile();
      return;
    }
    const choice = await chooseAccount(argument, title);
    const currency = choice && (await chooseCurrency(argument, choice.account, title));
    const balance = currency && findBalance(sessions.opened, { ...choice.place, currency });
    if (!balance) return;
    const value = valueOf(sessions.opened?.portfolio.usablePrices, currency, balance.total);
    const answer = await prompt.pick({
      title,
      canGoBack: false,
      placeholder: vscode.l10n.t('Which figure of {currency}?', { currency }),
      items: [
        ...figuresOf(balance).map(([label, amount]) => ({
          label,
          description: exactAmount(amount),
          value: canonical(amount),
        })),
        ...(value === undefined
          ? []
          : [
              {
                label: vscode.l10n.t('Value'),
                description: moneyValue(value, settings().valuationCurrency),
                value: canonical(value),
              },
            ]),
      ],
    });
    if (answer.kind !== 'value') return;
    await vscode.env.clipboard.writeText(answer.value);
    vscode.window.setStatusBarMessage(vscode.l10n.t('Copied {text}', { text: answer.value }), 3_000);
  };

  return {
    'kucoin.balances.refresh': async () => {
      if (!sessions.profile) {
        sayNoProfile();
        return;
      }
      await vscode.window.withProgress({ location: { viewId: 'kucoin.accounts' } }, () => view.refresh());
    },
    'kucoin.balances.refreshAccount': async (argument) => {
      if (!sessions.profile) {
        sayNoProfile();
        return;
      }
      const choice = await chooseAccount(argument, vscode.l10n.t('Refresh Account'));
      const session = choice && (await sessions.open());
      if (!session) return;
      await vscode.window.withProgress({ location: { viewId: 'kucoin.accounts' } }, () =>
        session.portfolio.refreshAccount(choice.place.type, choice.place.subUserId),
      );
    },
    'kucoin.balances.copy': copy,
    'kucoin.balances.filter': () => askFilter(view),
    'kucoin.balances.clearFilter': () => view.setFilter(''),
    'kucoin.balances.sortByValue': () => writeSetting('sortBy', 'value'),
    'kucoin.balances.sortByName': () => writeSetting('sortBy', 'name'),
    'kucoin.balances.hideSmall': () => writeSetting('hideSmall', true),
    'kucoin.balances.showSmall': () => writeSetting('hideSmall', false),
    'kucoin.balances.setValuationCurrency': async () => {
      const current = settings().valuationCurrency;
      const codes = [...new Set([...commonFiat, ...commonCoins, current])];
      const answer = await prompt.pick<string>({
        title: vscode.l10n.t('Set Valuation Currency'),
        canGoBack: false,
        placeholder: vscode.l10n.t('Which currency shall values be shown in?'),
        items: [
          ...codes.map((code) => ({
            label: code,
            description: isFiat(code) ? '' : vscode.l10n.t('coin'),
            icon: code === current ? 'check' : undefined,
            value: code,
          })),
          { label: vscode.l10n.t('Other currency or coin…'), icon: 'edit', value: '' },
        ],
        isCurrent: (code) => code === current,
      });
      if (answer.kind !== 'value') return;
      if (answer.value !== '') {
        await writeSetting('valuationCurrency', answer.value);
        return;
      }
      const typed = await prompt.input({
        title: vscode.l10n.t('Set Valuation Currency'),
        canGoBack: false,
        prompt: () => vscode.l10n.t('Code of a fiat currency or of a coin that has a price, e.g. SEK or SOL'),
        value: '',
        password: false,
        validate: (text) =>
          isValuationCurrency(text.trim().toUpperCase())
            ? undefined
            : { message: vscode.l10n.t('A code has two to ten letters and digits.'), severity: 'error' },
      });
      if (typed.kind === 'value') await writeSetting('valuationCurrency', typed.value.trim().toUpperCase());
    },
  };
}

/** Filters while somebody types; Esc brings back what was there before. */
async function askFilter(view: AccountsView): Promise<void> {
  const before = view.filter;
  const box = vscode.window.createInputBox();
  box.title = vscode.l10n.t('Filter Balances');
  box.placeholder = vscode.l10n.t('part of a currency code, e.g. usd');
  box.value = before;
  // A look at the tree is no reason to lose the filter: only Esc takes it back.
  box.ignoreFocusOut = true;
  const accepted = await new Promise<boolean>((resolve) => {
    box.onDidChangeValue((text) => view.setFilter(text.trim()));
    box.onDidAccept(() => {
      resolve(true);
    });
    box.onDidHide(() => resolve(false));
    box.show();
  });
  box.dispose();
  if (!accepted) view.setFilter(before);
}

/** The accounts as they are known; read first where nobody has looked yet, or not lately enough. */
export async function loadedAccounts(
  options: { readonly sessions: Sessions; readonly view: AccountsView },
  maxAgeMs = Infinity,
): Promise<readonly Account[]> {
  const session = options.sessions.opened;
  const readAt = session?.portfolio.accounts.readAt;
  if (readAt === undefined || (session?.client.clock.estimate() ?? 0) - readAt > maxAgeMs)
    await options.view.refresh();
  const reading = options.sessions.opened?.portfolio.accounts;
  if (reading?.value) return reading.value;
  if (reading?.error) throw reading.error;
  return [];
}

/** The account that a row is of, or below. */
function placeIn(argument: unknown): Place | undefined {
  const type = textIn(argument, 'type');
  if (type === undefined) return undefined;
  return { type, tag: textIn(argument, 'tag'), subUserId: textIn(argument, 'subUserId') };
}

function textIn(argument: unknown, name: 'type' | 'tag' | 'subUserId' | 'currency'): string | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  const value: unknown = (argument as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}
