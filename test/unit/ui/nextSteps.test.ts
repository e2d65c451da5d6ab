import { fake } from '../support/fakeVscode';
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { KucoinError, type ErrorKind } from '../../../src/kucoin/errors';
import { SandboxStoppedError } from '../../../src/host/sandboxHost';
import { userMessage } from '../../../src/ui/explainError';
import { next, nextSteps, titleOf } from '../../../src/ui/nextSteps';
import { root, texts } from '../manifest/manifest';

/** Messages about trouble that have no button, each as `file: its words`. */
function withoutButton(): string[] {
  const found: string[] = [];
  for (const file of globSync('src/ui/**/*.ts', { cwd: root })) {
    const source = ts.createSourceFile(
      file,
      readFileSync(path.join(root, file), 'utf8'),
      ts.ScriptTarget.Latest,
    );
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && node.expression.getText(source) === 'offer') {
        const [show, message, actions] = node.arguments;
        if (/show(Error|Warning)Message$/.test(show?.getText(source) ?? '') && !actions) {
          const words = /t\(\s*'([^']+)'/.exec(message?.getText(source) ?? '')?.[1];
          found.push(`${path.basename(file)}: ${words ?? message?.getText(source) ?? ''}`);
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found.sort();
}

describe('the way on that a message offers', () => {
  beforeEach(() => fake.reset());

  for (const id of nextSteps) {
    it(`is called as in the palette, and runs that command: ${id}`, async () => {
      assert.equal(titleOf(id), texts[`command.${id}`]);
      const [[title, run] = []] = Object.entries(next(id));
      assert.equal(title, titleOf(id));
      await run?.();
      assert.deepEqual(fake.commands, [id]);
    });
  }

  it('is there for every failure but those that the user meant', () => {
    const kinds: readonly ErrorKind[] = ['network', 'permission', 'otherSite', 'rateLimit', 'malformedReply'];
    for (const kind of kinds) {
      assert.ok(userMessage(new KucoinError({ kind, outcome: 'notExecuted' })).action, kind);
    }
    assert.equal(userMessage(new Error('bug')).action, 'kucoin.log.show');
    assert.equal(userMessage(new SandboxStoppedError()).action, 'kucoin.balances.refresh');
    assert.equal(userMessage(new KucoinError({ kind: 'stale', outcome: 'notExecuted' })).action, undefined);
  });

  it('is there for every message about trouble, but where the file in question is open in front of the user', () => {
    assert.deepEqual(withoutButton(), [
      'keychainCommands.ts: {file} could not be changed and saved.',
      'keychainCommands.ts: {file} still has a part of the key in another place. Remove it by hand.',
    ]);
  });
});
