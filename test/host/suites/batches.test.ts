import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { demoKeys } from '../../../src/sandbox/demo';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import type { Services } from '../../../src/services';
import { cleanUp, escape, eventually, Messages, run, Script, services, useKey } from './support/host';

const go = 'Continue to the confirmation…';
const all = 'All that is available';

describe('a batch', () => {
  let exchange: Sandbox;
  let own: Services;
  let messages: Messages;
  let profileId: string;

  before(async () => {
    exchange = await startSandbox({ world: 'today' });
    own = await services();
  });
  after(() => exchange.stop());
  beforeEach(async () => {
    await exchange.reset();
    await cleanUp();
    messages = new Messages();
    profileId = await useDemoKey('demo');
  });
  afterEach(async () => {
    messages.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await cleanUp();
  });

  async function useDemoKey(name: keyof typeof demoKeys): Promise<string> {
    const id = await useKey(exchange, { keys: demoKeys[name] });
    await own.accounts.refresh();
    return id;
  }

  const moves = (): number =>
    exchange
      .requests()
      .recent.reduce((sum, { method, executed }) => sum + (method === 'POST' ? executed : 0), 0);
  const held = (uid?: number): string | undefined =>
    exchange.row({ ...(uid !== undefined && { uid }), currency: 'USDT' })?.total;

  /** Sub-accounts, each with so much USDT in its funding account. */
  async function addSubs(count: number, amount: string): Promise<void> {
    for (let left = count; left > 0; left--) {
      const { uid } = exchange.addSub();
      exchange.credit({ uid, currency: 'USDT', amount });
    }
    // What was read a moment ago is not read again by itself.
    await own.accounts.refresh();
  }

  const collectAll = (): Script => new Script('USDT', 'Funding', 'Funding', '', all, go);

  it('collects from all sub-accounts that can give, after one question, and says what became of it', async () => {
    const script = collectAll();
    const [question, ...more] = await run('kucoin.transfer.collect', script);
    assert.equal(script.left, 0);
    assert.deepEqual(more, []);
    assert.equal(
      question?.message,
      'LIVE: transfer 67 USDT from Funding of sub-accounts to Funding, in 2 transfers?',
    );
    assert.equal(question.action, 'Transfer 67 USDT');
    assert.match(question.detail, /^LIVE: real funds of the profile Main\./m);
    assert.match(question.detail, /2 transfers move 67 USDT in all\./);
    const ticks = script.offered[3] ?? [];
    assert.deepEqual(ticks.slice(0, 2), ['marginSub04', 'demoSub01']);
    assert.ok(ticks.some((text) => text.startsWith('frozenSub03: The sub-account frozenSub03 is frozen.')));
    assert.ok(ticks.some((text) => text.startsWith('gridRobot7: No USDT is available')));
    const said = await messages.waitFor(
      /^Collect From Sub-Accounts: all 2 transfers are done and moved 67 USDT\.$/,
    );
    assert.deepEqual([said.severity, said.buttons], ['info', ['Details']]);
    assert.equal(held(), '2547.75');
    assert.equal(moves(), 2);
  });

  it('distributes a total in parts whose sum is exact, and tells who gets more', async () => {
    await addSubs(2, '1');
    const script = new Script(
      'USDT',
      'Funding',
      'Spot',
      'demoSub01, sub7, sub8',
      'A total in equal parts',
      '10',
      go,
    );
    const [question] = await run('kucoin.transfer.distribute', script);
    assert.match(
      question?.detail ?? '',
      /So that the sum is exact, the first rows move 0\.00000001 USDT more\. Rows: 1/,
    );
    await messages.waitFor(/all 3 transfers are done and moved 10 USDT/);
    assert.equal(held(), '2470.75');
  });

  it('takes an amount of its own for a row, and leaves a row out', async () => {
    const script = new Script(
      'USDT',
      'Funding',
      'Funding',
      '',
      all,
      'demoSub01',
      '2.5',
      'marginSub04',
      '0',
      go,
    );
    const [question] = await run('kucoin.transfer.collect', script);
    assert.match(question?.message ?? '', /transfer 2\.5 USDT .* in one transfer\?$/);
    assert.match(question?.detail ?? '', /Rows that are left out: 1/);
    await messages.waitFor(/the transfer is done and moved 2\.5 USDT/);
    assert.equal(held(), '2483.25');
  });

  it('is written as a document with a line for each row, without a secret', async () => {
    messages.press = 'Details';
    await run('kucoin.transfer.collect', collectAll());
    const text = await eventually(
      () => vscode.window.activeTextEditor?.document.getText() ?? '',
      (found) => found.includes('demoSub01'),
      'the document of the batch',
    );
    assert.match(text, /^Collect From Sub-Accounts {2}Funding of sub-accounts → Funding\n/);
    assert.match(text, /\nState: +2 done\n/);
    assert.match(text, /\n1 +marginSub04 +60 USDT +Done +[0-9a-f]{24}\n/);
    assert.match(text, /\n2 +demoSub01 +7 USDT +Done +[0-9a-f]{24}\n/);
    for (const each of Object.values(demoKeys.demo)) {
      if (typeof each === 'string' && each.length > 8) assert.ok(!text.includes(each));
    }
  });

  it('goes on with what was refused, repeats nothing, and names what is unknown', async () => {
    await addSubs(2, '5');
    exchange.setSwitches({ ledgerDelayMs: 600_000 });
    exchange.addFault({ kind: 'reset', when: 'after', match: { method: 'POST' } });
    exchange.addFault({
      kind: 'envelope',
      http: 200,
      body: { code: '230003', msg: 'Balance insufficient!' },
      when: 'before',
      skip: 1,
      match: { method: 'POST' },
    });
    await run('kucoin.transfer.collect', collectAll());
    const said = await messages.waitFor(/transfers done: 2 of 4/);
    assert.equal(said.severity, 'warning');
    assert.match(said.text, /2 done · 1 of unknown outcome · 1 not executed\./);
    assert.deepEqual(said.buttons, ['Details', 'Resume', 'Give Up…']);
    assert.equal(moves(), 3);

    const script = new Script('Collect From Sub-Accounts', go);
    await run('kucoin.transfer.resumeBatch', script);
    assert.equal(script.left, 0);
    const plan = script.offered.at(-1) ?? [];
    assert.ok(plan.includes('2 of 4 rows are done and are not repeated.'));
    assert.ok(plan.some((line) => line.startsWith('Rows of unknown outcome are not repeated, 1 in all: ')));
    await messages.waitFor(/transfers done: 3 of 4/);
    assert.equal(moves(), 4);

    const after = new Script(escape);
    await run('kucoin.transfer.resumeBatch', after);
    assert.deepEqual(after.offered, [['No batch of this profile is unfinished']]);
    const [unknown, ...others] = own.desk.unknown();
    assert.ok(unknown && others.length === 0);
    await run('kucoin.history.happened', new Script(`${unknown.intent.amount} USDT`));
    assert.deepEqual(own.desk.unknown(), []);
  });

  it('is given up on request: nothing more of it is sent, and its document says so', async () => {
    exchange.addFault({
      kind: 'envelope',
      http: 200,
      body: { code: '230003', msg: 'Balance insufficient!' },
      when: 'before',
      match: { method: 'POST' },
    });
    await run('kucoin.transfer.collect', collectAll());
    await messages.waitFor(/transfers done: 1 of 2/);
    const sent = moves();
    const [open] = await own.desk.unfinishedBatches(profileId);
    assert.ok(open);
    await run('kucoin.transfer.giveUpBatch', new Script('Collect From Sub-Accounts'), { agree: false });
    assert.equal((await own.desk.unfinishedBatches(profileId)).length, 1);
    await run('kucoin.transfer.giveUpBatch', new Script('Collect From Sub-Accounts'));
    const said = await messages.waitFor(/^The batch is over: 1 done · 1 not executed\.$/);
    assert.deepEqual(said.buttons, ['Details']);
    assert.deepEqual(await own.desk.unfinishedBatches(profileId), []);
    assert.equal(moves(), sent);
    const after = new Script(escape);
    await run('kucoin.transfer.resumeBatch', after);
    assert.deepEqual(after.offered, [['No batch of this profile is unfinished']]);
  });

  it('begins no further row when the profile is made read-only in the middle', async () => {
    await addSubs(4, '5');
    let answered = 0;
    const stop = own.desk.onDidChange(() => {
      if (++answered === 1) void own.profiles.setReadOnly(profileId, true);
    });
    await run('kucoin.transfer.collect', collectAll());
    stop.dispose();
    const said = await messages.waitFor(/read-only/);
    assert.match(said.text, /transfers done: /);
    assert.ok(moves() < 6, `moved ${moves()}`);
  });

  it('sends nothing and writes nothing when it is declined or left', async () => {
    await run('kucoin.transfer.collect', collectAll(), { agree: false });
    await run('kucoin.transfer.collect', new Script('USDT', 'Funding', 'Funding', escape));
    assert.deepEqual(messages.said, []);
    assert.equal(moves(), 0);
    assert.deepEqual(await own.desk.unfinishedBatches(profileId), []);
  });

  it('says that only a key of the master can do it', async () => {
    const id = await useDemoKey('subAccount');
    await run('kucoin.profile.check', new Script(), { argument: { profileId: id } });
    await run('kucoin.transfer.collect', new Script());
    const said = await messages.waitFor(/^Nothing was sent\. Only the key of the master account/);
    assert.equal(said.severity, 'error');
    assert.equal(moves(), 0);
  });

  it('shows why a key without the right cannot do it', async () => {
    const id = await useDemoKey('readOnly');
    await run('kucoin.profile.check', new Script(), { argument: { profileId: id } });
    const script = new Script('USDT', escape);
    await run('kucoin.transfer.collect', script);
    assert.equal(moves(), 0);
  });

  it('meets a sub-account that was frozen in between as a row that was refused', async () => {
    exchange.addFault({
      kind: 'envelope',
      http: 200,
      body: { code: '900211', msg: 'Sub account is frozen' },
      when: 'before',
      match: { method: 'POST' },
    });
    await run('kucoin.transfer.collect', collectAll());
    await messages.waitFor(/transfers done: 1 of 2, which moved 7 USDT\. 1 done · 1 not executed\./);
    assert.equal(moves(), 1);
  });

  it('says when an account has no sub-accounts', async () => {
    const body = {
      code: '200000',
      data: { currentPage: 1, pageSize: 100, totalNum: 0, totalPage: 0, items: [] },
    };
    for (const endpoint of ['getSubAccountList', 'getSubAccountBalances']) {
      exchange.addFault({ kind: 'envelope', http: 200, body, when: 'before', times: 0, match: { endpoint } });
    }
    await own.accounts.refresh();
    await run('kucoin.transfer.distribute', new Script());
    await messages.waitFor(/^This account has no sub-accounts\. Nothing was sent\.$/);
  });
});
