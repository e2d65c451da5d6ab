import type { TreeRow, TreeView, Workbench } from '../../harness';
import { eventually } from '../../harness';

/** What several journeys do on their way. Each step waits for what a person would wait for. */

export const transferTitle = 'KuCoin: Transfer Between My Accounts…';

/** From the empty view to the balances of a demo account. */
export async function openDemo(ui: Workbench, button = 'Open Demo Account'): Promise<TreeView> {
  const view = await ui.openView('KuCoin');
  await view.clickWelcome(button);
  await waitForValues(view);
  return view;
}

/** Until balances and prices are there: the profile's row says what all is worth. */
export async function waitForValues(view: TreeView): Promise<TreeRow[]> {
  return view.waitForRows(
    (rows) => rows[0]?.description.includes('≈') ?? false,
    'balances with their values',
  );
}

/** The rows below an account, as they are drawn. */
export function rowsOf(rows: readonly TreeRow[], account: string): TreeRow[] {
  const start = rows.findIndex(({ label }) => label === account);
  const level = rows[start]?.level ?? 0;
  const after = rows.slice(start + 1);
  const end = after.findIndex((row) => row.level <= level);
  return start < 0 ? [] : after.slice(0, end < 0 ? undefined : end);
}

export function rowOf(rows: readonly TreeRow[], account: string, label: string): TreeRow | undefined {
  return rowsOf(rows, account).find((row) => row.label === label);
}

/** Waits until the row of a currency begins with this figure. */
export async function waitForFigure(
  view: TreeView,
  account: string,
  currency: string,
  figure: string,
): Promise<void> {
  await view.waitForRows(
    (rows) => rowOf(rows, account, currency)?.description.split(' · ')[0] === figure,
    `${figure} ${currency} in ${account}`,
  );
}

export interface Way {
  readonly currency: string;
  readonly from: string;
  readonly to: string;
}

/** The transfer wizard from the palette up to the question for the amount. */
export async function walkToAmount(ui: Workbench, { currency, from, to }: Way): Promise<void> {
  const { quickInput } = ui;
  await ui.runCommand(transferTitle);
  await quickInput.waitForTitle('(1/5)');
  await quickInput.pick(currency);
  await quickInput.waitForTitle('(2/5)');
  await quickInput.pick(from);
  await quickInput.waitForTitle('(3/5)');
  await quickInput.pick(to);
  await quickInput.waitForTitle('(4/5)');
  await quickInput.waitForMessage('How much');
}

/** The whole wizard up to the open modal. */
export async function walkToModal(ui: Workbench, way: Way, amount: string): Promise<void> {
  const { quickInput, dialog } = ui;
  await walkToAmount(ui, way);
  await quickInput.waitForMessage('can be moved');
  await quickInput.type(amount);
  await quickInput.accept();
  await quickInput.waitForTitle('(5/5)');
  await quickInput.waitForItems((items) => items.some(({ label }) => label.startsWith('Continue')));
  await quickInput.accept();
  await dialog.message();
}

export async function transfer(ui: Workbench, way: Way, amount: string): Promise<void> {
  await walkToModal(ui, way, amount);
  await ui.dialog.click(`Transfer ${amount} ${way.currency}`);
}

/** Presses a key until something is as wanted, at most so often; says what it saw otherwise. */
export async function pressUntil(
  ui: Workbench,
  key: string,
  read: () => Promise<string>,
  wanted: (value: string) => boolean,
  limit = 40,
): Promise<void> {
  const seen: string[] = [];
  for (let count = 0; count <= limit; count++) {
    const before = await read();
    seen.push(before);
    if (wanted(before)) return;
    await ui.page.keyboard.press(key);
    await eventually(read, (now) => now !== before, `${key} to move on from "${before}"`, 1_000).catch(
      () => undefined,
    );
  }
  throw new Error(`${key} does not lead there: ${seen.join(' | ')}`);
}

/** The label of the row that has the keyboard's focus in the tree. */
export async function focusedRow(ui: Workbench): Promise<string> {
  const row = ui.page.locator(
    '.part.sidebar .monaco-list.element-focused .monaco-list-row.focused .label-name',
  );
  return (await row.count()) === 0 ? '' : (await row.first().innerText()).trim();
}

/** The text of the element that has the keyboard's focus. */
export async function focusedText(ui: Workbench): Promise<string> {
  return ui.page.evaluate<string>('document.activeElement?.textContent?.trim() ?? ""');
}

/** Chooses a colour theme by keyboard, by its label. */
export async function chooseTheme(ui: Workbench, theme: string): Promise<void> {
  await eventually(
    async () => {
      // A panel that has the focus would keep the keys, and may take it between the two.
      await ui.page.locator('.part.activitybar .action-item').first().focus();
      await ui.page.keyboard.press('Control+K');
      await ui.page.keyboard.press('Control+T');
      await ui.quickInput.waitForItems((items) => items.length > 3, 'the themes', 5_000);
      await ui.quickInput.type(theme, 2_000);
    },
    () => true,
    'the list of themes',
  );
  await ui.quickInput.pick(theme);
  await ui.quickInput.waitClosed();
}
