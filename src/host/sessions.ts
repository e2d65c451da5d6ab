import { brands, type Brand, type Site } from '../kucoin/brands';
import { KucoinClient, type RequestNote } from '../kucoin/client';
import { KucoinError } from '../kucoin/errors';
import type { Credentials } from '../kucoin/sign';
import { systemTime } from '../kucoin/time';
import type { Transport } from '../kucoin/transport';
import { Currencies } from '../portfolio/currencies';
import { Portfolio } from '../portfolio/portfolio';
import { worldOf, type Profile, type ProfileSite } from '../profiles/profile';
import type { Profiles } from '../profiles/profiles';
import type { Logger, Redactor } from './log';
import type { SandboxHost } from './sandboxHost';

/** A profile at work: the one client that all its users share, and what has been read with it. */
export interface Session {
  readonly profile: Profile;
  readonly site: Site;
  readonly client: KucoinClient;
  readonly portfolio: Portfolio;
  readonly currencies: Currencies;
}

export interface SessionsOptions {
  readonly profiles: Profiles;
  readonly sandboxes: SandboxHost;
  readonly redactor: Redactor;
  readonly log: Logger;
  readonly valuationCurrency: () => string;
  /** Which profile this window had last, and where to keep it. */
  readonly remembered: { get(): string | undefined; set(id: string | undefined): Promise<void> };
}

/** axios is loaded with the first request, not before. */
const lazyTransport: Transport = async (request) => (await import('../kucoin/transport')).send(request);

/**
 * Which profile is active in this window, and its session. A switch retires the old client before the new one is
 * made: an answer that arrives late has nowhere to go.
 */
export class Sessions {
  private current: Profile | undefined;
  private session: Session | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly subscription: { dispose(): void };

  constructor(private readonly options: SessionsOptions) {
    this.subscription = options.profiles.onDidChange(() => this.follow());
  }

  /** The active profile, whether or not its session is open. */
  get profile(): Profile | undefined {
    return this.current;
  }

  /** The session of the active profile where it is open already. */
  get opened(): Session | undefined {
    return this.session;
  }

  /** Chooses the profile of this window: the one it had, else the one used last anywhere, else any. */
  restore(): void {
    const { profiles, remembered } = this.options;
    this.activate(profiles.find(remembered.get()) ?? profiles.find(profiles.lastUsed) ?? profiles.all[0]);
  }

  async switchTo(id: string): Promise<void> {
    const profile = this.options.profiles.find(id);
    if (!profile) return;
    if (profile.id !== this.current?.id) this.activate(profile);
    await this.options.remembered.set(id);
    await this.options.profiles.setLastUsed(id);
  }

  /**
   * The session of the active profile; `undefined` when there is none. For a demo profile it makes sure that its
   * sandbox runs: the window that ran it may be gone.
   *
   * @param asked a person wants it; work in the background does not start a sandbox that was stopped on request
   * @throws when the sandbox cannot be started
   */
  async open(asked = true): Promise<Session | undefined> {
    const profile = this.current;
    if (!profile) return undefined;
    const resolved = await this.resolve(profile.site, asked);
    if (this.current?.id !== profile.id || this.current.generation !== profile.generation)
      return this.open(asked);
    if (this.session && sameHosts(this.session.site, resolved.site)) return this.session;
    this.session?.client.retire();
    this.session = this.createSession(this.current, resolved);
    this.fire();
    return this.session;
  }

  /** A client for a key that is not a profile yet, to check it with. The caller retires it. */
  async trial(site: ProfileSite, credentials: Credentials): Promise<KucoinClient> {
    const resolved = await this.resolve(site);
    return this.createClient(resolved.site, () => Promise.resolve(credentials));
  }

  /**
   * What a program outside the editor needs to act as a profile. The log knows the secrets from then on, to leave
   * them out.
   *
   * @throws KucoinError of kind `secretMissing`; whatever keeps the sandbox from starting
   */
  async access(profile: Profile): Promise<{ readonly site: Site; readonly credentials: Credentials }> {
    const resolved = await this.resolve(profile.site);
    const credentials = await this.credentialsOf(profile, resolved);
    this.register(credentials);
    return { site: resolved.site, credentials };
  }

  /** The active profile, its metadata or its session has changed. */
  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  dispose(): void {
    this.subscription.dispose();
    this.session?.client.retire();
    this.listeners.clear();
  }

  /** Metadata changed in some window: a new name is taken over, a new key or a removal ends the session. */
  private follow(): void {
    const now = this.options.profiles.find(this.current?.id);
    if (!now) this.restore();
    else if (now.generation !== this.current?.generation) this.activate(now);
    else {
      this.current = now;
      if (this.session) this.session = { ...this.session, profile: now };
      this.fire();
    }
  }

  private activate(profile: Profile | undefined): void {
    this.session?.client.retire();
    this.session = undefined;
    this.current = profile;
    this.fire();
  }

  private createSession(profile: Profile, resolved: ResolvedSite): Session {
    const { site } = resolved;
    const client = this.createClient(site, () => this.credentialsOf(profile, resolved));
    const { valuationCurrency, profiles } = this.options;
    const portfolio = new Portfolio({
      client,
      world: worldOf(profile),
      valuationCurrency,
      // Of a key that was saved without a check it is learned later.
      get isMaster() {
        return profiles.find(profile.id)?.facts?.isMaster;
      },
    });
    return { profile, site, client, portfolio, currencies: new Currencies(client) };
  }

  private async credentialsOf(profile: Profile, { fallback }: ResolvedSite): Promise<Credentials> {
    try {
      return await this.options.profiles.credentials(profile.id);
    } catch (error) {
      // The sandbox's key is the same for everyone; a keyring that forgot it is no reason to ask.
      if (fallback && KucoinError.is(error, 'secretMissing')) return fallback;
      throw error;
    }
  }

  private register({ key, secret, passphrase }: Credentials): void {
    this.options.redactor.register([key, secret, passphrase]);
  }

  private createClient(site: Site, credentials: () => Promise<Credentials>): KucoinClient {
    return new KucoinClient({
      site,
      transport: lazyTransport,
      time: systemTime,
      credentials: async () => {
        const found = await credentials();
        this.register(found);
        return found;
      },
      onRequest: (note) => this.options.log.debug(describeRequest(note)),
    });
  }

  private async resolve(site: ProfileSite, asked = true): Promise<ResolvedSite> {
    switch (site.kind) {
      case 'brand': {
        const brand: Brand = brands[site.brand];
        return { site: { hosts: brand.hosts, headers: brand.headers } };
      }
      case 'custom':
        return { site: { hosts: { spot: site.spot, futures: site.futures } } };
      case 'sandbox': {
        const { spot, futures, credentials } = await this.options.sandboxes.ensure(site.world, asked);
        return { site: { hosts: { spot, futures } }, fallback: credentials };
      }
    }
  }

  private fire(): void {
    for (const listener of this.listeners) listener();
  }
}

interface ResolvedSite {
  readonly site: Site;
  /** Credentials to use where the secret store has none: only the sandbox's, which are no secret. */
  readonly fallback?: Credentials;
}

function sameHosts(a: Site, b: Site): boolean {
  return a.hosts.spot === b.hosts.spot && a.hosts.futures === b.hosts.futures;
}

function describeRequest({ method, path, status, result, ms }: RequestNote): string {
  return `${method} ${path} ${status ?? '-'} ${Math.round(ms)} ms ${result}`;
}
