import type { Locator, Page } from 'playwright-core';
import { eventually } from './wait';

/** A context menu that is open. */
export class ContextMenu {
  private readonly menu: Locator;

  constructor(private readonly page: Page) {
    this.menu = page.locator('.context-view .monaco-menu, .monaco-menu-container .monaco-menu').last();
  }

  async waitOpen(): Promise<this> {
    await this.menu.waitFor({ state: 'visible' });
    return this;
  }

  async items(): Promise<string[]> {
    const labels = await this.menu.locator('.action-item .action-label:not(.separator)').allInnerTexts();
    return labels.map((label) => label.trim()).filter(Boolean);
  }

  async choose(item: string): Promise<void> {
    const entry = this.menu.locator('.action-item .action-label').getByText(item, { exact: true });
    // In its first tenth of a second a menu takes no click, lest the one that opened it chooses something.
    await eventually(
      async () => {
        if (await this.menu.isVisible()) await entry.click({ timeout: 1_000 });
        return this.menu.isVisible();
      },
      (open) => !open,
      `the menu to take "${item}"`,
    );
  }

  async escape(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.menu.waitFor({ state: 'hidden' });
  }
}
