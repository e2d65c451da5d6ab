import assert from 'node:assert/strict';
import { isIgnoredByRules } from '../../../src/coding/gitignore';

/** A tree of folders: the text of each `.gitignore`, by folder; a repository starts where `.git` is said to be. */
async function ignores(
  path: string,
  rules: Readonly<Record<string, string>>,
  roots: readonly string[] = ['/home/dev/bot'],
): Promise<boolean> {
  return isIgnoredByRules(path, (folder) => {
    const own = rules[folder];
    return Promise.resolve({ isRoot: roots.includes(folder), ...(own !== undefined && { rules: own }) });
  });
}

describe('coding: files that git ignores, by their rules', () => {
  it('follows the rules of the repository', async () => {
    const rules = { '/home/dev/bot': '# keys\n.env\n*.secret.json\nbuild/\n' };
    assert.ok(await ignores('/home/dev/bot/.env', rules));
    assert.ok(await ignores('/home/dev/bot/deep/er/.env', rules));
    assert.ok(await ignores('/home/dev/bot/build/config.ts', rules));
    assert.ok(await ignores('/home/dev/bot/a.secret.json', rules));
    assert.ok(!(await ignores('/home/dev/bot/.env.example', rules)));
    assert.ok(!(await ignores('/home/dev/bot/src/config.ts', rules)));
  });

  it('lets the nearest folder win', async () => {
    const rules = { '/home/dev/bot': '*.env\n', '/home/dev/bot/shared': '!team.env\n/own.yaml\n' };
    assert.ok(!(await ignores('/home/dev/bot/shared/team.env', rules)));
    assert.ok(await ignores('/home/dev/bot/shared/mine.env', rules));
    assert.ok(await ignores('/home/dev/bot/shared/own.yaml', rules));
    assert.ok(!(await ignores('/home/dev/bot/shared/deep/own.yaml', rules)));
  });

  it('takes a folder in a folder of several as the repository that it is', async () => {
    const rules = { '/home/dev': '.env\n', '/home/dev/bot': 'other\n' };
    assert.ok(!(await ignores('/home/dev/bot/.env', rules)), 'the rules above the repository do not count');
    assert.ok(await ignores('/home/dev/bot/.env', rules, ['/home/dev']));
  });

  it('ignores nothing outside of a repository, and none where nothing says so', async () => {
    assert.ok(!(await ignores('/home/dev/bot/.env', { '/home/dev/bot': '.env\n' }, [])));
    assert.ok(!(await ignores('/home/dev/bot/.env', {})));
    assert.ok(!(await ignores('/.env', { '': '.env\n' }, [])));
    assert.ok(await ignores('/.env', { '': '.env\n' }, ['']));
  });

  it('comes to an end with a path of a thousand folders', async () => {
    assert.ok(!(await ignores(`${'/a'.repeat(1_000)}/.env`, { '/a': '.env\n' }, ['/a'])));
  });
});
