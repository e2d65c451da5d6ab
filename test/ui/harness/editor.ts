import type { Locator, Page } from 'playwright-core';
import { eventually } from './wait';

/** A text editor of the workbench: the active one, or the text of the output panel. */
export class Editor {
  constructor(
    private readonly page: Page,
    private readonly box: Locator,
  ) {}

  static active(page: Page): Editor {
    return new Editor(
      page,
      page.locator('.editor-group-container.active .editor-instance .monaco-editor').first(),
    );
  }

  /** The whole text, by way of the clipboard: the editor itself draws only the lines that fit. */
  async text(): Promise<string> {
    await this.box.waitFor({ state: 'visible' });
    await this.page.evaluate('navigator.clipboard.writeText("")');
    // Focused without a click: the text may be scrolled, and a click may meet a code lens.
    await this.box.locator('.native-edit-context, textarea.inputarea').first().focus();
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.press('ControlOrMeta+C');
    const text = await this.page.evaluate<string>('navigator.clipboard.readText()');
    await this.page.keyboard.press('ControlOrMeta+Home');
    return text;
  }

  waitForText(part: string): Promise<string> {
    return eventually(
      () => this.text(),
      (text) => text.includes(part),
      `the text "${part}"`,
    );
  }

  /** The lines that are drawn now, with code lenses left out. */
  async visibleText(): Promise<string> {
    const lines = await this.box.locator('.view-lines').innerText();
    return lines.replaceAll('\u00a0', ' ');
  }

  /** The titles of the code lenses that are drawn now. */
  codeLenses(): Promise<string[]> {
    return this.box.locator('.codelens-decoration a').allInnerTexts();
  }

  /** What the editor says about a word under the mouse. */
  async hover(word: string): Promise<string> {
    await this.box.locator('.view-line span span').filter({ hasText: word }).first().hover();
    const hover = this.page.locator('.monaco-hover').filter({ visible: true }).last();
    const text = await eventually(
      () => hover.innerText(),
      (value) => value.trim() !== '' && !value.startsWith('Loading'),
      `the hover of "${word}"`,
    );
    return text.trim();
  }
}

/** The name of the document or panel on the tab of the active editor; undefined when nothing is open. */
export async function activeTitle(page: Page): Promise<string | undefined> {
  const tab = page.locator('.editor-group-container.active .tab.active').first();
  if ((await tab.count()) === 0) return undefined;
  return (await tab.getAttribute('data-resource-name')) ?? (await tab.innerText()).trim();
}
