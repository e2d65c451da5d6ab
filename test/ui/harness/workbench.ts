import type { BrowserContext, Page } from 'playwright-core';
import { Dialog } from './dialog';
import { Editor, activeTitle } from './editor';
import { saveScreenshot, watchWindow } from './journal';
import { Notifications } from './notifications';
import type { QuickPickRow } from './quickInput';
import { QuickInput } from './quickInput';
import { StatusBar } from './statusBar';
import { TreeView } from './tree';
import { eventually, patienceMs } from './wait';

const loadMs = 60_000;
const paletteMs = 20_000;
const fillMs = 2_000;

/** One window of the editor, driven by keyboard and mouse. */
export class Workbench {
  readonly quickInput: QuickInput;
  readonly dialog: Dialog;
  readonly notifications: Notifications;
  readonly statusBar: StatusBar;
  /** What the page wrote to its console, which is saved when a test fails. */
  readonly console: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly url: string,
    /** The folder of the server, where profile, global storage and logs lie. */
    readonly dataDir: string,
  ) {
    this.quickInput = new QuickInput(page);
    this.dialog = new Dialog(page);
    this.notifications = new Notifications(page);
    this.statusBar = new StatusBar(page);
    watchWindow(this);
    page.on('console', (message) => this.console.push(`[${message.type()}] ${message.text()}`));
    page.on('pageerror', (error) => this.console.push(`[page error] ${String(error)}`));
    // The browser's "Leave site?", which reloading may raise.
    page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined));
  }

  static async open(context: BrowserContext, url: string, dataDir: string): Promise<Workbench> {
    const page = await context.newPage();
    page.setDefaultTimeout(patienceMs);
    const workbench = new Workbench(page, url, dataDir);
    await page.goto(url, { timeout: loadMs });
    await workbench.waitReady();
    return workbench;
  }

  /** Loads the window again, as "Developer: Reload Window" does. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.waitReady();
  }

  /** A second window over the same profile and folder. */
  secondWindow(): Promise<Workbench> {
    return Workbench.open(this.page.context(), this.url, this.dataDir);
  }

  /** Closes this window only. */
  async close(): Promise<void> {
    await this.page.close();
  }

  /** Runs a command by its full title, such as `KuCoin: Transfer Funds`, from the command palette. */
  async runCommand(title: string): Promise<void> {
    const found = await this.searchPalette(title, (rows) => rows.find((row) => row.focused)?.label === title);
    if (!found) throw new Error(`The palette offers no command "${title}".`);
    await this.quickInput.accept();
    await this.paletteClosed();
  }

  /** Titles that the command palette offers for these words; empty when it has offered none for some seconds. */
  async commands(words: string): Promise<string[]> {
    const rows = await this.searchPalette(words, (all) =>
      all.some((row) => row.label !== 'No matching commands'),
    );
    await this.quickInput.escape();
    await this.paletteClosed();
    return (rows ?? []).map((row) => row.label);
  }

  /** Shows a view container of the activity bar and returns one of its views: the named one, or the first. */
  async openView(container: string, view?: string): Promise<TreeView> {
    const icon = this.page.locator(
      `.part.activitybar .action-item:has(> .action-label[aria-label^="${container}"])`,
    );
    await icon.waitFor({ state: 'visible' });
    const header = view === undefined ? '.pane-header' : `.pane-header[aria-label^="${view}"]`;
    const pane = this.page.locator(`.part.sidebar .pane:has(${header})`).first();
    // While a window restores what it had, the icon may change after it was looked at, and a click close the view.
    await eventually(
      async () => {
        if (!((await icon.getAttribute('class')) ?? '').includes('checked')) await icon.click();
        return pane.isVisible();
      },
      (visible) => visible,
      `the view ${container}`,
    );
    return new TreeView(this.page, pane);
  }

  get editor(): Editor {
    return Editor.active(this.page);
  }

  /** The name on the tab of the active editor. */
  activeTitle(): Promise<string | undefined> {
    return activeTitle(this.page);
  }

  /** Opens a file of the folder by its name. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+P');
    await this.quickInput.pick(name);
    await eventually(
      () => this.activeTitle(),
      (title) => title === name,
      `the editor of ${name}`,
    );
  }

  /** Shows an output channel and returns its text. */
  async outputChannel(name: string): Promise<Editor> {
    await this.runCommand('Output: Show Output Channels...');
    await this.quickInput.pick(name);
    const box = this.page.locator('.part.panel .output-view .monaco-editor').first();
    await box.waitFor({ state: 'visible' });
    return new Editor(this.page, box);
  }

  /** Saves artifacts/screenshots/<journey>/<nn>-<name>.png and returns its path. */
  screenshot(name: string): Promise<string> {
    return saveScreenshot(this.page, name);
  }

  /**
   * Commands of extensions come late after a start, and the palette does not notice: so the words are typed again
   * until the rows are as wanted, or not at all.
   */
  private async searchPalette(
    words: string,
    wanted: (rows: QuickPickRow[]) => boolean,
  ): Promise<QuickPickRow[] | undefined> {
    const deadline = Date.now() + paletteMs;
    do {
      // A view that takes the focus meanwhile closes the palette.
      if (!(await this.quickInput.isOpen())) await this.page.keyboard.press('F1');
      try {
        await this.quickInput.type('>', fillMs);
        await this.quickInput.type(`>${words}`, fillMs);
        return await this.quickInput.waitForItems(wanted, 'commands', 1000);
      } catch {
        // Not offered yet, or the palette has gone: typed again.
      }
    } while (Date.now() < deadline);
    return undefined;
  }

  /** The palette and the first step of a wizard share one box: it is the palette's while a `>` stands in it. */
  private async paletteClosed(): Promise<void> {
    await eventually(
      async () => (await this.quickInput.isOpen()) && (await this.quickInput.value()).startsWith('>'),
      (open) => !open,
      'the palette to close',
    );
  }

  private async waitReady(): Promise<void> {
    const loaded = this.page.locator('.monaco-workbench .part.statusbar [id="status.notifications"]');
    // The first load compiles the whole workbench, on a machine that may be busy.
    await loaded.waitFor({ state: 'visible', timeout: loadMs });
  }
}
