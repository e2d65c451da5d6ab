import { EventEmitter } from '../support/fakeVscode';
import assert from 'node:assert/strict';
import type { SecretStorage, SecretStorageChangeEvent } from 'vscode';
import { editorSecrets } from '../../../src/host/secrets';

describe('the secrets in the storage of the editor', () => {
  const values = new Map<string, string>();
  const changed = new EventEmitter<SecretStorageChangeEvent>();
  const storage = {
    get: (key: string) => Promise.resolve(values.get(key)),
    store: (key: string, value: string) => {
      values.set(key, value);
      changed.fire({ key });
      return Promise.resolve();
    },
    delete: (key: string) => {
      values.delete(key);
      changed.fire({ key });
      return Promise.resolve();
    },
    onDidChange: changed.event,
  };
  const secrets = editorSecrets(storage as unknown as SecretStorage);
  beforeEach(() => values.clear());

  it('lie under the id of their profile', async () => {
    await secrets.set('a1', 'value');
    assert.deepEqual([...values], [['profile.a1', 'value']]);
    assert.equal(await secrets.get('a1'), 'value');
    await secrets.delete('a1');
    assert.equal(await secrets.get('a1'), undefined);
  });

  it('tell of changes to profiles, and of nothing else', async () => {
    const seen: string[] = [];
    const subscription = secrets.onDidChange((id) => seen.push(id));
    await secrets.set('a1', 'value');
    await storage.store('something else', 'x');
    await secrets.delete('a1');
    subscription.dispose();
    await secrets.set('a1', 'value');
    assert.deepEqual(seen, ['a1', 'a1']);
  });
});
