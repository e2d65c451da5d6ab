import type { HfKind, HfStatus } from '../portfolio/hf';
import { HfWatch } from '../portfolio/hfWatch';
import { worldOf } from '../profiles/profile';
import { followSession } from './followSession';
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
  private readonly listeners = new Set<() => void>();
  private readonly following: { dispose(): void };

  constructor(private readonly options: HfDeskOptions) {
    this.following = followSession(options.sessions, (session) => {
      const subscription = session && this.watchAccounts(session);
      this.fire();
      return subscription;
    });
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
    this.following.dispose();
    this.listeners.clear();
  }

  /** Which accounts are listed tells whether something has happened that can change the verdict. */
  private watchAccounts(session: Session): { dispose(): void } {
    let seen = '';
    const look = (): void => {
      const { accounts } = session.portfolio;
      if (accounts.state !== 'ready' || !accounts.value) return;
      const now = accounts.value
        .filter(({ type }) => type.startsWith('trade'))
        .map(({ type, balances }) => `${type}:${balances.length}`)
        .join();
      if (now === seen) return;
      seen = now;
      this.of(session)
        .refresh('spot', 'background')
        .catch((error: unknown) => this.options.log.warn('the HF status could not be read', error));
    };
    const subscription = session.portfolio.onDidChange(look);
    look();
    return subscription;
  }

  private fire(): void {
    for (const listener of this.listeners) listener();
  }
}
