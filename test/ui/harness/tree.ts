import type { Locator, Page } from 'playwright-core';
import { ContextMenu } from './menu';
import type { Element } from './wait';
import { eventually } from './wait';

export interface TreeRow {
  readonly label: string;
  readonly description: string;
  readonly level: number;
  /** Undefined for a row without children. */
  readonly expanded: boolean | undefined;
  readonly selected: boolean;
  readonly ariaLabel: string;
}

/** One view of a container in the side bar: a tree, or the welcome content that stands in for an empty one. */
export class TreeView {
  constructor(
    private readonly page: Page,
    private readonly pane: Locator,
  ) {}

  /** The rows that are drawn now; a long tree draws only what fits. */
  rows(): Promise<TreeRow[]> {
    return this.pane.locator('.monaco-list-row').evaluateAll((rows: Element[]) => {
      const text = (row: Element, selector: string): string =>
        row.querySelector(selector)?.textContent?.trim() ?? '';
      return rows.map((row) => ({
        label: text(row, '.label-name'),
        description: text(row, '.label-description'),
        level: Number(row.getAttribute('aria-level')),
        expanded: { true: true, false: false }[row.getAttribute('aria-expanded') ?? ''],
        selected: row.getAttribute('aria-selected') === 'true',
        ariaLabel: row.getAttribute('aria-label') ?? '',
      }));
    });
  }

  waitForRows(wanted: (rows: TreeRow[]) => boolean, what = 'the rows of the tree'): Promise<TreeRow[]> {
    return eventually(() => this.rows(), wanted, what);
  }

  /** Waits for a row by its label. */
  async waitForRow(label: string): Promise<TreeRow> {
    const rows = await this.waitForRows((all) => all.some((row) => row.label === label), `a row "${label}"`);
    return rows.find((row) => row.label === label)!;
  }

  /** The label of the row that the keyboard is on; undefined while keys go elsewhere. */
  async focused(): Promise<string | undefined> {
    const [label] = await this.pane
      .locator('.monaco-list:focus .monaco-list-row.focused .label-name')
      .allInnerTexts();
    return label?.trim();
  }

  async click(label: string): Promise<void> {
    await this.row(label).click();
  }

  async expand(label: string): Promise<void> {
    await this.setExpanded(label, true);
  }

  async collapse(label: string): Promise<void> {
    await this.setExpanded(label, false);
  }

  /** Opens the context menu of a row. */
  async contextMenu(label: string): Promise<ContextMenu> {
    await this.row(label).click({ button: 'right' });
    return new ContextMenu(this.page).waitOpen();
  }

  /** Presses an icon of the row, which shows on hover. */
  async inlineAction(label: string, action: string): Promise<void> {
    const row = this.row(label);
    await row.hover();
    await row.locator(`.actions [aria-label*="${action}"]`).first().click();
  }

  /** Presses a button of the title line of the view. */
  async titleAction(action: string): Promise<void> {
    await this.pane.hover();
    const selector = `.actions .action-label[aria-label*="${action}"]`;
    const own = this.pane.locator(`.pane-header ${selector}`);
    const merged = this.page.locator(
      `.part.sidebar > .title ${selector}, .part.sidebar > .composite.title ${selector}`,
    );
    await own.or(merged).filter({ visible: true }).first().click();
  }

  /** The text of the tooltip that a row shows under the mouse. */
  async tooltip(label: string): Promise<string> {
    const hover = this.page.locator('.monaco-hover').filter({ visible: true }).last();
    const text = await eventually(
      async () => {
        // A row that is drawn anew takes its hover with it: the mouse has to come again. A hover of another row is no
        // answer and has to go first, or coming back so soon would keep it alive.
        if ((await hover.count()) === 0 || !(await hover.innerText()).includes(label)) {
          await this.page.mouse.move(640, 400);
          await hover.waitFor({ state: 'hidden', timeout: 2_000 }).catch(() => undefined);
          await this.row(label).hover();
          await hover
            .filter({ hasText: label })
            .waitFor({ timeout: 2_000 })
            .catch(() => undefined);
        }
        return (await hover.count()) === 0 ? '' : hover.innerText();
      },
      (value) => value.includes(label) && !value.startsWith('Loading'),
      `the tooltip of "${label}"`,
    );
    await this.page.mouse.move(640, 400);
    return text.trim();
  }

  /** The text of the welcome content, paragraphs one a line; waits until there is some. */
  async welcomeText(): Promise<string> {
    const content = this.pane.locator('.welcome-view-content');
    await content.waitFor({ state: 'visible' });
    return (await content.innerText()).trim();
  }

  /** The names of the buttons of the welcome content. */
  async welcomeButtons(): Promise<string[]> {
    await this.pane.locator('.welcome-view-content').waitFor({ state: 'visible' });
    return this.pane.locator('.welcome-view-content .monaco-button').allInnerTexts();
  }

  /** Presses a button or a link of the welcome content. */
  async clickWelcome(name: string): Promise<void> {
    const content = this.pane.locator('.welcome-view-content');
    await content.locator('.monaco-button, a').filter({ hasText: name }).first().click();
  }

  /** A row, for what these helpers do not offer. */
  row(label: string): Locator {
    const name = this.page.locator('.label-name').getByText(label, { exact: true });
    return this.pane.locator('.monaco-list-row').filter({ has: name }).first();
  }

  private async setExpanded(label: string, expanded: boolean): Promise<void> {
    await this.waitForRow(label);
    const isSo = (rows: TreeRow[]): boolean =>
      rows.some((each) => each.label === label && each.expanded === expanded);
    const what = `"${label}" to ${expanded ? 'open' : 'close'}`;
    await eventually(
      async () => {
        if (isSo(await this.rows())) return true;
        // A row that is drawn anew in this moment does not hear the click.
        await this.row(label).locator('.monaco-tl-twistie').click();
        return eventually(() => this.rows(), isSo, what, 3_000).then(() => true);
      },
      Boolean,
      what,
    );
  }
}
