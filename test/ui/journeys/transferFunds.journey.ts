import assert from 'node:assert/strict';
import { useWorkbench } from '../harness';
import { Control } from './support/control';
import { openDemo, waitForFigure } from './support/steps';

describe('transfer funds to anywhere in the family', () => {
  const ui = useWorkbench({ theme: 'dark', viewport: { width: 1400, height: 860 } });
  const control = new Control(ui);

  before('open the demo account', async () => {
    await openDemo(ui());
  });

  /** Title of the wizard up to the plan; the label of an account is its type, in the group of its owner. */
  async function walk(currency: string, from: string, to: string, amount: string): Promise<void> {
    const { quickInput } = ui();
    await ui().runCommand('KuCoin: Transfer Funds…');
    await quickInput.waitForTitle('(1/5)');
    await quickInput.waitForItems((items) => items.some(({ label }) => label === currency));
    await quickInput.pick(currency);
    await quickInput.waitForTitle('(2/5)');
    await quickInput.pick(from);
    await quickInput.waitForTitle('(3/5)');
    await ui().screenshot('targets');
    await quickInput.pick(to);
    await quickInput.waitForTitle('(4/5)');
    await quickInput.waitForMessage('can be moved');
    await quickInput.type(amount);
    await quickInput.accept();
    await quickInput.waitForTitle('(5/5)');
    await quickInput.waitForItems((items) => items.some(({ label }) => label.startsWith('Continue')));
    await ui().screenshot('plan');
  }

  it('moves funds to a sub-account by the call that the key allows', async () => {
    const { quickInput, dialog, notifications } = ui();
    await walk('USDT', 'Funding', 'Spot · demoSub01', '12.5');
    const plan = (await quickInput.items()).map(({ label }) => label).join('\n');
    assert.match(plan, /demoSub01/);
    await quickInput.accept();
    assert.match(await dialog.message(), /^DEMO: transfer 12\.5 USDT from Funding to Spot · demoSub01\?$/);
    await ui().screenshot('confirm');
    await dialog.click('Transfer 12.5 USDT');
    await notifications.waitFor('Transferred 12.5 USDT from Funding to Spot · demoSub01');
    const view = await ui().openView('KuCoin');
    await waitForFigure(view, 'Funding', 'USDT', '2,468.25');
    assert.equal(await control.total('main', 'USDT'), '2468.25');
    assert.deepEqual(await control.transfers(), { asked: 1, executed: 1 });
    await notifications.dismiss('Transferred');
  });

  it('takes futures out, waits until the exchange has carried it out, and says so', async () => {
    const { quickInput, dialog, notifications } = ui();
    await control.clearRequests();
    await walk('USDT', 'Futures', 'Funding', '25');
    await quickInput.accept();
    await dialog.click('Transfer 25 USDT');
    await notifications.waitFor('25 USDT went from Futures to Funding.');
    await ui().screenshot('from-futures');
    assert.equal(await control.total('main', 'USDT'), '2493.25');
    assert.equal((await control.transfers()).executed, 1);
  });
});
