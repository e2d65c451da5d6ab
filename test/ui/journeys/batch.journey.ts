import assert from 'node:assert/strict';
import { eventually, useWorkbench } from '../harness';
import { Control } from './support/control';
import { openDemo } from './support/steps';

const collect = 'KuCoin: Collect From Sub-Accounts…';
const distribute = 'KuCoin: Distribute To Sub-Accounts…';

/** A batch may have to wait for a whole window of the quota. */
const batchMs = 90_000;

describe('a batch over fifty sub-accounts', () => {
  const ui = useWorkbench({
    theme: 'dark',
    viewport: { width: 1400, height: 860 },
    settings: { 'kucoin.balances.refreshInterval': 0, 'kucoin.live.updates': 'never' },
  });
  const control = new Control(ui);
  /** Sub-accounts that have USDT in their funding account, and how much. */
  const funded = new Map([
    [700100201, '7'],
    [700100204, '60'],
  ]);
  let entriesBefore = 0;

  before('open the demo account, with forty-eight more sub-accounts', async function () {
    this.timeout(120_000);
    await openDemo(ui());
    for (let n = 1; n <= 48; n++) {
      const uid = await control.addSub({ name: `bot${String(n).padStart(2, '0')}` });
      await control.credit({ uid, currency: 'USDT', amount: '5' });
      funded.set(uid, '5');
    }
    entriesBefore = (await control.books()).journal.length;
    // What was read a moment ago counts as known: a person who waits for new sub-accounts asks again.
    await ui().runCommand('KuCoin: Refresh Balances');
  });

  /** How often each sub-account gave something to the master since the start. */
  async function moves(): Promise<Map<number, string[]>> {
    const { journal } = await control.books();
    const found = new Map<number, string[]>();
    for (const { uid, amount, direction } of journal.slice(entriesBefore)) {
      if (direction === 'out') found.set(uid, [...(found.get(uid) ?? []), amount]);
    }
    return found;
  }

  it('asks for the rows in a list to tick, with what cannot be ticked and why', async () => {
    const { quickInput } = ui();
    await ui().runCommand(collect);
    await quickInput.waitForTitle('(1/7)');
    await quickInput.waitForItems((items) => items.some(({ label }) => label === 'USDT'));
    await ui().screenshot('currency');
    await quickInput.pick('USDT');
    await quickInput.waitForTitle('(2/7)');
    await ui().screenshot('from');
    await quickInput.pick('Funding');
    await quickInput.waitForTitle('(3/7)');
    await quickInput.pick('Funding');
    await quickInput.waitForTitle('(4/7)');
    await quickInput.waitForMessage('50 of 52 sub-accounts, with 307 USDT available');
    await ui().screenshot('rows');
    await quickInput.type('frozen');
    const [frozen] = await quickInput.waitForItems((items) => items.length === 1);
    assert.match(frozen?.detail ?? '', /^The sub-account frozenSub03 is frozen\./);
    await ui().page.keyboard.press('ArrowDown');
    await ui().page.keyboard.press('Space');
    await quickInput.waitForMessage('The sub-account frozenSub03 is frozen.');
    await ui().screenshot('rows-refused');
    await quickInput.type('');
    await quickInput.accept();
    await quickInput.waitForTitle('(5/7)');
    await ui().screenshot('amount-rule');
    await quickInput.pick('All that is available');
    await quickInput.waitForTitle('(6/6)');
    const items = await quickInput.waitForItems((found) =>
      found.some(({ label }) => label.startsWith('Continue')),
    );
    assert.ok(items.some(({ label }) => label === '50 transfers move 307 USDT in all.'));
    await ui().screenshot('plan');
  });

  it('asks once, shows its progress, and stops half-way when it is cancelled', async () => {
    const { quickInput, dialog, notifications } = ui();
    // The twenty-sixth row takes its time, so that Cancel meets it.
    await control.fault({
      kind: 'delay',
      ms: 6_000,
      when: 'after',
      skip: 25,
      match: { endpoint: 'subTransfer' },
    });
    await quickInput.accept();
    assert.equal(
      await dialog.message(),
      'DEMO: transfer 307 USDT from Funding of sub-accounts to Funding, in 50 transfers?',
    );
    await ui().screenshot('confirm');
    await dialog.click('Transfer 307 USDT');
    await eventually(
      () => notifications.list(),
      (all) => all.some(({ message }) => message.includes('26 of 50')),
      'the twenty-sixth row',
      batchMs,
    );
    await eventually(
      () => control.faultHits(),
      (hits) => hits === 1,
      'the twenty-sixth transfer to be on its way',
    );
    await ui().screenshot('progress');
    await notifications.clickAction('26 of 50', 'Cancel');
    const told = await notifications.waitFor('transfers done: 26 of 50');
    assert.match(told.message, /26 done · 24 not begun\./);
    assert.deepEqual(told.actions, ['Details', 'Resume', 'Give Up…']);
    await ui().screenshot('cancelled');
    const moved = await moves();
    assert.equal(moved.size, 26);
  });

  it('has a document with a line for each row', async () => {
    await ui().notifications.clickAction('transfers done: 26 of 50', 'Details');
    const text = await ui().editor.waitForText('What to do');
    assert.match(text, /State: +26 done · 24 not begun/);
    assert.match(text, /\n50 +bot\d\d +5 USDT +Not begun/);
    assert.match(text, /\n ?1 +marginSub04 +60 USDT +Done +[0-9a-f]{24}/);
    await ui().screenshot('document');
  });

  it('goes on after a restart of the window, within the quota, and repeats nothing', async function () {
    this.timeout(batchMs * 2);
    await ui().reload();
    await ui().openView('KuCoin');
    const { quickInput, dialog, notifications } = ui();
    await ui().runCommand('KuCoin: Resume Batch…');
    const [batch] = await quickInput.waitForItems((items) =>
      items.some(({ label }) => label.includes('307 USDT')),
    );
    assert.equal(batch?.description, '26 done · 24 not begun');
    await ui().screenshot('resume');
    await quickInput.accept();
    const plan = await quickInput.waitForItems((items) =>
      items.some(({ label }) => label.startsWith('Continue')),
    );
    assert.ok(plan.some(({ label }) => label === '26 of 50 rows are done and are not repeated.'));
    await ui().screenshot('resume-plan');
    await quickInput.accept();
    assert.match(await dialog.message(), /in 24 transfers\?$/);
    await dialog.click('Transfer 120 USDT');
    await eventually(
      () => notifications.list(),
      (all) => all.some(({ message }) => message.includes('all 50 transfers are done and moved 307 USDT')),
      'the end of the batch',
      batchMs,
    );
    await ui().screenshot('done');
    const moved = await moves();
    assert.deepEqual(
      new Map([...moved].map(([uid, amounts]) => [uid, amounts.join(', ')])),
      new Map(funded),
      'each row moved exactly once',
    );
    assert.equal(await control.total('main', 'USDT'), '2787.75');
    const { recent } = await control.requests();
    assert.equal(recent.filter(({ http }) => http === 429).length, 0);
  });

  it('is over then', async () => {
    const { quickInput } = ui();
    await ui().runCommand('KuCoin: Resume Batch…');
    await quickInput.waitForItems((items) =>
      items.some(({ label }) => label === 'No batch of this profile is unfinished'),
    );
    await quickInput.escape();
  });
});

describe('a distribution in the world of 2023', () => {
  const ui = useWorkbench({
    theme: 'light',
    settings: { 'kucoin.balances.refreshInterval': 0, 'kucoin.live.updates': 'never' },
  });
  const control = new Control(ui, 'seed');

  before('open the demo account', async () => {
    await openDemo(ui(), 'Demo of KuCoin as First Documented');
  });

  it('gives the parts of a total that does not divide, to the last digit', async () => {
    const { quickInput, dialog, notifications } = ui();
    await ui().runCommand(distribute);
    await quickInput.waitForTitle('(1/7)');
    await quickInput.waitForItems((items) => items.some(({ label }) => label === 'USDT'));
    await quickInput.pick('USDT');
    await quickInput.waitForTitle('(2/7)');
    await quickInput.pick('Funding');
    await quickInput.waitForTitle('(3/7)');
    await quickInput.pick('Spot');
    await quickInput.waitForTitle('(4/7)');
    await quickInput.waitForMessage('0 of 4 sub-accounts');
    await quickInput.accept();
    await quickInput.waitForMessage('Tick at least one row.');
    await quickInput.pickMany('demoSub01', 'gridRobot7', 'marginSub04');
    await quickInput.waitForTitle('(5/7)');
    await quickInput.pick('A total in equal parts');
    await quickInput.waitForTitle('(6/7)');
    await quickInput.waitForMessage('Up to');
    await quickInput.type('10');
    await quickInput.waitForMessage('10 USDT in all, in 3 of 3 rows.');
    await ui().screenshot('seed-amount');
    await quickInput.accept();
    await quickInput.waitForTitle('(7/7)');
    await quickInput.waitForItems((items) => items.some(({ label }) => label.startsWith('Continue')));
    await ui().screenshot('seed-plan');
    await quickInput.accept();
    assert.match(
      await dialog.message(),
      /^DEMO: transfer 10 USDT from Funding to Spot of sub-accounts, in 3 transfers\?$/,
    );
    await ui().screenshot('seed-confirm');
    await dialog.click('Transfer 10 USDT');
    await notifications.waitFor('all 3 transfers are done and moved 10 USDT');
    assert.equal(await control.total('main', 'USDT'), '2470.75');
    assert.equal((await control.transfers()).executed, 3);
  });
});
