import * as vscode from 'vscode';
import type { Session, Sessions } from '../host/sessions';
import { isAccountTypeId, type AccountTypeId } from '../kucoin/accountTypes';
import { isNegative } from '../kucoin/decimal';
import {
  change,
  fits,
  movements,
  runningDifferences,
  type Movement,
  type MovementFilter,
  type MovementKind,
  type MovementQuery,
  type MovementStep,
} from '../portfolio/movements';
import { environmentOf, type Profile } from '../profiles/profile';
import { padEnd, padStart, widest } from './columns';
import { ledgerScheme } from './commandTable';
import { userMessage } from './explainError';
import { exactAmount, joined, oneLine, shortDay } from './format';
import { accountTypeName } from './names';

/** What a ledger document shows; it stands in its address, so that a document that is opened again shows the same. */
export interface LedgerAddress extends MovementFilter {
  readonly profileId: string;
  readonly account: AccountTypeId;
  readonly currency?: string | undefined;
  /** Milliseconds since the epoch: the day, or the days, that are shown; the newest and back where left out. */
  readonly startAt?: number | undefined;
  readonly endAt?: number | undefined;
}

/** New rows that *Load More* brings at least, where there are any. */
const pageRows = 50;
/** How far back one reading goes for less than a page: each day is a call. Further where there was nothing at all. */
const patienceMs = { some: 7 * 86_400_000, nothing: 31 * 86_400_000 };
const yearMs = 365 * 86_400_000;
const clockToleranceMs = 60_000;

interface Ledger {
  readonly rows: Movement[];
  readonly steps: AsyncGenerator<MovementStep, void, undefined>;
  readBackTo: number;
  state: 'reading' | 'more' | 'done' | 'failed';
  error?: unknown;
  /** Whose client reads: another key is another ledger. */
  readonly client: Session['client'];
}

/**
 * The movements of an account as a read-only table that grows on demand. The editor brings what a table needs: search,
 * selection, copying, a screen reader's way through it.
 */
export class LedgerDocuments {
  private readonly ledgers = new Map<string, Ledger>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: { dispose(): void }[];

  /** @param fire tells the editor that a document says something else now */
  constructor(
    private readonly sessions: Sessions,
    private readonly fire: (uri: vscode.Uri) => void,
  ) {
    this.subscriptions = [
      this.changed,
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (document.uri.scheme === ledgerScheme) this.ledgers.delete(document.uri.toString());
      }),
      vscode.languages.registerCodeLensProvider(
        { scheme: ledgerScheme },
        {
          onDidChangeCodeLenses: this.changed.event,
          provideCodeLenses: ({ uri }) => this.lenses(uri),
        },
      ),
      sessions.onDidChange(() => this.tell()),
    ];
  }

  async open(address: LedgerAddress): Promise<void> {
    const uri = uriOf(address);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
    // Whoever asks again wants what has come since.
    if (this.ledgers.get(uri.toString())?.state !== 'reading') this.ledgers.delete(uri.toString());
    await this.loadMore(uri);
  }

  /** The ledger that the active editor shows. */
  active(): vscode.Uri | undefined {
    const uri = vscode.window.activeTextEditor?.document.uri;
    return uri?.scheme === ledgerScheme ? uri : undefined;
  }

  addressOf(uri: vscode.Uri): LedgerAddress | undefined {
    return addressIn(uri);
  }

  /** The rows that are shown now, newest first. */
  rowsOf(uri: vscode.Uri): Movement[] {
    const address = addressIn(uri);
    const ledger = this.ledgers.get(uri.toString());
    return address && ledger ? ledger.rows.filter((row) => fits(row, address)) : [];
  }

  /** Reads the next rows; shows what went wrong in the document. */
  async loadMore(uri: vscode.Uri): Promise<void> {
    const address = addressIn(uri);
    if (!address || this.sessions.profile?.id !== address.profileId) return;
    const session = await this.sessions.open();
    if (session?.profile.id !== address.profileId) return;
    const ledger = this.ledgerFor(uri, address, session);
    if (ledger.state === 'reading' || ledger.state === 'done') return;
    ledger.state = 'reading';
    this.refresh(uri);
    try {
      await readOn(ledger, address);
    } catch (error) {
      ledger.state = 'failed';
      ledger.error = error;
    }
    this.refresh(uri);
  }

  textOf(uri: vscode.Uri): string {
    const address = addressIn(uri);
    if (!address) return vscode.l10n.t('This is the address of no ledger.');
    const { profile } = this.sessions;
    if (profile?.id !== address.profileId)
      return vscode.l10n.t('This ledger belongs to another profile. Switch to it to read on.');
    return describe(address, profile, this.ledgers.get(uri.toString()), this.rowsOf(uri));
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.ledgers.clear();
  }

  /** What was read with another key, or failed, begins anew. */
  private ledgerFor(uri: vscode.Uri, address: LedgerAddress, session: Session): Ledger {
    const key = uri.toString();
    const known = this.ledgers.get(key);
    if (known?.client === session.client && known.state !== 'failed') return known;
    const now = session.client.clock.estimate();
    const query: MovementQuery = {
      account: address.account,
      currency: address.currency,
      startAt: address.startAt ?? now - yearMs,
      // What happened this moment may be ahead of the time of the exchange as it is known here.
      endAt: address.endAt ?? now + clockToleranceMs,
    };
    const steps = movements(session.client.call.bind(session.client), query, { priority: 'interactive' });
    const fresh: Ledger = {
      rows: [],
      steps,
      readBackTo: Math.min(query.endAt, now),
      state: 'more',
      client: session.client,
    };
    this.ledgers.set(key, fresh);
    return fresh;
  }

  private lenses(uri: vscode.Uri): vscode.CodeLens[] {
    const top = new vscode.Range(0, 0, 0, 0);
    const lens = (title: string, command: string): vscode.CodeLens =>
      new vscode.CodeLens(top, { title, command, arguments: [uri] });
    const state = this.ledgers.get(uri.toString())?.state;
    return [
      ...(state === 'done' || state === 'reading'
        ? []
        : [lens(vscode.l10n.t('$(chevron-down) Load More'), 'kucoin.ledger.more')]),
      lens(vscode.l10n.t('$(filter) Filter…'), 'kucoin.ledger.filter'),
      lens(vscode.l10n.t('$(export) Export…'), 'kucoin.ledger.export'),
    ];
  }

  private refresh(uri: vscode.Uri): void {
    this.fire(uri);
    this.changed.fire();
  }

  private tell(): void {
    for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === ledgerScheme) this.refresh(uri);
  }
}

/** Until a page of rows that fit has been read, or nothing has come for many days, or the year is over. */
async function readOn(ledger: Ledger, filter: MovementFilter): Promise<void> {
  const started = ledger.readBackTo;
  let found = 0;
  for (;;) {
    const next = await ledger.steps.next();
    if (next.done) {
      ledger.state = 'done';
      return;
    }
    if ('movement' in next.value) {
      ledger.rows.push(next.value.movement);
      if (fits(next.value.movement, filter)) found += 1;
      if (found >= pageRows) break;
    } else {
      ledger.readBackTo = next.value.readBackTo;
      const patience = found > 0 ? patienceMs.some : patienceMs.nothing;
      if (started - ledger.readBackTo >= patience) break;
    }
  }
  ledger.state = 'more';
}

export function uriOf(address: LedgerAddress): vscode.Uri {
  const { account, currency } = address;
  const name = [accountTypeName(account), currency].filter(Boolean).join(' ');
  return vscode.Uri.from({
    scheme: ledgerScheme,
    path: `/${vscode.l10n.t('Ledger')} ${name}.txt`,
    query: JSON.stringify(address),
  });
}

function addressIn(uri: vscode.Uri): LedgerAddress | undefined {
  try {
    const value = JSON.parse(uri.query) as Partial<LedgerAddress>;
    const { profileId, account } = value;
    const isAddress =
      typeof profileId === 'string' && typeof account === 'string' && isAccountTypeId(account);
    return isAddress ? (value as LedgerAddress) : undefined;
  } catch {
    return undefined;
  }
}

export function kindLabel(kind: MovementKind): string {
  const labels: Readonly<Record<MovementKind, string>> = {
    transfer: vscode.l10n.t('Transfer'),
    trade: vscode.l10n.t('Trade'),
    deposit: vscode.l10n.t('Deposit'),
    withdrawal: vscode.l10n.t('Withdrawal'),
    fee: vscode.l10n.t('Fee'),
    loan: vscode.l10n.t('Loan'),
    profit: vscode.l10n.t('Profit and loss'),
    bonus: vscode.l10n.t('Bonus'),
    other: vscode.l10n.t('Other'),
  };
  return labels[kind];
}

export function directionLabel(direction: Movement['direction']): string {
  return direction === 'in' ? vscode.l10n.t('In') : vscode.l10n.t('Out');
}

function describe(
  address: LedgerAddress,
  profile: Profile,
  ledger: Ledger | undefined,
  rows: readonly Movement[],
): string {
  const { account, currency, kind, direction, startAt, endAt } = address;
  const head = [
    vscode.l10n.t('Ledger of {account}', { account: `${accountTypeName(account)} (${account})` }),
    currency ?? vscode.l10n.t('all currencies'),
    `${profile.name} · ${environmentOf(profile)}`,
  ].join(' · ');
  const filters = [
    kind && kindLabel(kind),
    direction && directionLabel(direction),
    startAt !== undefined && endAt !== undefined && dayLabel(startAt, endAt),
  ].filter(Boolean);
  const lines = [
    head,
    ...(filters.length > 0 ? [vscode.l10n.t('Only: {filters}', { filters: filters.join(' · ') })] : []),
    ...stateLines(ledger, rows.length),
    '',
  ];
  return [...lines, ...(rows.length > 0 ? table(rows) : []), ''].join('\n');
}

export function dayLabel(startAt: number, endAt: number): string {
  const [from, to] = [startAt, endAt - 1].map((time) => shortDay(time)) as [string, string];
  return from === to ? from : `${from} – ${to}`;
}

function stateLines(ledger: Ledger | undefined, count: number): string[] {
  if (!ledger) return [vscode.l10n.t('Nothing has been read yet. Choose Load More.')];
  const back = vscode.l10n.t('Read back to {time}.', { time: localTime(ledger.readBackTo) });
  const counted = count === 1 ? vscode.l10n.t('1 movement.') : vscode.l10n.t('{count} movements.', { count });
  switch (ledger.state) {
    case 'reading':
      return [joined([counted, vscode.l10n.t('Reading…')])];
    case 'more':
      return [joined([counted, back, vscode.l10n.t('Choose Load More to go further back.')])];
    case 'done':
      return [joined([counted, back, vscode.l10n.t('KuCoin shows nothing older.')])];
    case 'failed': {
      const { text, todo } = userMessage(ledger.error, 'General');
      return [
        counted,
        vscode.l10n.t('The ledger could not be read on: {reason}', { reason: joined([text, todo]) }),
      ];
    }
  }
}

interface Column {
  readonly title: string;
  readonly right?: boolean;
  readonly text: (row: Movement, difference: string) => string;
}

function signed(amount: string): string {
  return amount.startsWith('-') || amount === '0' ? amount : `+${amount}`;
}

function table(rows: readonly Movement[]): string[] {
  const columns: Column[] = [
    { title: vscode.l10n.t('Time'), text: ({ time }) => localTime(time) },
    { title: vscode.l10n.t('Currency'), text: ({ currency }) => currency },
    { title: vscode.l10n.t('Change'), right: true, text: (row) => signed(exactAmount(change(row))) },
    { title: vscode.l10n.t('Since then'), right: true, text: (_row, difference) => difference },
    {
      title: vscode.l10n.t('Fee'),
      right: true,
      text: ({ fee }) => (fee === undefined || fee === '0' ? '' : exactAmount(fee)),
    },
    {
      title: vscode.l10n.t('Balance after'),
      right: true,
      text: ({ after }) => (after === undefined ? '' : exactAmount(after)),
    },
    {
      title: vscode.l10n.t('Kind'),
      text: ({ kind, pending }) =>
        pending ? vscode.l10n.t('{kind}, not settled yet', { kind: kindLabel(kind) }) : kindLabel(kind),
    },
    {
      title: vscode.l10n.t('Details'),
      // The ledger's own word, and pair or remark: text from outside stays on its line.
      text: ({ word, about }) => oneLine([word, about].filter(Boolean).join(' · ')),
    },
  ];
  const differences = runningDifferences(rows).map((sum) =>
    isNegative(sum) ? exactAmount(sum) : signed(exactAmount(sum)),
  );
  const cells = rows.map((row, index) => columns.map(({ text }) => text(row, differences[index] ?? '')));
  // A column that has nothing to say is left out: most ledgers tell no balance.
  const kept = columns.map((_column, index) => cells.some((row) => row[index] !== ''));
  const widths = columns.map(({ title }, index) => widest([title, ...cells.map((row) => row[index] ?? '')]));
  const line = (texts: readonly string[]): string =>
    columns
      .flatMap(({ right }, index) => {
        if (!kept[index]) return [];
        const [text = '', width = widest([])] = [texts[index], widths[index]];
        return [right ? padStart(text, width) : padEnd(text, width)];
      })
      .join('   ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...cells.map(line)];
}

/** Of the same width in each row: `2026-11-22 10:22:31`. */
function localTime(time: number): string {
  const at = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`;
}
