import * as vscode from 'vscode';
import type { Session } from '../host/sessions';
import type { Settings } from '../host/settings';
import type { Snapshot } from '../host/snapshots';
import { isZero } from '../kucoin/decimal';
import { systemTime } from '../kucoin/time';
import type { Account, Balance, Place, SubAccount } from '../portfolio/accounts';
import type { HfKind, HfStatus } from '../portfolio/hf';
import type { Portfolio } from '../portfolio/portfolio';
import { chooseRows, totalValue, valueOf, type RowChoice, type Value } from '../portfolio/valuation';
import type { Profile } from '../profiles/profile';
import { aboutValue, moneyValue, roundedValue } from './format';
import { accountTypeName } from './names';

export interface TreeState {
  readonly filter: string;
  /** Why the profile could not be opened at all, e.g. its sandbox cannot be started. */
  readonly openError?: unknown;
  /** Why the journal of transfers cannot be read. */
  readonly journalError?: unknown;
  /** Whether KuCoin was asked in vain what the key may do. */
  readonly keyCheckFailed?: boolean;
  /** How many transfers of the profile have an unknown outcome. */
  readonly unknownTransfers: number;
  /** What is known about HF trading of the own user. */
  readonly hf?: ((kind: HfKind) => HfStatus | undefined) | undefined;
  /** What all was worth when that was kept last. */
  readonly lastValue?: Snapshot | undefined;
}

/** What the rows of the tree read: the profile, its portfolio, and how the user wants to see it. */
export class Shown {
  constructor(
    readonly profile: Profile,
    readonly session: Session | undefined,
    readonly settings: Settings,
    readonly state: TreeState,
  ) {}

  get portfolio(): Portfolio | undefined {
    return this.session?.portfolio;
  }

  get filter(): string {
    return this.state.filter;
  }

  /** Balances of an account as they are shown. A sub-account whose name matches the filter is shown whole. */
  rowsOf(account: Account, subName?: string): ReturnType<typeof chooseRows> {
    const { sortBy, hideSmall, dustThreshold } = this.settings;
    const filter = subName !== undefined && this.matchesName(subName) ? '' : this.filter;
    const choice: RowChoice = { sortBy, hideSmall, dustBelow: dustThreshold, filter };
    return chooseRows(account.balances, this.portfolio?.usablePrices, choice);
  }

  matchesName(name: string): boolean {
    return name.toUpperCase().includes(this.filter.trim().toUpperCase());
  }

  matches(sub: SubAccount): boolean {
    if (this.matchesName(sub.name) || this.matchesName(sub.remarks)) return true;
    const text = this.filter.trim().toUpperCase();
    return sub.accounts.some(({ balances }) =>
      balances.some(({ currency }) => currency.toUpperCase().includes(text)),
    );
  }

  valueOfAccount(account: Account): Value | undefined {
    return totalValue(this.portfolio?.usablePrices, [account]);
  }

  money(value: Value, format = aboutValue): string {
    return this.moneyFacts(value, format).join(' · ');
  }

  /**
   * What it is worth, for a row: its end is cut first, so a `+` behind the figure stands for what has no price. The
   * sentence and the tooltip say how much that is, and what is owed.
   */
  worth({ amount, unpriced }: Value): string {
    const text = roundedValue(amount, this.settings.valuationCurrency);
    return unpriced.length === 0 ? text : text.replace(/(?<=\d)(?= )/, '+');
  }

  /** What it is worth, and what is owed of it. */
  moneyFacts(value: Value, format = aboutValue): string[] {
    const amount = format(value.amount, this.settings.valuationCurrency);
    const facts = [
      value.unpriced.length === 0
        ? amount
        : vscode.l10n.t('{amount} + {count} unpriced', { amount, count: value.unpriced.length }),
      isZero(value.owed)
        ? ''
        : vscode.l10n.t('{amount} owed', { amount: moneyValue(value.owed, this.settings.valuationCurrency) }),
    ];
    return facts.filter(Boolean);
  }

  /** Where prices are known but not this one; while they are being read nothing is claimed. */
  unpricedLabel(): string {
    return this.portfolio?.usablePrices ? vscode.l10n.t('no price') : '';
  }

  valueOf({ currency, total }: Balance, format = moneyValue): string | undefined {
    const value = valueOf(this.portfolio?.usablePrices, currency, total);
    return value === undefined ? undefined : format(value, this.settings.valuationCurrency);
  }

  age(readAt: number): string {
    const now = this.session?.client.clock.estimate() ?? systemTime.now();
    const seconds = Math.max(Math.round((now - readAt) / 1000), 0);
    if (seconds < 60) return vscode.l10n.t('{count} s ago', { count: seconds });
    const minutes = Math.round(seconds / 60);
    if (minutes < 120) return vscode.l10n.t('{count} min ago', { count: minutes });
    const hours = Math.round(minutes / 60);
    return hours < 48
      ? vscode.l10n.t('{count} h ago', { count: hours })
      : vscode.l10n.t('{count} days ago', { count: Math.round(hours / 24) });
  }
}

/** The name of an account on screen, with its pair. */
export function placeTitle({ type, tag }: Place): string {
  return tag === undefined ? accountTypeName(type) : `${accountTypeName(type)} ${tag}`;
}
