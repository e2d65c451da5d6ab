import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, useWorkbench } from '../harness';
import { Control, globalStorage } from './support/control';
import {
  focusedRow,
  focusedText,
  pressUntil,
  waitForFigure,
  waitForValues,
  walkToAmount,
} from './support/steps';

/** Keys of the editor's own command Go Back in Quick Input on Linux. */
const back = 'Control+Alt+Minus';

describe('a transfer by keyboard alone', () => {
  const ui = useWorkbench();
  const press = (key: string): Promise<void> => ui().page.keyboard.press(key);
  const menuRow = async (): Promise<string> => {
    const focused = ui().page.locator('.monaco-menu .action-item.focused .action-label');
    return (await focused.count()) === 0 ? '' : (await focused.last().innerText()).trim();
  };
  const chooseInMenuOfRow = async (name: string): Promise<void> => {
    await press('Shift+F10');
    await pressUntil(ui(), 'ArrowDown', menuRow, (item) => item.startsWith(name));
    await ui().screenshot('row-menu');
    await press('Enter');
  };
  const openWizardOnUsdt = async (): Promise<void> => {
    await ui().runCommand('KuCoin: Focus on Accounts View');
    await pressUntil(
      ui(),
      'Home',
      () => focusedRow(ui()),
      (row) => row === 'Local KuCoin',
    );
    await pressUntil(
      ui(),
      'ArrowDown',
      () => focusedRow(ui()),
      (row) => row === 'USDT',
    );
    await chooseInMenuOfRow('Transfer Between');
    const { quickInput } = ui();
    if (!(await quickInput.waitForTitle('(1/')).includes('(1/3)')) {
      // While the rows of an account are drawn anew, the editor does not know to which one its menu belongs, and runs
      // the command as from the palette.
      await quickInput.escape();
      await quickInput.waitClosed();
      await ui().runCommand('KuCoin: Focus on Accounts View');
      await chooseInMenuOfRow('Transfer Between');
    }
    await ui().quickInput.waitForTitle('(1/3)');
  };

  it('reaches the demo account from the welcome view', async () => {
    await ui().runCommand('View: Show KuCoin');
    const view = await ui().openView('KuCoin');
    await view.welcomeText();
    await ui().screenshot('welcome');
    await pressUntil(
      ui(),
      'Tab',
      () => focusedText(ui()),
      (text) => text === 'Open Demo Account',
    );
    await press('Enter');
    await waitForValues(view);
    await ui().screenshot('balances');
  });

  it('takes currency and source from the row and does not ask for them again', async () => {
    const { quickInput } = ui();
    await openWizardOnUsdt();
    assert.match(await quickInput.title(), /Local KuCoin · DEMO/);
    assert.equal(await quickInput.placeholder(), 'To which account shall USDT go?');
    await ui().screenshot('to');
    await quickInput.pick('Spot');
    await quickInput.waitForTitle('(2/3)');
    assert.match(
      await quickInput.waitForMessage('can be moved'),
      /How much USDT from Funding to Spot\? Up to 2,480\.75/,
    );
  });

  it('keeps what was typed when going back and forth', async () => {
    const { quickInput } = ui();
    await quickInput.type('12.5');
    await quickInput.accept();
    await quickInput.waitForTitle('(3/3)');
    await ui().screenshot('plan');
    await press(back);
    await quickInput.waitForTitle('(2/3)');
    assert.equal(await quickInput.value(), '12.5');
    await press(back);
    await quickInput.waitForTitle('(1/3)');
    const items = await quickInput.waitForItems((rows) => rows.some(({ focused }) => focused));
    assert.equal(items.find(({ focused }) => focused)?.label, 'Spot');
    await ui().screenshot('back-at-to');
    await quickInput.accept();
    await quickInput.waitForTitle('(2/3)');
    await quickInput.waitForMessage('can be moved');
    assert.equal(await quickInput.value(), '12.5');
  });

  it('stays open when the focus goes elsewhere', async () => {
    await ui().page.mouse.click(800, 600);
    assert.equal(await ui().quickInput.isOpen(), true);
    assert.equal(await ui().quickInput.value(), '12.5');
    await ui().page.locator('.quick-input-box input').focus();
  });

  it('leaves nothing behind after Esc in the wizard', async () => {
    const control = new Control(ui);
    await ui().quickInput.escape();
    await ui().quickInput.waitClosed();
    assert.deepEqual(await ui().notifications.list(), []);
    assert.deepEqual(await control.transfers(), { asked: 0, executed: 0 });
  });

  it('leaves nothing behind after Esc in the modal', async () => {
    const control = new Control(ui);
    const { quickInput, dialog } = ui();
    await openWizardOnUsdt();
    await quickInput.pick('Spot');
    await quickInput.waitForTitle('(2/3)');
    await quickInput.waitForMessage('can be moved');
    assert.equal(await quickInput.value(), '', 'the last attempt is over');
    await quickInput.type('12.5');
    await quickInput.accept();
    await quickInput.waitForTitle('(3/3)');
    await quickInput.waitForItems((items) => items[0]?.label.startsWith('Continue') ?? false);
    await quickInput.accept();
    assert.equal(await dialog.message(), 'DEMO: transfer 12.5 USDT from Funding to Spot?');
    await ui().screenshot('modal');
    await dialog.escape();
    assert.deepEqual(await control.transfers(), { asked: 0, executed: 0 });
    assert.equal(await control.total('main', 'USDT'), '2480.75');
    assert.deepEqual(await ui().notifications.list(), []);
    const journal = join(globalStorage(ui()), 'transfers.journal');
    assert.ok(!existsSync(journal) || !/"state":"(planned|sent)"/.test(readFileSync(journal, 'utf8')));
  });

  it('moves the funds once when it is confirmed with Enter', async () => {
    const control = new Control(ui);
    const { quickInput, dialog } = ui();
    const view = await ui().openView('KuCoin');
    await openWizardOnUsdt();
    await quickInput.pick('Spot');
    await quickInput.waitForTitle('(2/3)');
    await quickInput.waitForMessage('can be moved');
    await quickInput.type('12.5');
    await press('Enter');
    await quickInput.waitForTitle('(3/3)');
    await quickInput.waitForItems((items) => items[0]?.label.startsWith('Continue') ?? false);
    await press('Enter');
    await dialog.message();
    await eventually(
      () => focusedText(ui()),
      (text) => text === 'Transfer 12.5 USDT',
      'the focus on the button',
    );
    await press('Enter');
    const note = await ui().notifications.waitFor('Transferred 12.5 USDT from Funding to Spot.');
    assert.match(note.message, /Order id: [0-9a-f]{24}/);
    await waitForFigure(view, 'Funding', 'USDT', '2,468.25');
    await waitForFigure(view, 'Spot', 'USDT', '133');
    await ui().screenshot('done');
    assert.deepEqual(await control.transfers(), { asked: 1, executed: 1 });
    assert.equal(await control.total('main', 'USDT'), '2468.25');
    assert.equal(await control.total('trade', 'USDT'), '133');
  });

  it('shows the transfer in the history and as a read-only document', async () => {
    const { quickInput } = ui();
    await ui().runCommand('KuCoin: Show Transfer Details');
    const items = await quickInput.waitForItems((rows) => rows.length > 0);
    assert.equal(items[0]?.label, '12.5 USDT · Funding → Spot');
    assert.equal(items[0].description, 'Done');
    assert.match(items[0].detail, /Local KuCoin · DEMO$/);
    await ui().screenshot('history');
    await quickInput.accept();
    const text = await ui().editor.waitForText('Order id:');
    assert.match(text, /^12\.5 USDT {2}Funding → Spot\n\nState: +Done\n/);
    assert.match(text, /Body: +\{"clientOid":"[\w-]+"/);
    await ui().screenshot('document');
    await ui().page.keyboard.type('x');
    await ui().page.getByText('Cannot edit in read-only editor').first().waitFor({ state: 'visible' });
  });
});

describe('amounts as people type them', () => {
  const ui = useWorkbench();
  const refused: readonly (readonly [typed: string, sentence: string])[] = [
    ['1,5', 'Write decimals with a point and no separators between thousands, for example 1234.5'],
    ['1e3', 'Write the amount in full, without an exponent, for example 0.001'],
    ['+1', 'Leave out the plus sign.'],
    ['-1', 'An amount cannot be negative. Swap source and target instead.'],
    ['1 000', 'Leave out the blanks between the digits, for example 1234.5'],
    ['.5', 'Write a digit on both sides of the point, for example 0.5 Possible: 0.5'],
    ['0', 'The amount must be more than zero.'],
    ['abc', 'This is not an amount. Type digits with a point for decimals, for example 12.5'],
    ['1'.repeat(40), 'This amount has too many digits: 40. At most 36 are allowed.'],
    ['2480.76', 'Only 2,480.75 USDT can be transferred now. Possible: 2480.75'],
    ['1.123456789', 'USDT has at most 8 decimals; this amount has 9. Possible: 1.12345678 or 1.12345679'],
    ['25 EUR', 'Type the amount in USDT; this unit is not known here: EUR'],
  ];
  const understood: readonly (readonly [typed: string, sentence: RegExp])[] = [
    ['max', /^2,480\.75 USDT/],
    ['half', /^1,240\.375 USDT/],
    ['25 USD', /^25 USD at 0\.9998\d* USD for one USDT is 25\.0050\d+ USDT, rounded down\./],
  ];

  before('open the demo account and walk to the amount', async () => {
    const view = await ui().openView('KuCoin');
    await view.clickWelcome('Open Demo Account');
    await waitForValues(view);
    await walkToAmount(ui(), { currency: 'USDT', from: 'Funding', to: 'Spot' });
    await ui().quickInput.waitForMessage('can be moved');
  });

  for (const [typed, sentence] of refused) {
    it(`refuses ${typed.length > 20 ? `${typed.length} digits` : `"${typed}"`} and says why`, async () => {
      const { quickInput } = ui();
      await quickInput.type(typed);
      const message = await quickInput.waitForMessage(sentence);
      assert.equal(message.replace(/\.$/, ''), sentence.replace(/\.$/, ''));
      if (['1,5', '2480.76', '1.123456789'].includes(typed)) await ui().screenshot(`refused-${typed}`);
      await quickInput.accept();
      assert.match(await quickInput.title(), /\(4\/5\)/);
    });
  }

  for (const [typed, sentence] of understood) {
    it(`says how it understands "${typed}"`, async () => {
      const { quickInput } = ui();
      await quickInput.type(typed);
      await eventually(
        () => quickInput.validationMessage(),
        (text) => sentence.test(text),
        String(sentence),
      );
      await ui().screenshot(`understood-${typed}`);
    });
  }

  it('takes an amount with blanks around it, and freezes it in the plan', async () => {
    const { quickInput } = ui();
    await quickInput.type(' 12.5 ');
    await quickInput.waitForMessage('can be moved');
    await quickInput.accept();
    await quickInput.waitForTitle('(5/5)');
    await quickInput.waitForItems((items) =>
      items.some(({ label }) => label === 'Transfer 12.5 USDT from Funding to Spot.'),
    );
    await ui().screenshot('plan');
    await quickInput.escape();
    await quickInput.waitClosed();
    assert.deepEqual(await new Control(ui).transfers(), { asked: 0, executed: 0 });
  });
});
