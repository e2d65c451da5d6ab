import { checkKey } from '../profiles/checkKey';
import type { Profiles } from '../profiles/profiles';
import { followSession } from './followSession';
import type { Logger } from './log';
import type { Session, Sessions } from './sessions';

export interface KeyFactsReaderOptions {
  readonly sessions: Pick<Sessions, 'opened' | 'onDidChange'>;
  readonly profiles: Pick<Profiles, 'setFacts'>;
  /** The time of this computer: milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Logger;
}

/**
 * Reads what the exchange says of a key that was saved without a check, as soon as the exchange has answered it
 * anything else. Nobody is told: what was learned stands in the tooltip of the profile and in the plans.
 */
export class KeyFactsReader {
  /** A client belongs to one key: it is asked once. */
  private readonly readings = new WeakMap<Session['client'], Reading>();
  private readonly following: { dispose(): void };
  private readonly listeners = new Set<() => void>();

  constructor(private readonly options: KeyFactsReaderOptions) {
    this.following = followSession(options.sessions, (session) => {
      this.look();
      return session?.portfolio.onDidChange(() => this.look());
    });
  }

  /** Reads the facts of the key where they are not known; the same reading for all who ask. */
  async read(session: Session): Promise<void> {
    if (session.profile.facts) return;
    const known = this.readings.get(session.client);
    if (known && !known.failed) return known.work;
    const reading: Reading = { work: this.ask(session), failed: false };
    this.readings.set(session.client, reading);
    try {
      await reading.work;
    } catch (error) {
      reading.failed = true;
      for (const listener of this.listeners) listener();
      throw error;
    }
  }

  /** Whether the facts of the active profile were asked for in vain. */
  get failed(): boolean {
    const { opened } = this.options.sessions;
    return opened !== undefined && !opened.profile.facts && this.readings.get(opened.client)?.failed === true;
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  dispose(): void {
    this.following.dispose();
    this.listeners.clear();
  }

  private async ask({ client, profile, portfolio }: Session): Promise<void> {
    const facts = await checkKey(client, profile.site, this.options.now());
    await this.options.profiles.setFacts(profile, facts);
    if (facts.isMaster) return;
    // The reading under way took the key for one of a master, and asked in vain for what only masters have.
    await portfolio.refresh('background');
    await portfolio.refresh('background');
  }

  /** The first success of the key shows that it can be asked. */
  private look(): void {
    const session = this.options.sessions.opened;
    if (!session || session.profile.facts || session.portfolio.accounts.state !== 'ready') return;
    if (this.readings.has(session.client)) return;
    this.read(session).catch((error: unknown) =>
      this.options.log.warn('what the key may do could not be read', error),
    );
  }
}

interface Reading {
  readonly work: Promise<void>;
  failed: boolean;
}
