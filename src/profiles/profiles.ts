import { KucoinError } from '../kucoin/errors';
import type { Credentials } from '../kucoin/sign';
import type { ProfileFile, SecretStore } from './ports';
import { emptyDocument, parseDocument, type KeyFacts, type Profile, type ProfileDocument } from './profile';
import { fingerprint, loadCredentials, saveCredentials } from './secrets';

/** Something the user should hear about once: what was found and where it went. */
export interface ProfileNotice {
  readonly kind: 'damaged';
  /** Where the unreadable text was put. */
  readonly keptAs: string;
}

export interface ProfilesOptions {
  readonly file: ProfileFile;
  readonly secrets: SecretStore;
  readonly newId: () => string;
  readonly onNotice: (notice: ProfileNotice) => void;
}

const intact = { document: emptyDocument, damaged: 0, newer: false };

/**
 * The API keys that the user has given: metadata from a file that all windows share, secrets from the secret
 * store. Every change reads the file anew under a lock, so that two windows never undo each other's work.
 */
export class Profiles {
  private current: ProfileDocument = emptyDocument;
  private readonly listeners = new Set<() => void>();
  private readonly subscriptions: { dispose(): void }[];
  /** Readings are numbered as they begin: an older text that arrives late changes nothing. */
  private begun = 0;
  private taken = 0;

  constructor(private readonly options: ProfilesOptions) {
    this.subscriptions = [
      options.file.onDidChange(() => void this.load().catch(() => undefined)), // the next read reports it
      options.secrets.onDidChange(() => this.fire()),
    ];
  }

  get all(): readonly Profile[] {
    return this.current.profiles;
  }

  get lastUsed(): string | undefined {
    return this.current.lastUsed;
  }

  find(id: string | undefined): Profile | undefined {
    return this.all.find((profile) => profile.id === id);
  }

  /** Reads the file. A damaged one is set aside under another name first, and what can be read of it is used. */
  async load(): Promise<void> {
    const reading = ++this.begun;
    const text = await this.options.file.read();
    const { document, damaged } = text === undefined ? intact : parseDocument(text);
    if (damaged > 0) {
      await this.change((mended) => mended);
      return;
    }
    if (reading < this.taken) return;
    const isNew = JSON.stringify(document) !== JSON.stringify(this.current);
    this.take(document, reading);
    if (isNew) this.fire();
  }

  async add(
    entry: Omit<Profile, 'id' | 'generation' | 'keyFingerprint' | 'keyVersion'>,
    credentials: Credentials,
  ): Promise<Profile> {
    const profile: Profile = {
      ...entry,
      id: this.options.newId(),
      generation: 1,
      keyVersion: credentials.version,
      keyFingerprint: fingerprint(credentials.key),
    };
    try {
      await saveCredentials(this.options.secrets, profile.id, credentials);
      await this.change((document) => ({
        ...document,
        profiles: [...document.profiles, profile],
        lastUsed: profile.id,
      }));
    } catch (error) {
      // Nobody would ever find the secret of a profile that is not listed.
      if (!this.find(profile.id)) await this.options.secrets.delete(profile.id).catch(() => undefined);
      throw error;
    }
    return profile;
  }

  /** @throws KucoinError of kind `stale` when the profile has been removed meanwhile */
  async replaceKey(id: string, credentials: Credentials, facts: KeyFacts | undefined): Promise<void> {
    await this.load();
    if (!this.find(id)) throw new KucoinError({ kind: 'stale', outcome: 'notExecuted' });
    await saveCredentials(this.options.secrets, id, credentials);
    await this.edit(id, (profile) => ({
      ...profile,
      facts,
      generation: profile.generation + 1,
      keyVersion: credentials.version,
      keyFingerprint: fingerprint(credentials.key),
    }));
  }

  rename(id: string, name: string): Promise<void> {
    return this.edit(id, (profile) => ({ ...profile, name }));
  }

  setReadOnly(id: string, readOnly: boolean): Promise<void> {
    return this.edit(id, (profile) => ({ ...profile, readOnly }));
  }

  /** What the exchange said of the key of this `profile`; nothing when it has another key by now. */
  setFacts({ id, generation }: Profile, facts: KeyFacts): Promise<void> {
    return this.edit(id, (profile) => (profile.generation === generation ? { ...profile, facts } : profile));
  }

  setLastUsed(id: string): Promise<void> {
    return this.change((document) => ({ ...document, lastUsed: id }));
  }

  /** Metadata first: a secret without a profile harms nobody, a profile without its secret would ask for it. */
  async remove(id: string): Promise<void> {
    await this.change((document) => ({
      ...document,
      profiles: document.profiles.filter((profile) => profile.id !== id),
    }));
    await this.options.secrets.delete(id);
  }

  credentials(id: string): Promise<Credentials> {
    return loadCredentials(this.options.secrets, id);
  }

  /** The metadata, a secret, or both have changed, in this window or another. */
  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.listeners.clear();
  }

  private edit(id: string, change: (profile: Profile) => Profile): Promise<void> {
    return this.change((document) => ({
      ...document,
      profiles: document.profiles.map((profile) => (profile.id === id ? change(profile) : profile)),
    }));
  }

  /** @throws Error when a newer version of the extension wrote the file: what this one does not know would be lost */
  private async change(edit: (document: ProfileDocument) => ProfileDocument): Promise<void> {
    await this.options.file.exclusively(async () => {
      const document = edit(await this.readFile());
      await this.options.file.write(`${JSON.stringify(document, null, 2)}\n`);
      this.take(document, ++this.begun);
    });
    this.fire();
  }

  /** Only under the lock: of two windows that find a damaged file, one sets it aside. */
  private async readFile(): Promise<ProfileDocument> {
    const text = await this.options.file.read();
    const { document, damaged, newer } = text === undefined ? intact : parseDocument(text);
    if (newer)
      throw new Error(
        'A newer version of KuCoin Accounts wrote the list of profiles. Update this one to change it.',
      );
    if (text !== undefined && damaged > 0) {
      const keptAs = await this.options.file.setAside(text);
      this.options.onNotice({ kind: 'damaged', keptAs });
    }
    return document;
  }

  private take(document: ProfileDocument, reading: number): void {
    this.taken = reading;
    this.current = document;
  }

  private fire(): void {
    for (const listener of this.listeners) listener();
  }
}
