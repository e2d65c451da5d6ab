import type { Locator, Page } from 'playwright-core';
import type { Element } from './wait';
import { eventually } from './wait';

export interface Notification {
  readonly message: string;
  readonly severity: 'info' | 'warning' | 'error' | 'progress';
  readonly actions: readonly string[];
}

/** The messages in the lower right corner. */
export class Notifications {
  private readonly items: Locator;

  constructor(page: Page) {
    this.items = page.locator('.notifications-toasts .notification-list-item');
  }

  list(): Promise<Notification[]> {
    return this.items.evaluateAll((items: Element[]) =>
      items.map((item) => {
        const icon = item.querySelector('.notification-list-item-icon')?.className ?? '';
        const severity = (['error', 'warning', 'info'] as const).find((name) =>
          icon.includes(`codicon-${name}`),
        );
        return {
          message: item.querySelector('.notification-list-item-message')?.textContent?.trim() ?? '',
          severity: severity ?? 'progress',
          actions: [...item.querySelectorAll('.notification-list-item-buttons-container .monaco-button')].map(
            (button) => button.textContent?.trim() ?? '',
          ),
        };
      }),
    );
  }

  /** Waits for a message that holds these words. */
  async waitFor(part: string): Promise<Notification> {
    const list = await eventually(
      () => this.list(),
      (all) => all.some((each) => each.message.includes(part)),
      `a message "${part}"`,
    );
    return list.find((each) => each.message.includes(part))!;
  }

  /** Presses a button of the message that holds these words. */
  async clickAction(part: string, action: string): Promise<void> {
    await this.waitFor(part);
    const item = this.items.filter({ hasText: part }).first();
    await item.locator('.monaco-button').getByText(action, { exact: true }).click();
  }

  async dismiss(part: string): Promise<void> {
    const item = this.items.filter({ hasText: part }).first();
    await item.hover();
    await item.locator('.codicon-notifications-clear').click();
    await item.waitFor({ state: 'detached' });
  }
}
