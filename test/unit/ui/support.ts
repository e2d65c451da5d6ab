import type { MarkdownString, TreeItem } from '../support/fakeVscode';
import type { Session, Sessions } from '../../../src/host/sessions';
import type { Settings } from '../../../src/host/settings';
import { codingLanguageNames } from '../../../src/coding/languages';
import { decimal } from '../../../src/kucoin/decimal';
import { Currencies } from '../../../src/portfolio/currencies';
import { Portfolio } from '../../../src/portfolio/portfolio';
import { worldOf, type Profile } from '../../../src/profiles/profile';
import type { AccountsTree, TreeNode } from '../../../src/ui/accountsTree';
import { FakeExchange, type Answers } from '../portfolio/support';

export const settings: Settings = {
  valuationCurrency: 'USD',
  sortBy: 'value',
  hideSmall: false,
  dustThreshold: decimal('1'),
  refreshInterval: 60,
  statusBar: true,
  liveUpdates: 'whileVisible',
  typeAbove: undefined,
  keepSnapshots: false,
  executeTransfers: false,
  executeLiveTransfers: false,
  codingDiagnostics: true,
  codingHover: true,
  codingCodeLens: true,
  codingCompletion: true,
  codingSecrets: true,
  codingLanguages: codingLanguageNames,
};

/** A session whose exchange gives the answers that a test wants. */
export function sessionOf(
  profile: Profile,
  answers: Answers,
): { readonly session: Session; readonly exchange: FakeExchange } {
  const exchange = new FakeExchange({ '/api/v1/hf/accounts/opened': false, ...answers });
  const { client } = exchange;
  const portfolio = new Portfolio({
    client,
    world: worldOf(profile),
    valuationCurrency: () => settings.valuationCurrency,
  });
  const site = { hosts: { spot: 'https://fake', futures: undefined } };
  return { exchange, session: { profile, site, client, portfolio, currencies: new Currencies(client) } };
}

/** The sessions of a window, as far as views read them. */
export class FakeSessions {
  profile: Profile | undefined;
  opened: Session | undefined;
  /** Why `open` fails. */
  openError: Error | undefined;
  /** An `open` that still goes on. */
  opening: Promise<Session | undefined> | undefined;
  /** What `open` opens. */
  next: Session | undefined;
  private readonly listeners = new Set<() => void>();

  open(): Promise<Session | undefined> {
    if (this.opening) return this.opening;
    if (this.openError) return Promise.reject(this.openError);
    if (!this.opened) {
      this.opened = this.next;
      this.fire();
    }
    return Promise.resolve(this.opened);
  }

  switchTo(profile: Profile | undefined): void {
    this.opened?.client.retire();
    this.opened = undefined;
    this.profile = profile;
    this.fire();
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  fire(): void {
    for (const listener of this.listeners) listener();
  }

  get asSessions(): Sessions {
    return this as unknown as Sessions;
  }
}

/** The tooltip of a row, resolved as the editor does; a plain text as one without markup. */
export function tooltipOf(tree: AccountsTree, item: TreeItem, node: TreeNode): MarkdownString {
  const resolve = tree.resolveTreeItem.bind(tree) as unknown as (
    item: TreeItem,
    node: TreeNode,
  ) => { readonly tooltip: MarkdownString };
  return resolve(item, node).tooltip;
}
