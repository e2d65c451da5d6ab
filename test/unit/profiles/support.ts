import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { profileFileIn } from '../../../src/host/files';
import type { Credentials } from '../../../src/kucoin/sign';
import type { SecretStore } from '../../../src/profiles/ports';
import type { Profile } from '../../../src/profiles/profile';
import { Profiles } from '../../../src/profiles/profiles';

export const credentials: Credentials = {
  key: '65f0c0ffee12340001a1b2c3',
  secret: '0f1e2d3c-4b5a-4697-8877-665544332211',
  passphrase: 'Demo-Pass_42!',
  version: '3',
};

export const otherCredentials: Credentials = {
  key: '65f0c0ffee12340001ffffff',
  secret: '99999999-4b5a-4697-8877-665544332211',
  passphrase: 'another pass',
  version: '2',
};

/** A folder that is gone after the test. */
export class TempFolder {
  root = '';

  async make(): Promise<void> {
    this.root = await mkdtemp(path.join(os.tmpdir(), 'kucoin-unit-'));
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }

  path(name: string): string {
    return path.join(this.root, name);
  }

  read(name: string): Promise<string> {
    return readFile(this.path(name), 'utf8');
  }

  async files(): Promise<string[]> {
    return (await readdir(this.root)).sort();
  }
}

/** The secret storage of the editor: shared by all windows, telling all of them of every change. */
export class MemorySecrets implements SecretStore {
  readonly values = new Map<string, string>();
  /** Takes values and loses them, as a keyring in trouble does. */
  forgetful = false;
  /** Rejects every reading. */
  broken = false;
  private readonly listeners = new Set<(id: string) => void>();

  async get(id: string): Promise<string | undefined> {
    await Promise.resolve();
    if (this.broken) throw new Error('the keyring is locked');
    return this.values.get(id);
  }

  async set(id: string, value: string): Promise<void> {
    await Promise.resolve();
    if (!this.forgetful) this.values.set(id, value);
    this.fire(id);
  }

  async delete(id: string): Promise<void> {
    await Promise.resolve();
    this.values.delete(id);
    this.fire(id);
  }

  onDidChange(listener: (id: string) => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  private fire(id: string): void {
    for (const listener of this.listeners) listener(id);
  }
}

/** Another window over the same folder and secrets. */
export class Window {
  readonly notices: string[] = [];
  readonly profiles: Profiles;
  private static next = 0;

  constructor(folder: string, secrets: SecretStore) {
    this.profiles = new Profiles({
      file: profileFileIn(folder),
      secrets,
      newId: () => `p${++Window.next}`,
      onNotice: ({ keptAs }) => this.notices.push(keptAs),
    });
  }
}

export function profile(more: Partial<Profile> = {}): Profile {
  return {
    id: 'a1',
    name: 'Main',
    site: { kind: 'brand', brand: 'global' },
    keyVersion: '3',
    keyFingerprint: 'cafecafecafe',
    generation: 1,
    readOnly: false,
    ...more,
  };
}

/** Resolves when the condition holds; asks again after each event of the emitter. */
export function until(
  condition: () => boolean,
  onDidChange: (listener: () => void) => { dispose(): void },
): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!condition()) return;
      subscription.dispose();
      resolve();
    };
    const subscription = onDidChange(look);
    look();
  });
}
