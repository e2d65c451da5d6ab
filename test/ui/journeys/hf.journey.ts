import assert from 'node:assert/strict';
import { useWorkbench } from '../harness';
import { Control } from './support/control';
import { openDemo } from './support/steps';

const settings = { 'kucoin.balances.refreshInterval': 0, 'kucoin.live.updates': 'never' };

/** Stands at the end of a run only; the report of the test before, which stands there until then, has it too. */
const reported = 'High-frequency (HF) trading';

describe('HF in KuCoin as first documented', () => {
  const ui = useWorkbench({ settings, viewport: { width: 1400, height: 860 } });
  const control = new Control(ui, 'seed');

  before('open the demo account', async () => {
    await openDemo(ui(), 'Demo of KuCoin as First Documented');
  });

  /** From the palette to the modal of the smallest transfer. */
  async function startActivation(): Promise<void> {
    const { quickInput } = ui();
    await ui().runCommand('KuCoin: Activate HF Account…');
    await quickInput.waitForItems((items) => items.some(({ label }) => label.startsWith('Open Spot HF')));
    await ui().screenshot('choice');
    await quickInput.pick('Open Spot HF by a Transfer');
    await quickInput.waitForTitle('(2/2)');
    await quickInput.waitForItems((items) => items.some(({ label }) => label.startsWith('Continue')));
    await ui().screenshot('plan');
    await quickInput.accept();
  }

  it('is told as not open, with the evidence and what it means for code', async () => {
    await ui().runCommand('KuCoin: Check HF Activation');
    const text = await ui().editor.waitForText('Local KuCoin of 2023');
    await ui().screenshot('not-open');
    assert.match(text, /Spot\n\s+State:\s+not open/);
    assert.match(text, /The list of accounts holds no separate HF account \(trade_hf\)\./);
    assert.match(text, /Transfer the smallest amount into the HF account to open it\./);
  });

  it('cannot be opened by who is not on the list, who is told why and what to do', async () => {
    await control.switches({ hfWhitelisted: false });
    await startActivation();
    await ui().dialog.click('Transfer 0.00000001 USDT');
    await ui().editor.waitForText('refused: This user');
    const text = await ui().editor.waitForText(reported);
    await ui().screenshot('refused');
    assert.match(text, /Order test:\s+refused: This user may not open the high-frequency account\./);
    assert.match(text, /Send the uids of your accounts to KuCoin to be put on the list\./);
    assert.equal(await control.total('trade_hf', 'USDT'), '0');
    await control.switches({ hfWhitelisted: true });
  });

  it('is opened by the smallest transfer, and proven by the order test', async () => {
    const { dialog } = ui();
    await startActivation();
    assert.match(await dialog.message(), /^DEMO: transfer 0\.00000001 USDT from Funding to Spot HF\?$/);
    await ui().screenshot('confirm');
    await dialog.click('Transfer 0.00000001 USDT');
    await ui().editor.waitForText('let it pass');
    const text = await ui().editor.waitForText(reported);
    await ui().screenshot('opened');
    assert.match(text, /Waiting:\s+KuCoin lists the HF account/);
    assert.match(text, /Order test:\s+KuCoin let it pass up to the balance/);
    assert.match(text, /State:\s+separate HF account/);
    assert.equal(await control.total('trade_hf', 'USDT'), '0.00000001');
  });
});

describe('HF in KuCoin of today', () => {
  const ui = useWorkbench({ settings, theme: 'dark', viewport: { width: 1400, height: 860 } });
  const control = new Control(ui);

  before('open the demo account', async () => {
    await openDemo(ui());
  });

  it('is told as merged, though the compatibility call says false', async () => {
    await ui().runCommand('KuCoin: Check HF Activation');
    const text = await ui().editor.waitForText('Sub-accounts');
    await ui().screenshot('merged');
    assert.match(text, /merged: the ordinary account is the HF account/);
    assert.match(text, /opened is false/);
    assert.doesNotMatch(text, /not open\b/);
  });

  it('has nothing to activate, and a proof to offer', async () => {
    const { quickInput } = ui();
    await ui().runCommand('KuCoin: Activate HF Account…');
    await quickInput.waitForItems((items) => items.some(({ label }) => label === 'Run the Order Test Only'));
    await ui().screenshot('nothing-to-activate');
    await quickInput.pick('Run the Order Test Only');
    await ui().editor.waitForText('Nothing was placed.');
    const text = await ui().editor.waitForText(reported);
    await ui().screenshot('proof');
    assert.match(text, /Order test:\s+accepted: buy .* BTC-USDT at .*\. Nothing was placed\./);
    assert.match(text, /nothing was activated, nothing was transferred/);
  });

  it('takes an order that was tested and agreed to, and cancels it', async () => {
    const { quickInput, dialog, notifications } = ui();
    await ui().runCommand('KuCoin: Place HF Order…');
    await quickInput.waitForItems((items) => items.some(({ label }) => label === 'KCS-USDT'));
    await quickInput.pick('KCS-USDT');
    await quickInput.waitForItems((items) => items.some(({ label }) => label === 'Buy'));
    await ui().screenshot('side');
    await quickInput.pick('Buy');
    await quickInput.waitForItems((items) => items.some(({ label }) => label === 'Limit'));
    await quickInput.pick('Limit');
    await quickInput.waitForMessage('Price in USDT');
    await quickInput.type('5.0000001');
    await quickInput.waitForMessage('KuCoin takes multiples of');
    await ui().screenshot('increment');
    await quickInput.type('5');
    await quickInput.accept();
    await quickInput.waitForMessage('Amount in KCS');
    await quickInput.type('1000');
    await quickInput.waitForMessage('The order needs');
    await ui().screenshot('balance');
    await quickInput.type('1');
    await quickInput.accept();
    await quickInput.waitForItems((items) =>
      items.some(({ label }) => label.startsWith('Order test: KuCoin')),
    );
    await ui().screenshot('order-plan');
    await quickInput.accept();
    assert.equal(await dialog.message(), 'DEMO: buy 1 KCS-USDT at 5?');
    assert.match(await dialog.detail(), /KuCoin has tested the order and would take it/);
    await ui().screenshot('order-confirm');
    const held = async (): Promise<string | undefined> =>
      (await control.rows('trade')).find(({ currency }) => currency === 'USDT')?.held;
    assert.equal(await held(), '20.25');
    await dialog.click('Place Order');
    const { actions } = await notifications.waitFor('Order placed: buy 1 KCS-USDT at 5.');
    await ui().screenshot('placed');
    assert.deepEqual(actions, ['Cancel Order', 'Copy Order Id']);
    assert.equal(await held(), '25.255');
    await notifications.clickAction('Order placed', 'Cancel Order');
    await notifications.waitFor('Order ended: buy 1 KCS-USDT at 5.');
    await ui().screenshot('cancelled');
    assert.equal(await held(), '20.25');
  });
});
