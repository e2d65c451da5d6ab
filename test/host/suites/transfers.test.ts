import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { demoKeys } from '../../../src/sandbox/demo';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import type { Services } from '../../../src/services';
import type { HistoryNode } from '../../../src/ui/historyTree';
import { cleanUp, escape, Messages, run, Script, services, useKey } from './support/host';

const command = 'kucoin.transfer.inner';

describe('a transfer', () => {
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
    profileId = await useKey(exchange);
    await own.accounts.refresh();
  });
  afterEach(async () => {
    messages.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await cleanUp();
  });

  /** The answers of the whole wizard; the last one is the button of the plan. */
  const answers = (amount: string): Script =>
    new Script('USDT', 'Funding', 'Spot', amount, 'Continue to the confirmation…');
  const moved = (): number =>
    exchange
      .requests()
      .recent.reduce((sum, { method, executed }) => sum + (method === 'POST' ? executed : 0), 0);

  /** The newest row of the view of transfers that is over. */
  const newestRow = async (): Promise<HistoryNode> => {
    const day = (await own.history.getChildren()).find(({ kind }) => kind === 'day');
    const [row] = await own.history.getChildren(day);
    assert.ok(day && row);
    return row;
  };

  it('moves the funds once, says so quietly, and the tree shows it', async () => {
    const [question] = await run(command, answers('12.5'));
    assert.equal(question?.message, 'LIVE: transfer 12.5 USDT from Funding to Spot?');
    assert.equal(question.action, 'Transfer 12.5 USDT');
    const said = await messages.waitFor(
      /^Transferred 12\.5 USDT from Funding to Spot\. Order id: [0-9a-f]{24}$/,
    );
    assert.equal(said.severity, 'info');
    assert.equal(moved(), 1);
    assert.equal(exchange.row({ currency: 'USDT' })?.total, '2468.25');
    const { opened } = own.sessions;
    const spot = opened?.portfolio.accounts.value?.find(({ type }) => type === 'trade');
    assert.equal(spot?.balances.find(({ currency }) => currency === 'USDT')?.total, '133');
  });

  it('asks only for what the row does not say', async () => {
    const script = new Script('Spot', '1', 'Continue to the confirmation…');
    const argument = { kind: 'balance', type: 'main', currency: 'USDT', profileId };
    await run(command, script, { argument });
    assert.equal(script.asked[0], 'To which account shall USDT go?');
    assert.equal(moved(), 1);
  });

  it('takes nothing from a row of a profile that is not active', async () => {
    const script = new Script(escape);
    const argument = { kind: 'balance', type: 'main', currency: 'USDT', profileId: 'another' };
    await run(command, script, { argument });
    assert.equal(script.asked[0], 'What shall be moved?');
    assert.equal(moved(), 0);
  });

  it('is not offered again, on or back under another profile than its own', async () => {
    await run(command, answers('12.5'));
    const row = await newestRow();
    assert.match(own.history.tree.getTreeItem(row).contextValue ?? '', /^transfer moved active\b/);
    const other = await own.profiles.add(
      { name: 'Other', site: { kind: 'custom', spot: exchange.spot }, readOnly: false },
      { key: 'k', secret: 's', passphrase: 'p', version: '3' },
    );
    await own.sessions.switchTo(other.id);
    assert.equal(await newestRow(), row);
    assert.match(own.history.tree.getTreeItem(row).contextValue ?? '', /^transfer moved otherProfile\b/);
    exchange.clearRequests();
    await run('kucoin.transfer.repeat', new Script(), { argument: row });
    await messages.waitFor(/^Nothing was sent: these funds belong to another profile\./);
    assert.equal(exchange.requests().total, 0);
    await own.profiles.remove(other.id);
  });

  it('sends nothing and writes nothing when the question is declined or a box is left', async () => {
    const before = (await own.desk.history()).length;
    await run(command, answers('12.5'), { agree: false });
    await run(command, new Script('USDT', 'Funding', escape));
    assert.deepEqual(messages.said, []);
    assert.equal(moved(), 0);
    assert.equal((await own.desk.history()).length, before);
  });

  it('is refused at once on a read-only profile, with the way out as a button', async () => {
    await run('kucoin.profile.makeReadOnly', new Script(), { argument: { profileId } });
    exchange.clearRequests();
    const script = new Script();
    await run(command, script);
    assert.deepEqual(script.asked, []);
    assert.deepEqual(messages.said, [
      {
        severity: 'error',
        text: 'This profile is read-only: nothing was moved. Allow transfers for it first, or switch to another profile.',
        buttons: ['Allow Transfers'],
      },
    ]);
    assert.equal(exchange.requests().total, 0);
  });

  it('is not sent when the profile becomes read-only while the question is open', async () => {
    own.answerWith({
      prompt: answers('12.5'),
      confirm: async () => {
        await own.profiles.setReadOnly(profileId, true);
        return true;
      },
    });
    await vscode.commands.executeCommand(command);
    await messages.waitFor(/^No money moved\. The profile Main is read-only\./);
    assert.equal(moved(), 0);
  });

  it('can be followed by the next one while the message of the last one still stands', async () => {
    messages.dispose();
    let shown = 0;
    const original = vscode.window.showInformationMessage;
    const staying = (): Promise<undefined> => {
      shown += 1;
      return new Promise(() => undefined);
    };
    Object.assign(vscode.window, { showInformationMessage: staying });
    try {
      await run(command, answers('1'));
      await run(command, answers('2'));
    } finally {
      Object.assign(vscode.window, { showInformationMessage: original });
    }
    assert.equal(shown, 2);
    assert.equal(exchange.row({ currency: 'USDT' })?.total, '2477.75');
  });

  it('of unknown outcome stands in the tree and the troubles until somebody records what happened', async () => {
    // The ledgers tell nothing, so that evidence does not answer before the person.
    exchange.setSwitches({ ledgerDelayMs: 600_000 });
    exchange.addFault({ kind: 'reset', when: 'after', match: { method: 'POST' } });
    await run(command, answers('12.5'));
    const said = await messages.waitFor(/It is not known whether the money moved\./);
    assert.equal(said.severity, 'warning');
    assert.deepEqual(said.buttons, ['Details', 'What Can Be Done…']);
    assert.equal(moved(), 1);
    assert.deepEqual(
      own.accounts.troubles.filter(({ kind }) => kind === 'unknownTransfers'),
      [{ kind: 'unknownTransfers', count: 1 }],
    );
    const [question] = await run('kucoin.history.happened', new Script('12.5 USDT'));
    assert.equal(question?.message, 'Record that this transfer happened?');
    assert.deepEqual(own.accounts.troubles, []);
    assert.equal((await own.desk.history())[0]?.moved, 'moved');
    assert.equal(moved(), 1);
  });

  it('stands in the view of transfers, as a sentence for screen readers, with its calls and ids below', async () => {
    await run(command, answers('12.5'));
    const row = await newestRow();
    const { tree } = own.history;
    const item = tree.getTreeItem(row);
    assert.equal(item.label, '12.5 USDT');
    assert.match(String(item.description), /^LIVE · Funding → Spot · \d+:\d\d/);
    assert.match(
      item.accessibilityInformation?.label ?? '',
      /^Done: 12\.5 USDT from Funding to Spot, LIVE profile Main, /,
    );
    assert.equal(item.tooltip, undefined);
    const tooltip = tree.resolveTreeItem(item, row).tooltip as vscode.MarkdownString;
    assert.match(tooltip.value.replaceAll('&nbsp;', ' '), /The money moved\./);
    const [leg] = await own.history.getChildren(row);
    assert.match(String(leg && tree.getTreeItem(leg).description), /^Done · [0-9a-f]{24}$/);
    await run('kucoin.history.copyOrderId', new Script(), { argument: leg });
    assert.equal(await vscode.env.clipboard.readText(), (await own.desk.history())[0]?.legs[0]?.orderId);
  });

  it('can be read as a document of the editor, which holds no secret', async () => {
    await run(command, answers('12.5'));
    await run('kucoin.history.details', new Script('12.5 USDT'));
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.scheme, 'kucoin-transfer');
    const text = editor.document.getText();
    assert.match(text, /^12\.5 USDT {2}Funding → Spot\n\nState: +Done\n/);
    assert.match(text, /\nProfile: +Main · LIVE\n/);
    assert.match(text, /\nOrder id: +[0-9a-f]{24}\n/);
    assert.match(text, /\nBody: +\{/);
    assert.match(
      text,
      /\nJournal\n─+\n.+ {2}confirmed and planned .+\n.+ {2}about to be sent, attempt 1 .+\n.+ {2}done, by the answer of KuCoin\n/,
    );
    const { key, secret, passphrase } = demoKeys.demo;
    for (const each of [key, secret, passphrase]) assert.ok(!text.includes(each));
  });
});
