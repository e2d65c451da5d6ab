import type { Locator, Page } from 'playwright-core';
import type { Element } from './wait';
import { eventually } from './wait';

export interface StatusBarItem {
  readonly id: string;
  readonly text: string;
  readonly ariaLabel: string;
}

/** Entries of the status bar, found by the end of their id (`kucoin.status`) or by words of their text or label. */
export class StatusBar {
  private readonly entries: Locator;

  constructor(private readonly page: Page) {
    this.entries = page.locator('.part.statusbar .statusbar-item');
  }

  async items(): Promise<StatusBarItem[]> {
    return this.entries.evaluateAll((entries: Element[]) =>
      entries.map((entry) => ({
        id: entry.id,
        text: entry.innerText.trim(),
        ariaLabel:
          entry.getAttribute('aria-label') ??
          entry.querySelector('[aria-label]')?.getAttribute('aria-label') ??
          '',
      })),
    );
  }

  async item(name: string): Promise<StatusBarItem> {
    const items = await eventually(
      () => this.items(),
      (all) => all.some((each) => matches(each, name)),
      `the status bar entry "${name}"`,
    );
    return items.find((each) => matches(each, name))!;
  }

  waitForText(name: string, part: string): Promise<StatusBarItem> {
    return eventually(
      () => this.item(name),
      (item) => item.text.includes(part),
      `"${part}" in the status bar`,
    );
  }

  async click(name: string): Promise<void> {
    const { id } = await this.item(name);
    await this.page.locator(`[id="${id}"] a, [id="${id}"] .statusbar-item-label`).first().click();
  }
}

function matches(item: StatusBarItem, name: string): boolean {
  return item.id.endsWith(name) || item.text.includes(name) || item.ariaLabel.includes(name);
}
