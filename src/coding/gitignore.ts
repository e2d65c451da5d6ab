import ignore from 'ignore';

/** What a folder says about itself, as far as git is concerned. */
export interface FolderRules {
  /** Text of its `.gitignore`; absent where there is none. */
  readonly rules?: string;
  /** Whether a repository starts here. */
  readonly isRoot: boolean;
}

/** More folders above each other than anybody has. */
const deepest = 40;

/**
 * Whether the `.gitignore` files from a file's folder up to the start of its repository ignore the file. The rules of
 * the nearest folder win, as with git; outside of a repository nothing is ignored. Neither the index nor the rules of
 * the user's own configuration are known here: ask git itself where that is possible.
 *
 * @param path absolute, with `/` between its parts
 * @param read of a folder, by its absolute path without a `/` at the end
 */
export async function isIgnoredByRules(
  path: string,
  read: (folder: string) => Promise<FolderRules>,
): Promise<boolean> {
  let verdict: boolean | undefined;
  let folder = path;
  for (let depth = 0; depth < deepest && folder !== ''; depth++) {
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
    const { rules, isRoot } = await read(folder);
    if (rules !== undefined && verdict === undefined) {
      const { ignored, unignored } = ignore()
        .add(rules)
        .test(path.slice(folder.length + 1));
      if (ignored || unignored) verdict = ignored;
    }
    if (isRoot) return verdict === true;
  }
  return false;
}
