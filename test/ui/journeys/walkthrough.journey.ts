import assert from 'node:assert/strict';
import { eventually, useWorkbench } from '../harness';
import type { Element } from '../harness/wait';
import { waitForValues } from './support/steps';

interface Step {
  readonly title: string;
  readonly done: boolean;
}

/** A stranger who takes the five steps: each is ticked off by the button that does what it is about. */
describe('the walkthrough', () => {
  const ui = useWorkbench({ settings: { 'kucoin.balances.refreshInterval': 0 } });

  const titles = [
    'Look at the demo account',
    'Move funds in it',
    'See which account HF orders draw on',
    'Add your own key',
    'Use it while you code',
  ];

  const steps = (): Promise<Step[]> =>
    ui()
      .page.locator('.gettingStartedSlideDetails .getting-started-step')
      .evaluateAll((all: Element[]) =>
        all.map((step) => ({
          title: step.querySelector('.step-title')?.textContent ?? '',
          done: step.getAttribute('aria-checked') === 'true',
        })),
      );

  /** Shows the walkthrough, with as many steps done as they should be. */
  async function open(done: number): Promise<void> {
    await ui().runCommand('KuCoin: Get Started');
    await waitForDone(done);
  }

  async function waitForDone(done: number): Promise<void> {
    await eventually(
      steps,
      (all) => all.length === titles.length && all.every((step, index) => step.done === index < done),
      `${done} steps to be done`,
    );
  }

  /** Opens a step, if it is not open, and presses its button. */
  async function press(step: number, button: string): Promise<void> {
    const box = ui().page.locator('.getting-started-step').nth(step);
    if ((await box.getAttribute('aria-expanded')) !== 'true') await box.locator('.step-title').click();
    await box
      .locator('.step-description-container .monaco-button')
      .getByText(button, { exact: true })
      .click();
  }

  it('has five steps, the first of which is open and opens the demo account', async () => {
    const view = await ui().openView('KuCoin');
    await view.clickWelcome('Get started in five steps');
    await waitForDone(0);
    assert.deepEqual(
      (await steps()).map(({ title }) => title),
      titles,
    );
    await ui().screenshot('first');
    await press(0, 'Open Demo Account');
    await waitForValues(view);
    await waitForDone(1);
  });

  it('goes on to a transfer, which may be left', async () => {
    const { quickInput } = ui();
    await press(1, 'Transfer Funds…');
    await quickInput.waitForTitle('Transfer Funds');
    await quickInput.escape();
    await quickInput.waitClosed();
    await waitForDone(2);
    await ui().screenshot('second');
  });

  it('shows which account HF orders draw on, and is there again when it is called', async () => {
    await press(2, 'Check HF Activation');
    await ui().editor.waitForText('Do HF spot orders work? Yes.');
    await open(3);
  });

  it('asks for a key, which may be left', async () => {
    const { quickInput } = ui();
    await press(3, 'Add API Key…');
    await quickInput.waitForTitle('Add API Key');
    await quickInput.escape();
    await quickInput.waitClosed();
    await waitForDone(4);
  });

  it('ends with an example in which calls are explained', async () => {
    await press(4, 'Open Example');
    await ui().editor.waitForText('/api/v1/market/orderbook/level1');
    await eventually(
      () => ui().editor.codeLenses(),
      (lenses) => lenses.length > 3,
      'lenses above the calls of the example',
    );
    await ui().screenshot('example');
    await open(5);
    await ui().screenshot('all');
  });
});
