import assert from 'node:assert/strict';
import { add, decimal, subtract, type Decimal } from '../../../src/kucoin/decimal';
import type { World } from '../../../src/kucoin/vocabulary';
import { demoKeys, marginSubUid, masterUid, subUid } from '../../../src/sandbox/demo';
import { eventually, useWorkbench, type TreeView, type Workbench } from '../harness';
import { Control } from './support/control';
import { openDemo, waitForFigure, waitForValues } from './support/steps';

/** An account as the wizard lists it and as the ledger of the sandbox knows it. */
interface Side {
  readonly label: string;
  readonly uid: number;
  readonly type: string;
  readonly tag: string;
}

interface Kind {
  readonly name: string;
  readonly from: Side;
  readonly to: Side;
  /** The calls that it takes, as they are named in the catalogue. */
  readonly calls: readonly string[];
  readonly command?: string;
  /** The wizard does not ask for what the endpoint leaves no choice of. */
  readonly known?: 'from' | 'to';
}

const side = (label: string, type: string, uid = masterUid, tag = ''): Side => ({ label, type, uid, tag });
const funding = side('Funding', 'main');
const spot = side('Spot', 'trade');
const futures = side('Futures', 'contract');
const subSpot = side('Spot · demoSub01', 'trade', subUid);

/** One of each kind; the key of the demo account has no IP list, so none goes by Flex Transfer. */
const kinds: readonly Kind[] = [
  { name: 'funding to spot', from: funding, to: spot, calls: ['innerTransfer'] },
  { name: 'to cross margin', from: funding, to: side('Cross Margin', 'margin'), calls: ['innerTransfer'] },
  {
    name: 'to an isolated pair',
    from: funding,
    to: side('Isolated Margin', 'isolated', masterUid, 'BTC-USDT'),
    calls: ['innerTransfer'],
  },
  { name: 'master to sub-account', from: funding, to: subSpot, calls: ['subTransfer'] },
  { name: 'sub-account to master', from: subSpot, to: spot, calls: ['subTransfer'] },
  {
    name: 'sub-account to sub-account, over the master',
    from: subSpot,
    to: side('Funding · marginSub04', 'main', marginSubUid),
    calls: ['subTransfer', 'subTransfer'],
  },
  {
    name: 'into futures, by its endpoint',
    command: 'Futures Account Transfer In…',
    known: 'to',
    from: spot,
    to: futures,
    calls: ['futuresTransferIn'],
  },
  {
    name: 'out of futures, by its endpoint',
    command: 'Futures Account Transfer Out…',
    known: 'from',
    from: futures,
    to: funding,
    calls: ['futuresTransferOut'],
  },
];

const ofSeed: readonly Kind[] = [
  {
    name: 'into the separate HF account',
    from: funding,
    to: side('Spot HF', 'trade_hf'),
    calls: ['innerTransfer'],
  },
  {
    name: 'over cross margin into its HF account',
    from: funding,
    to: side('Cross Margin HF', 'margin_v2'),
    calls: ['innerTransfer', 'innerTransfer'],
  },
];

/** With the key bound to addresses everything goes by Flex Transfer. */
const byFlex: readonly Kind[] = [
  { name: 'INTERNAL', from: funding, to: spot, calls: ['flexTransfer'], command: 'Flex Transfer…' },
  { name: 'PARENT_TO_SUB', from: funding, to: subSpot, calls: ['flexTransfer'], command: 'Flex Transfer…' },
  { name: 'SUB_TO_PARENT', from: subSpot, to: funding, calls: ['flexTransfer'], command: 'Flex Transfer…' },
];

describe('the ways into a transfer', () => {
  const ui = useWorkbench({
    viewport: { width: 1400, height: 900 },
    settings: { 'kucoin.balances.refreshInterval': 0, 'kucoin.live.updates': 'never' },
  });
  const today = new Control(ui);
  let view: TreeView;

  before('open the demo account', async () => {
    view = await openDemo(ui());
  });

  describe('that people take', () => {
    it('begin at a row, whose menu opens the wizard', async () => {
      const menu = await view.contextMenu('USDT');
      await menu.choose('Transfer Funds…');
      await ui().quickInput.waitForTitle('Transfer Funds · Local KuCoin · DEMO (1/3)');
      await ui().quickInput.escape();
      await ui().quickInput.waitClosed();
    });

    it('begin with a drag from row to row, which leaves only the amount to say', async () => {
      await view.row('USDT').dragTo(view.row('Spot'));
      await ui().quickInput.waitForTitle('(1/2)');
      const question = await ui().quickInput.waitForMessage('can be moved');
      assert.match(question, /^How much USDT from Funding to Spot\? Up to 2,480\.75/);
      await ui().screenshot('dropped');
      await confirm(ui(), '12.5');
      await ui().notifications.waitFor('Transferred 12.5 USDT from Funding to Spot.');
      await waitForFigure(view, 'Funding', 'USDT', '2,468.25');
      assert.deepEqual(await today.transfers(), { asked: 1, executed: 1 });
    });

    it('refuse a drop on the same account with a sentence', async () => {
      await view.row('BTC').dragTo(view.row('Funding'));
      await ui().notifications.waitFor('Nothing was moved: BTC is in this account already.');
      await ui().screenshot('dropped-on-itself');
      await ui().notifications.dismiss('Nothing was moved');
    });

    it('keep a transfer under a name, and run it from the plan', async () => {
      const { quickInput, notifications } = ui();
      await notifications.clickAction('Transferred 12.5 USDT', 'Save…');
      await quickInput.waitForTitle('Save Transfer · Local KuCoin · DEMO');
      await ui().screenshot('save');
      await quickInput.type('Weekly top-up');
      await quickInput.accept();
      await notifications.waitFor('Saved as "Weekly top-up". No money moved.');
      await notifications.dismiss('Saved as');
      await ui().runCommand('KuCoin: Run Saved Transfer…');
      await quickInput.waitForItems((items) => items.some(({ label }) => label === 'Weekly top-up'));
      await ui().screenshot('saved');
      await quickInput.pick('Weekly top-up');
      await quickInput.waitForTitle('Weekly top-up · Local KuCoin · DEMO (2/2)');
      await ui().screenshot('saved-plan');
      await quickInput.back();
      await quickInput.waitForTitle('(1/2)');
      await quickInput.waitForMessage('can be moved');
      assert.equal(await quickInput.value(), '12.5');
      await confirm(ui(), '7.5');
      await notifications.waitFor('Transferred 7.5 USDT from Funding to Spot.');
      await waitForFigure(view, 'Funding', 'USDT', '2,460.75');
      await notifications.dismiss('Transferred 7.5');
    });

    it('repeat a transfer', async () => {
      const { quickInput, notifications } = ui();
      await ui().runCommand('KuCoin: Repeat Transfer…');
      await quickInput.waitForItems((items) => items.length >= 2);
      await ui().screenshot('repeat');
      await quickInput.pick('7.5 USDT · Funding → Spot');
      await quickInput.waitForTitle('(1/2)');
      await quickInput.waitForMessage('can be moved');
      await confirm(ui(), '7.5');
      await waitForFigure(view, 'Funding', 'USDT', '2,453.25');
      await notifications.waitFor('Transferred 7.5 USDT');
      await notifications.dismiss('Transferred 7.5');
    });

    it('say before the first question what the key cannot do', async () => {
      await ui().runCommand('KuCoin: Flex Transfer…');
      await ui().notifications.waitFor('FlexTransfers but no IP list');
      await ui().screenshot('no-ip-list');
      await ui().notifications.dismiss('FlexTransfers');
    });

    it('end with the list of transfers out, and with quotas, to be read', async () => {
      await ui().runCommand('KuCoin: Get Futures Account Transfer Out Ledger');
      await ui().editor.waitForText('Nothing was transferred out of futures by this call.');
      await ui().runCommand('KuCoin: Get Transfer Quotas…');
      await ui().quickInput.pick('Funding');
      await ui().quickInput.waitForMessage('Currency, as KuCoin writes it');
      await ui().quickInput.type('usdt');
      await ui().quickInput.accept();
      const text = await ui().editor.waitForText('Transferable:');
      assert.match(text, /Transferable: +2,453\.25\n/);
      await ui().screenshot('quotas');
    });
  });

  describe('for each kind of transfer', () => {
    for (const kind of kinds) it(`today: ${kind.name}`, () => carryOut(kind, 'today'));

    it('today: bind the key to addresses', () => bindKey('today'));
    for (const kind of byFlex) it(`today, Flex Transfer: ${kind.name}`, () => carryOut(kind, 'today'));

    it('in the world as first documented', async () => {
      await ui().runCommand('KuCoin: Open Demo Account (KuCoin as First Documented)');
      await view.waitForRow('Local KuCoin of 2023');
      await waitForValues(view);
    });
    for (const kind of [...kinds, ...ofSeed]) it(`seed: ${kind.name}`, () => carryOut(kind, 'seed'));

    it('seed: bind the key to addresses', () => bindKey('seed'));
    for (const kind of byFlex) it(`seed, Flex Transfer: ${kind.name}`, () => carryOut(kind, 'seed'));
  });

  /** Gives the key of the demo account an IP list, and lets the extension look at it again. */
  async function bindKey(world: World): Promise<void> {
    const { permissions, ...key } = demoKeys.demo;
    const { key: id, secret, passphrase, uid } = key;
    await new Control(ui, world).addKey({
      key: id,
      secret,
      passphrase,
      uid,
      permissions: [...permissions],
      ips: ['127.0.0.1'],
    });
    await ui().runCommand('KuCoin: Check API Key');
    // With a second demo account it asks which.
    if (world === 'seed') await ui().quickInput.pick('Local KuCoin of 2023');
    await ui().notifications.waitFor('works: uid');
    await ui().notifications.dismiss('works: uid');
  }

  /** The whole wizard by keyboard, then the ledger: both sides changed by the amount, and nothing else did. */
  async function carryOut(kind: Kind, world: World): Promise<void> {
    const { from, to, calls, command = 'Transfer Funds…', known } = kind;
    const { quickInput, notifications } = ui();
    const control = new Control(ui, world);
    const amount = '1.5';
    const before = await totals(control);
    await control.clearRequests();
    await ui().runCommand(`KuCoin: ${command}`);
    await asked('What shall be moved?');
    await quickInput.pick('USDT');
    if (known !== 'from') {
      await asked('From which account');
      await quickInput.pick(from.label);
    }
    if (known !== 'to') {
      await asked('To which account');
      await quickInput.pick(to.label);
    }
    if (to.tag) {
      await quickInput.waitForMessage('Trading pair of the isolated margin account');
      await quickInput.type(to.tag);
      await quickInput.accept();
    }
    await quickInput.waitForMessage('can be moved');
    if (calls.length > 1) await ui().screenshot(`${world}-amount`);
    const question = await confirm(ui(), amount);
    assert.match(question, /^DEMO: transfer 1\.5 USDT from /);
    await notifications.waitFor('1.5 USDT');
    const { recent } = await control.requests();
    assert.deepEqual(
      recent
        .filter(({ method, executed }) => method === 'POST' && executed > 0)
        .map(({ endpoint }) => endpoint),
      calls,
    );
    const expected = new Map(before);
    change(expected, from, subtract, amount);
    change(expected, to, add, amount);
    assert.deepEqual([...(await totals(control))].sort(), [...expected].sort());
    await notifications.dismiss('1.5 USDT');
  }

  function asked(words: string): Promise<string> {
    return eventually(
      () => ui().quickInput.placeholder(),
      (text) => text.startsWith(words),
      `the question "${words}"`,
    );
  }
});

/** From the amount to the answer of the modal; returns what that asked. */
async function confirm({ quickInput, dialog }: Workbench, amount: string): Promise<string> {
  await quickInput.type(amount);
  await quickInput.accept();
  await quickInput.waitForItems((items) => items.some(({ label }) => label.startsWith('Continue')));
  await quickInput.accept();
  const question = await dialog.message();
  await dialog.click(`Transfer ${amount} USDT`);
  return question;
}

const keyOf = ({ uid, type, tag }: Pick<Side, 'uid' | 'type' | 'tag'>): string => `${uid} ${type} ${tag}`;

/** What every account of every user holds of USDT, but for those that hold none. */
async function totals(control: Control): Promise<Map<string, string>> {
  const rows = (await control.ledger()).filter(({ currency, total }) => currency === 'USDT' && total !== '0');
  return new Map(rows.map((row) => [keyOf(row), row.total]));
}

function change(
  held: Map<string, string>,
  account: Side,
  effect: (before: Decimal, amount: Decimal) => Decimal,
  amount: string,
): void {
  held.set(keyOf(account), effect(decimal(held.get(keyOf(account)) ?? '0'), decimal(amount)));
}
