import type { HfKind, HfStatus } from '../portfolio/hf';
import { HfWatch } from '../portfolio/hfWatch';
import { worldOf } from '../profiles/profile';
import type { Logger } from './log';
import type { Session, Sessions } from './sessions';

export interface HfDeskOptions {
  readonly sessions: Pick<Sessions, 'opened' | 'onDidChange'>;
  readonly log: Logger;
}

/**
 * HF status of the active profile. Its spot part is read once the account list has been, in the background, and again
 * when that list shows an account that it did not; the rest when somebody asks.
 */
export class HfDesk {
  /** A client belongs to one key; with it goes what was read. */
  private readonly watches = new WeakMap<Session['client'], HfWatch>();
  private followed: { readonly client: unknown; seen: string; dispose(): void } | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly subscription: { dispose(): void };

  constructor(private readonly options: HfDeskOptions) {
    this.subscription = options.sessions.onDidChange(() => this.follow());
  }

  /** Of a session; the same object as long as its client lives. */
  of({ client, profile }: Session): HfWatch {
    let watch = this.watches.get(client);
    if (!watch) {
      watch = new HfWatch({ client, world: worldOf(profile) });
      watch.onDidChange(() => this.fire());
      this.watches.set(client, watch);
    }
    return watch;
  }

  /** Of the active profile; `undefined` while nothing was read. */
  status(kind: HfKind): HfStatus | undefined {
    const { opened } = this.options.sessions;
    return opened && this.watches.get(opened.client)?.status(kind);
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  dispose(): void {
    this.subscription.dispose();
    this.followed?.dispose();
    this.listeners.clear();
  }

  private follow(): void {
    const session = this.options.sessions.opened;
    if (this.followed?.client === session?.client) return;
    this.followed?.dispose();
    this.followed = session && {
      client: session.client,
      seen: '',
      ...session.portfolio.onDidChange(() => this.look(session)),
    };
    if (session) this.look(session);
    this.fire();
  }

  /** Which accounts are listed tells whether something has happened that can change the verdict. */
  private look(session: Session): void {
    const { followed } = this;
    const accounts = session.portfolio.accounts;
    if (!followed || accounts.state !== 'ready' || !accounts.value) return;
    const seen = accounts.value
      .filter(({ type }) => type.startsWith('trade'))
      .map(({ type, balances }) => `${type}:${balances.length}`)
      .join();
    if (seen === followed.seen) return;
    followed.seen = seen;
    this.of(session)
      .refresh('spot', 'background')
      .catch((error: unknown) => this.options.log.warn('the HF status could not be read', error));
  }

  private fire(): void {
    for (const listener of this.listeners) listener();
  }
}
