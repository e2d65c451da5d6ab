import { familyIds, type FamilyId, type Portfolio } from '../portfolio/portfolio';
import type { ErrorKind } from '../kucoin/errors';
import type { Logger } from './log';
import type { Session, Sessions } from './sessions';
import type { Snapshot, Snapshots } from './snapshots';

/** Failures that will be there tomorrow too. After any other the next reading is worth waiting for. */
const lasting: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'permission',
  'notOpened',
  'region',
  'kyc',
  'frozen',
  'unifiedMode',
  'hostMissing',
  'notFound',
]);

/**
 * What there is to keep of a portfolio: nothing while something is being read or has failed for now, because half a
 * portfolio would look like a loss. What the key never sees is named.
 */
export function snapshotOf(portfolio: Portfolio): Snapshot | undefined {
  const prices = portfolio.usablePrices;
  const value = portfolio.totalValue();
  const { readAt } = portfolio.family('list');
  if (!prices || !value || portfolio.prices.state !== 'ready' || readAt === undefined) return undefined;
  const missing: FamilyId[] = [];
  for (const id of familyIds) {
    if ((id === 'subs' || id === 'subBalances') && !portfolio.isMaster) continue;
    const { state, error } = portfolio.family(id);
    if (state === 'ready') continue;
    if (state !== 'failed' || id === 'list' || !error || !lasting.has(error.kind)) return undefined;
    missing.push(id);
  }
  return { at: readAt, value: value.amount, base: prices.base, missing: [...missing, ...value.unpriced] };
}

/** Keeps a snapshot when one is due and a reading, made for whatever reason, is complete. It asks for nothing itself. */
export class SnapshotKeeper {
  private followed: { readonly portfolio: Portfolio; readonly subscription: { dispose(): void } } | undefined;
  private readonly subscription: { dispose(): void };

  constructor(
    private readonly sessions: Sessions,
    private readonly snapshots: Snapshots,
    private readonly log: Logger,
  ) {
    this.subscription = sessions.onDidChange(() => this.follow());
    this.follow();
  }

  dispose(): void {
    this.subscription.dispose();
    this.followed?.subscription.dispose();
  }

  private follow(): void {
    const { opened } = this.sessions;
    if (this.followed?.portfolio === opened?.portfolio) return;
    this.followed?.subscription.dispose();
    this.followed = opened && {
      portfolio: opened.portfolio,
      subscription: opened.portfolio.onDidChange(() => this.look(opened)),
    };
  }

  private look({ profile, portfolio }: Session): void {
    const { readAt } = portfolio.family('list');
    if (readAt === undefined || !this.snapshots.isDue(profile.id, readAt)) return;
    const snapshot = snapshotOf(portfolio);
    if (!snapshot) return;
    this.snapshots
      .keep(profile.id, snapshot)
      .catch((error: unknown) => this.log.warn('a snapshot of the portfolio could not be kept', error));
  }
}
