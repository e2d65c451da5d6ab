import { documents, EventEmitter, others, Uri } from '../../support/fakeVscode';
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type * as vscode from 'vscode';
import { IgnoredFiles } from '../../../../src/ui/coding/ignored';

const uri = (path: string): vscode.Uri => Uri.file(path) as unknown as vscode.Uri;

/** The git extension, with one repository. */
class FakeGit {
  readonly ignored = new Set<string>();
  readonly states = new EventEmitter<void>();
  readonly opened = new EventEmitter<unknown>();
  asked = 0;
  failure: Error | undefined;
  readonly extension = {
    isActive: true,
    exports: {
      enabled: true,
      getAPI: () => ({
        onDidOpenRepository: this.opened.event,
        getRepository: ({ path }: vscode.Uri) =>
          path.startsWith('/bot/')
            ? {
                state: { onDidChange: this.states.event },
                checkIgnore: (paths: string[]): Promise<Set<string>> => {
                  this.asked++;
                  if (this.failure) return Promise.reject(this.failure);
                  return Promise.resolve(new Set(paths.filter((one) => this.ignored.has(one))));
                },
              }
            : null,
      }),
    },
  };
}

describe('files that git ignores', () => {
  let files: IgnoredFiles;
  let told: number;
  /** A repository on the disk. */
  let folder: string;
  const rules = (text: string): void => writeFileSync(path.join(folder, '.gitignore'), text);

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'kucoin-ignored-'));
    mkdirSync(path.join(folder, '.git'));
    files = new IgnoredFiles();
    told = 0;
    files.onDidChange(() => told++);
  });
  afterEach(() => {
    files.dispose();
    others.clear();
    rmSync(folder, { recursive: true });
  });

  /** As a feature asks: again after each change, until it is known. */
  async function verdict(file: string): Promise<boolean> {
    for (;;) {
      const changed = new Promise<void>((resolve) => files.onDidChange(resolve));
      const known = files.of(uri(file));
      if (known !== undefined) return known;
      await changed;
    }
  }

  it('are asked of git once, however often somebody types', async () => {
    const git = new FakeGit();
    git.ignored.add('/bot/.env');
    others.set('vscode.git', git.extension);
    assert.equal(files.of(uri('/bot/.env')), undefined, 'not known yet');
    for (let key = 0; key < 50; key++) files.of(uri('/bot/.env'));
    assert.equal(await verdict('/bot/.env'), true);
    assert.equal(git.asked, 1);
    assert.equal(told, 1);
    assert.equal(await verdict('/bot/src/a.ts'), false);
  });

  it('are asked for anew when the repository has changed, as when a file is added in spite of the rules', async () => {
    const git = new FakeGit();
    git.ignored.add('/bot/.env');
    others.set('vscode.git', git.extension);
    assert.equal(await verdict('/bot/.env'), true);
    git.ignored.clear();
    git.states.fire();
    assert.equal(await verdict('/bot/.env'), false);
  });

  it('count as not ignored where git fails', async () => {
    const git = new FakeGit();
    git.failure = new Error('fatal: not a git repository');
    others.set('vscode.git', git.extension);
    assert.equal(await verdict('/bot/.env'), false);
  });

  it('are known by the rules where the git extension cannot be asked', async () => {
    rules('.env\n');
    assert.equal(await verdict(`${folder}/deep/.env`), true);
    rules('');
    documents.files.fire();
    assert.equal(await verdict(`${folder}/deep/.env`), false);
    rules('.env\n');
    documents.saved.fire({ uri: uri(`${folder}/.gitignore`) });
    assert.equal(await verdict(`${folder}/deep/.env`), true);
  });

  it('do not count by an answer that was overtaken', async () => {
    rules('.env\n');
    files.of(uri(`${folder}/.env`));
    rules('');
    documents.files.fire();
    assert.equal(await verdict(`${folder}/.env`), false);
  });

  it('are never those that nobody has saved', () => {
    const untitled = { scheme: 'untitled', path: '/bot/.env' } as unknown as vscode.Uri;
    assert.equal(files.of(untitled), false);
  });
});
