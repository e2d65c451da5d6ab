import type { Locator, Page } from 'playwright-core';

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
    await this.menu.locator('.action-item .action-label').getByText(item, { exact: true }).click();
    await this.menu.waitFor({ state: 'hidden' });
  }

  async escape(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.menu.waitFor({ state: 'hidden' });
  }
}
