import type { Locator, Page } from 'playwright-core';

/** The modal message in the middle of the window. Reading it waits until it is there. */
export class Dialog {
  private readonly box: Locator;

  constructor(private readonly page: Page) {
    this.box = page.locator('.monaco-dialog-box');
  }

  isOpen(): Promise<boolean> {
    return this.box.isVisible();
  }

  async message(): Promise<string> {
    return (await this.box.locator('.dialog-message-text').innerText()).trim();
  }

  async detail(): Promise<string> {
    return (await this.box.locator('.dialog-message-detail').innerText()).trim();
  }

  async buttons(): Promise<string[]> {
    await this.box.waitFor({ state: 'visible' });
    return this.box.locator('.dialog-buttons .monaco-button').allInnerTexts();
  }

  async click(button: string): Promise<void> {
    await this.box.locator('.dialog-buttons .monaco-button').getByText(button, { exact: true }).click();
    await this.box.waitFor({ state: 'hidden' });
  }

  async escape(): Promise<void> {
    await this.box.waitFor({ state: 'visible' });
    await this.page.keyboard.press('Escape');
    await this.box.waitFor({ state: 'hidden' });
  }
}
