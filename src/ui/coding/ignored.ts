import * as vscode from 'vscode';
import { isIgnoredByRules, type FolderRules } from '../../coding/gitignore';

/** As much of the editor's own git extension (its API, version 1) as is needed. */
interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): Git;
}

interface Git {
  readonly onDidOpenRepository: vscode.Event<unknown>;
  getRepository(uri: vscode.Uri): GitRepository | null;
}

interface GitRepository {
  readonly state: { readonly onDidChange: vscode.Event<void> };
  checkIgnore(paths: string[]): Promise<ReadonlySet<string>>;
}

const rulesFile = '.gitignore';

/**
 * Which files git ignores, asked for a file once and kept until something about it can have changed. The git extension
 * knows best: whether a file was added in spite of the rules, and the rules of the user's own configuration. Where it
 * cannot be asked (switched off, or on the other side of a remote window) the `.gitignore` files are read.
 */
export class IgnoredFiles {
  private readonly known = new Map<string, boolean>();
  private readonly asked = new Map<string, Promise<boolean>>();
  private readonly changed = new vscode.EventEmitter<void>();
  /** Something that was asked for is known now, or no longer. */
  readonly onDidChange = this.changed.event;
  private readonly parts: { dispose(): unknown }[] = [this.changed];
  private readonly followed = new WeakSet<object>();
  private isWatching = false;

  /** Whether git ignores a file; `undefined` until that is known, which `onDidChange` tells. */
  of(uri: vscode.Uri): boolean | undefined {
    // What was never saved, and what is made up by an extension, is in no repository.
    if (!isStored(uri)) return false;
    const key = uri.toString();
    const known = this.known.get(key);
    if (known === undefined && !this.asked.has(key)) {
      this.watch();
      const question = this.ask(uri);
      this.asked.set(key, question);
      const answer = (isIgnored: boolean): void => {
        // Forgotten meanwhile: whoever still wants to know asks again.
        if (this.asked.get(key) !== question) return;
        this.asked.delete(key);
        this.known.set(key, isIgnored);
        this.changed.fire();
      };
      question.then(answer, () => answer(false));
    }
    return known;
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
  }

  private async ask(uri: vscode.Uri): Promise<boolean> {
    const git = gitApi();
    if (git) this.follow(git, git.onDidOpenRepository);
    const repository = git?.getRepository(uri);
    if (!repository) return isIgnoredByRules(uri.path, (folder) => rulesOf(uri.with({ path: folder })));
    this.follow(repository, repository.state.onDidChange);
    return (await repository.checkIgnore([uri.fsPath])).size > 0;
  }

  /** Starts with the first question: nobody has a key in a file, usually. */
  private watch(): void {
    if (this.isWatching) return;
    this.isWatching = true;
    const watcher = vscode.workspace.createFileSystemWatcher(`**/${rulesFile}`);
    const forget = (): void => this.forget();
    this.parts.push(
      watcher,
      watcher.onDidCreate(forget),
      watcher.onDidChange(forget),
      watcher.onDidDelete(forget),
      // Of files outside of the workspace, which are not watched.
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (uri.path.endsWith(`/${rulesFile}`)) this.forget();
      }),
    );
  }

  private follow(whom: object, event: vscode.Event<unknown>): void {
    if (this.followed.has(whom)) return;
    this.followed.add(whom);
    this.parts.push(event(() => this.forget()));
  }

  private forget(): void {
    if (this.known.size === 0 && this.asked.size === 0) return;
    this.known.clear();
    this.asked.clear();
    this.changed.fire();
  }
}

function isStored({ scheme }: vscode.Uri): boolean {
  return scheme === 'file' || scheme.startsWith('vscode-');
}

/** Only where it runs already: it is not woken for this. */
function gitApi(): Git | undefined {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  if (!extension?.isActive || !extension.exports.enabled) return undefined;
  return extension.exports.getAPI(1);
}

async function rulesOf(folder: vscode.Uri): Promise<FolderRules> {
  const [rules, isRoot] = await Promise.all([
    textOf(vscode.Uri.joinPath(folder, rulesFile)),
    isThere(vscode.Uri.joinPath(folder, '.git')),
  ]);
  return { isRoot, ...(rules !== undefined && { rules }) };
}

async function textOf(file: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch {
    return undefined;
  }
}

async function isThere(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
