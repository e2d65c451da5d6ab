import type { Locator, Page } from 'playwright-core';
import type { Element } from './wait';
import { guard } from './canary';
import { eventually } from './wait';

export interface QuickPickRow {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly focused: boolean;
}

/** The quick pick or input box that hangs from the title bar: the command palette and every wizard. */
export class QuickInput {
  private readonly widget: Locator;
  private readonly input: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator('.quick-input-widget');
    this.input = this.widget.locator('.quick-input-box input');
  }

  isOpen(): Promise<boolean> {
    return this.widget.isVisible();
  }

  async waitOpen(): Promise<void> {
    await this.widget.waitFor({ state: 'visible' });
  }

  async waitClosed(): Promise<void> {
    await this.widget.waitFor({ state: 'hidden' });
  }

  /** Waits for the step whose title holds these words, and returns the whole title, such as `Transfer (2/4)`. */
  async waitForTitle(part: string): Promise<string> {
    return eventually(
      () => this.title(),
      (title) => title.includes(part),
      `a step titled "${part}"`,
    );
  }

  async title(): Promise<string> {
    await this.waitOpen();
    const titles = await this.widget.locator('.quick-input-title').allInnerTexts();
    return titles.join('').trim();
  }

  async placeholder(): Promise<string> {
    await this.waitOpen();
    return (await this.input.getAttribute('placeholder')) ?? '';
  }

  value(): Promise<string> {
    return this.input.inputValue();
  }

  /** The line under the box: a prompt, or what is wrong with the value. Empty when there is none. */
  async validationMessage(): Promise<string> {
    await this.waitOpen();
    const lines = await this.widget.locator('.quick-input-message').allInnerTexts();
    return lines.join('').trim();
  }

  waitForMessage(part: string): Promise<string> {
    return eventually(
      () => this.validationMessage(),
      (message) => message.includes(part),
      `the message "${part}"`,
    );
  }

  /** The rows that are drawn now; a long list draws only what fits. */
  async items(): Promise<QuickPickRow[]> {
    await this.waitOpen();
    return this.widget.locator('.quick-input-list .monaco-list-row').evaluateAll((rows: Element[]) => {
      const text = (row: Element, selector: string): string =>
        row.querySelector(selector)?.textContent?.trim() ?? '';
      return rows.map((row) => ({
        label: text(row, '.quick-input-list-row .label-name'),
        description: text(row, '.quick-input-list-row .label-description'),
        // Rows are used again: one without a detail keeps the old one, hidden.
        detail: row.querySelector('.quick-input-list-label-meta')?.innerText.trim() ?? '',
        focused: row.className.includes('focused'),
      }));
    });
  }

  waitForItems(
    wanted: (items: QuickPickRow[]) => boolean,
    what = 'the rows of the list',
    timeoutMs?: number,
  ): Promise<QuickPickRow[]> {
    return eventually(() => this.items(), wanted, what, timeoutMs);
  }

  /** Replaces what stands in the box. */
  async type(text: string, timeoutMs?: number): Promise<void> {
    const limit = timeoutMs === undefined ? {} : { timeout: timeoutMs };
    await this.widget.waitFor({ state: 'visible', ...limit });
    await this.input.fill(text, limit);
    if ((await this.input.getAttribute('type', limit)) === 'password') guard(text);
  }

  async accept(): Promise<void> {
    await this.waitOpen();
    // A list that was shown a moment ago has no row yet that Enter could take; one of many may never have one.
    if (await this.widget.locator('.quick-input-list').isVisible())
      await this.widget
        .locator('.quick-input-list .monaco-list-row.focused')
        .waitFor({ timeout: 2_000 })
        .catch(() => undefined);
    await this.page.keyboard.press('Enter');
  }

  async escape(): Promise<void> {
    await this.waitOpen();
    await this.page.keyboard.press('Escape');
  }

  async back(): Promise<void> {
    await this.button('Back');
  }

  /** Presses a button of the title line by its name. */
  async button(name: string): Promise<void> {
    await this.waitOpen();
    await this.widget.getByRole('button', { name }).first().click();
  }

  /** Filters for this label by keyboard and takes it. */
  async pick(label: string): Promise<void> {
    await this.type(label);
    await this.focus(label);
    await this.page.keyboard.press('Enter');
  }

  /** Ticks, in a list of many, each of these labels, then accepts. */
  async pickMany(...labels: string[]): Promise<void> {
    for (const label of labels) {
      await this.type(label);
      // A list of many focuses no row by itself.
      await this.focus(label, -1);
      await this.page.keyboard.press('Space');
    }
    await this.page.keyboard.press('Enter');
  }

  private async focus(label: string, start = 0): Promise<void> {
    const items = await this.waitForItems(
      (rows) => rows.some((row) => row.label === label),
      `the entry "${label}"`,
    );
    const steps =
      items.findIndex((row) => row.label === label) -
      Math.max(
        start,
        items.findIndex((row) => row.focused),
      );
    for (let step = 0; step < steps; step++) await this.page.keyboard.press('ArrowDown');
    await this.waitForItems(
      (rows) => rows.some((row) => row.label === label && row.focused),
      `the focus on "${label}"`,
    );
  }
}
