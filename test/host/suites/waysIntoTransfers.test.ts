import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { demoKeys } from '../../../src/sandbox/demo';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import type { Services } from '../../../src/services';
import type { TreeNode } from '../../../src/ui/accountsTree';
import {
  cleanUp,
  escape,
  eventually,
  Messages,
  run,
  Script,
  services,
  storageFolder,
  useKey,
  type Keys,
} from './support/host';

const goOn = 'Continue to the confirmation…';
const sub = { subUserId: '65aa0000000000000000b001', subName: 'demoSub01' };

describe('the ways into a transfer', () => {
  let exchange: Sandbox;
  let own: Services;
  let messages: Messages;
  let profileId: string;
  let savedFile: string;

  before(async () => {
    exchange = await startSandbox({ world: 'today' });
    own = await services();
    savedFile = path.join(await storageFolder(), 'saved-transfers.json');
  });
  after(() => exchange.stop());
  beforeEach(async () => {
    await exchange.reset();
    await cleanUp();
    await rm(savedFile, { force: true });
    messages = new Messages();
    await useKeys(demoKeys.demo);
  });
  afterEach(async () => {
    messages.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await cleanUp();
    await rm(savedFile, { force: true });
  });

  async function useKeys(keys: Keys, futures: string | undefined = exchange.futures): Promise<void> {
    const name = `Main ${keys.key.slice(-3)}`;
    profileId = await useKey({ spot: exchange.spot, ...(futures && { futures }) }, { keys, name });
    await own.accounts.refresh();
    await run('kucoin.profile.check', new Script(), { argument: { profileId } });
    messages.said.length = 0;
    exchange.clearRequests();
  }
  const moved = (): string[] =>
    exchange
      .requests()
      .recent.filter(({ method, executed }) => method === 'POST' && executed > 0)
      .map(({ endpoint = '' }) => endpoint);
  const row = (more: object): TreeNode =>
    ({ kind: 'balance', id: 'x', profileId, currency: 'USDT', ...more }) as TreeNode;

  describe('by one endpoint', () => {
    it('go through the calls that KuCoin documents under these names', async () => {
      await run('kucoin.transfer.sub', new Script('USDT', 'Funding', 'Spot · demoSub01', '1', goOn));
      await run('kucoin.transfer.sub', new Script('USDT', 'Spot · demoSub01', 'Funding', '2', goOn));
      await run('kucoin.transfer.futuresIn', new Script('USDT', 'Spot', '3', goOn));
      await run('kucoin.transfer.futuresOut', new Script('USDT', 'Funding', '4', goOn));
      assert.deepEqual(moved(), ['subTransfer', 'subTransfer', 'futuresTransferIn', 'futuresTransferOut']);
      assert.equal(exchange.row({ currency: 'USDT' })?.total, '2485.75');
    });

    it('use Flex Transfer with a key that is bound to addresses', async () => {
      await useKeys(flexKey());
      await run('kucoin.transfer.flex', new Script('USDT', 'Funding', 'Cross Margin', '1', goOn));
      await run('kucoin.transfer.flex', new Script('USDT', 'Funding', 'Spot · demoSub01', '1', goOn));
      await run('kucoin.transfer.flex', new Script('USDT', 'Futures · demoSub01', 'Funding', '1', goOn));
      assert.deepEqual(moved(), ['flexTransfer', 'flexTransfer', 'flexTransfer']);
    });

    it('say before the first question that a key without addresses cannot use Flex Transfer', async () => {
      const script = new Script();
      await run('kucoin.transfer.flex', script);
      assert.deepEqual(script.asked, []);
      assert.match(messages.said[0]?.text ?? '', /^No money moved\. .*FlexTransfers but no IP list/);
      assert.deepEqual(moved(), []);
    });

    it('say that a site has no futures', async () => {
      const { key, secret, passphrase } = demoKeys.demo;
      await cleanUp();
      await useKeys({ key, secret, passphrase }, '');
      for (const command of ['futuresIn', 'futuresOut', 'outList']) {
        messages.said.length = 0;
        await run(`kucoin.transfer.${command}`, new Script());
        assert.match(messages.said[0]?.text ?? '', /has no futures/, command);
      }
    });

    it('are refused on a read-only profile before anything is asked or read', async () => {
      await run('kucoin.profile.makeReadOnly', new Script(), { argument: { profileId } });
      exchange.clearRequests();
      for (const command of ['flex', 'sub', 'futuresOut', 'futuresIn', 'runSaved']) {
        messages.said.length = 0;
        const script = new Script();
        await run(`kucoin.transfer.${command}`, script);
        assert.deepEqual(script.asked, []);
        assert.match(messages.said[0]?.text ?? '', /^This profile is read-only: nothing was moved\./);
      }
      own.dragAndDrop.handleDrop(row({ type: 'trade' }), dragged(row({ type: 'main' })));
      await eventually(
        () => messages.said.length,
        (count) => count === 2,
        'the refusal of the drop',
      );
      assert.equal(exchange.requests().total, 0);
    });
  });

  describe('from a row', () => {
    it('of a sub-account, of a pair and of futures take all that the row says', async () => {
      for (const [place, asked] of [
        [{ type: 'main', ...sub }, 'Funding · demoSub01'],
        [{ type: 'isolated', tag: 'BTC-USDT' }, 'Isolated Margin BTC-USDT'],
        // What is kept there is not a pair.
        [{ type: 'contract', tag: 'USDT' }, 'Futures'],
      ] as const) {
        const script = new Script('Spot', escape);
        await run('kucoin.transfer.funds', script, { argument: row(place) });
        assert.equal(script.asked[0], 'To which account shall USDT go?');
        assert.ok(script.asked[1]?.startsWith(`How much USDT from ${asked} to Spot?`), script.asked[1]);
      }
    });

    it('say at once what the one endpoint cannot do with it', async () => {
      const script = new Script();
      await run('kucoin.transfer.inner', script, { argument: row({ type: 'main', ...sub }) });
      assert.deepEqual(script.asked, []);
      assert.match(
        messages.said[0]?.text ?? '',
        /Internal Transfer moves funds within one account holder only/,
      );
    });
  });

  describe('by drag and drop', () => {
    it('ask for the amount only, and move the funds once', async () => {
      const script = new Script('1.5', goOn);
      own.answerWith({ prompt: script, confirm: () => Promise.resolve(true) });
      own.dragAndDrop.handleDrop(
        { kind: 'account', id: 'y', profileId, type: 'trade' },
        dragged(row({ type: 'main' })),
      );
      await messages.waitFor(/^Transferred 1\.5 USDT from Funding to Spot\./);
      assert.match(script.asked[0] ?? '', /^How much USDT from Funding to Spot\?/);
      assert.equal(moved().length, 1);
    });

    it('do nothing with what comes from elsewhere or lands beside the rows', () => {
      own.dragAndDrop.handleDrop(row({ type: 'main' }), new vscode.DataTransfer());
      own.dragAndDrop.handleDrop(undefined, dragged(row({ type: 'main' })));
      assert.deepEqual(messages.said, []);
    });

    it('say why a way does not exist, before the amount is asked for', async () => {
      const script = new Script();
      own.answerWith({ prompt: script });
      const frozen = { subUserId: '65aa0000000000000000b003', subName: 'frozenSub03' };
      own.dragAndDrop.handleDrop(row({ type: 'trade', ...frozen }), dragged(row({ type: 'main' })));
      const said = await messages.waitFor(/^No money moved\./);
      assert.match(said.text, /The sub-account frozenSub03 is frozen/);
      assert.deepEqual(script.asked, []);
    });
  });

  describe('by saved transfers', () => {
    const transferOnce = (amount: string): Promise<unknown> =>
      run('kucoin.transfer.funds', new Script('USDT', 'Funding', 'Spot', amount, goOn));

    it('begin with the plan, whose amount is as it was saved', async () => {
      await transferOnce('12.5');
      await run('kucoin.transfer.save', new Script('12.5 USDT', '  Weekly   top-up '));
      await messages.waitFor(/^Saved as "Weekly top-up"\. No money moved\.$/);
      assert.equal(moved().length, 1);
      const script = new Script('Weekly top-up', goOn);
      const [question] = await run('kucoin.transfer.runSaved', script);
      assert.equal(question?.message, 'LIVE: transfer 12.5 USDT from Funding to Spot?');
      assert.deepEqual(script.asked, [
        'Which saved transfer shall be made?',
        'Check the plan. Nothing has been sent yet.',
      ]);
      assert.equal(moved().length, 2);
    });

    it('begin with the amount where it does not do any more', async () => {
      await transferOnce('900');
      await run('kucoin.transfer.save', new Script('900 USDT', 'Most of it'));
      exchange.mark({ type: 'main', currency: 'USDT', held: '1500' });
      await own.accounts.refresh();
      const script = new Script('Most of it', escape);
      await run('kucoin.transfer.runSaved', script);
      assert.match(script.asked[1] ?? '', /^How much USDT from Funding to Spot\? Up to 80\.75/);
    });

    it('are offered by the message about a transfer, and by its row in the view of transfers', async () => {
      await transferOnce('1');
      assert.deepEqual((await messages.waitFor(/^Transferred/)).buttons, ['Details', 'Save…']);
      const [newest] = await own.desk.history();
      const argument = { kind: 'transfer', transferId: newest?.id };
      await run('kucoin.transfer.save', new Script('One'), { argument });
      await messages.waitFor(/^Saved as "One"/);
    });

    it('can be renamed and removed, and a removal can be taken back', async () => {
      await transferOnce('1');
      await run('kucoin.transfer.save', new Script('1 USDT', 'One'));
      await run('kucoin.transfer.manageSaved', new Script('One', 'Rename…', 'Uno'));
      messages.press = 'Undo';
      await run('kucoin.transfer.manageSaved', new Script('Uno', 'Remove'));
      await messages.waitFor(/^The saved transfer "Uno" is back\.$/);
      messages.press = undefined;
      await run('kucoin.transfer.manageSaved', new Script('Uno', 'Remove'));
      const script = new Script(escape);
      await run('kucoin.transfer.runSaved', script);
      assert.deepEqual(script.offered[0], ['This profile has no saved transfer yet', 'Save Transfer…']);
    });

    it('begin anew when the file is damaged, which is kept, and nothing is lost silently', async () => {
      await writeFile(savedFile, '{"format": "kucoin-acc');
      await run('kucoin.transfer.runSaved', new Script(escape));
      const { text } = await messages.waitFor(/saved transfers was damaged/);
      const names = (await readdir(path.dirname(savedFile))).filter((name) =>
        name.includes('.json.damaged-'),
      );
      const kept = names.find((name) => name.startsWith('saved-transfers'));
      assert.ok(kept && text.includes(kept), text);
      assert.equal(
        await readFile(path.join(path.dirname(savedFile), kept), 'utf8'),
        '{"format": "kucoin-acc',
      );
      await rm(path.join(path.dirname(savedFile), kept));
    });

    it('leave a file of a newer version alone', async () => {
      const newer = '{"format":"kucoin-accounts saved transfers","version":2}';
      await writeFile(savedFile, newer);
      await transferOnce('1');
      for (const [command, script] of [
        ['runSaved', new Script()],
        ['manageSaved', new Script()],
        ['save', new Script('1 USDT')],
      ] as const) {
        messages.said.length = 0;
        await run(`kucoin.transfer.${command}`, script);
        assert.match(
          messages.said[0]?.text ?? '',
          /newer version .* Nothing was changed, and no money moved\.$/,
        );
      }
      assert.equal(await readFile(savedFile, 'utf8'), newer);
    });

    it('are those of the active profile', async () => {
      await transferOnce('1');
      await run('kucoin.transfer.save', new Script('1 USDT', 'One'));
      await useKeys(demoKeys.subAccount);
      const script = new Script(escape);
      await run('kucoin.transfer.runSaved', script);
      assert.deepEqual(script.offered[0], ['This profile has no saved transfer yet', 'Save Transfer…']);
    });
  });

  it('warn in the question when the key can withdraw, and only then', async () => {
    const answers = (): Script => new Script('USDT', 'Funding', 'Spot', '1', goOn);
    const [without] = await run('kucoin.transfer.funds', answers());
    assert.doesNotMatch(without?.detail ?? '', /withdraw/);
    await useKeys(demoKeys.withdrawal);
    const [question] = await run('kucoin.transfer.funds', answers());
    assert.match(question?.detail ?? '', /^This API key may also withdraw from KuCoin/);
  });

  describe('what belongs to them', () => {
    const text = (): string => vscode.window.activeTextEditor?.document.getText() ?? '';

    it('how much can be transferred, as a read-only document', async () => {
      await run('kucoin.transfer.quotas', new Script('Isolated Margin', 'usdt', 'BTC-USDT'));
      assert.equal(vscode.window.activeTextEditor?.document.uri.scheme, 'kucoin-answer');
      assert.match(text(), /^Get Transfer Quotas\n\nCall: +GET \/api\/v1\/accounts\/transferable\n/);
      assert.match(text(), /\nAccount: +Isolated Margin BTC-USDT \(ISOLATED\)\nCurrency: +USDT\n/);
      assert.match(text(), /\nTransferable: +[\d.]+\n$/);
      await run('kucoin.transfer.quotas', new Script(), { argument: row({ type: 'main' }) });
      assert.match(text(), /\nTransferable: +2,480\.75\n$/);
    });

    it('the list of transfers out of futures, marked as superseded', async () => {
      await run('kucoin.transfer.futuresOut', new Script('USDT', 'Funding', '4', goOn));
      await messages.waitFor(/4 USDT/);
      await run('kucoin.transfer.outList', new Script());
      assert.match(text(), /^Get Futures Account Transfer Out Ledger \(superseded\)\n/);
      assert.match(text(), /\nCreated +Status +Amount +Apply id/);
      assert.match(text(), /Z +SUCCESS +4 USDT +\w+/);
    });
  });

  function dragged(...rows: TreeNode[]): vscode.DataTransfer {
    const data = new vscode.DataTransfer();
    own.dragAndDrop.handleDrag(rows, data);
    return data;
  }

  function flexKey(): { key: string; secret: string; passphrase: string } {
    const made = {
      key: 'de300000000000000000f1e8',
      secret: '00000000-flex-demo-demo-000000000000',
      passphrase: 'demo-passphrase',
    };
    exchange.addKey({ ...demoKeys.demo, ...made, remark: 'flex', ips: ['127.0.0.1'] });
    return made;
  }
});
