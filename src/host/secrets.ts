import type { SecretStorage } from 'vscode';
import type { SecretStore } from '../profiles/ports';

const prefix = 'profile.';

/** Secrets of profiles in the editor's secret storage, which encrypts them with the system's keyring. */
export function editorSecrets(storage: SecretStorage): SecretStore {
  return {
    get: async (id) => storage.get(prefix + id),
    set: async (id, value) => storage.store(prefix + id, value),
    delete: async (id) => storage.delete(prefix + id),
    onDidChange: (listener) =>
      storage.onDidChange(({ key }) => {
        if (key.startsWith(prefix)) listener(key.slice(prefix.length));
      }),
  };
}
