import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Logger } from '../../host/log';
import { systemTime, type Time } from '../../kucoin/time';
import { offer } from '../dialogs';
import { userMessage } from '../explainError';
import { next } from '../nextSteps';

/** State is posted at most this often, ms. */
const everyMs = 100;

/** What a kind of panel brings along. The host owns all state; the webview shows it and tells what was clicked. */
export interface PanelOptions<ToWebview, FromWebview> {
  /** Names the kind of panel to the editor, e.g. `kucoin.portfolio`. */
  readonly viewType: string;
  /** `dist/webview/<bundle>.js` and `.css`: the folder of that name in `src/webview`. */
  readonly bundle: string;
  readonly title: string;
  readonly column?: vscode.ViewColumn;
  readonly extensionUri: vscode.Uri;
  readonly log: Logger;
  /** What the webview may send besides `ready`; everything else is dropped. */
  readonly messages: v.GenericSchema<unknown, FromWebview>;
  /** What a webview has to hear first, each time it is made anew: its texts. */
  readonly greeting?: () => ToWebview;
  /** Everything to show, as it is now. */
  readonly state: () => ToWebview;
  readonly receive: (message: FromWebview) => unknown;
  /** The tab that the editor brings back after a reload of the window; a new one is opened where left out. */
  readonly restored?: vscode.WebviewPanel | undefined;
  /** What makes the tab anew after a reload of the window. The editor writes it to its own files: no secret, no figure. */
  readonly kept?: () => unknown;
  readonly time?: Time;
}

const ready = v.object({ type: v.literal('ready') });

/** What a tab is made of anew; outside data, which an older version may have written. */
export function keptIn(state: unknown): unknown {
  return typeof state === 'object' && state !== null && 'kept' in state ? state.kept : undefined;
}

/**
 * A tab with a webview. The editor throws the page away while it is hidden and makes it anew after that: each page
 * says `ready` and is told everything, and nothing is posted, nor is any timer running, while nobody looks.
 */
export class Panel<ToWebview, FromWebview> {
  private readonly panel: vscode.WebviewPanel;
  private readonly time: Time;
  private readonly subscriptions: vscode.Disposable[];
  private readonly disposed = new vscode.EventEmitter<void>();
  private readonly visibility = new vscode.EventEmitter<boolean>();
  readonly onDidDispose = this.disposed.event;
  readonly onDidChangeVisibility = this.visibility.event;
  private isReady = false;
  private isOver = false;
  private lastPosted = -Infinity;
  private waiting: AbortController | undefined;
  private wasVisible: boolean;
  private lastKept: string | undefined;

  constructor(private readonly options: PanelOptions<ToWebview, FromWebview>) {
    const { viewType, title, column, extensionUri, bundle, restored } = options;
    this.time = options.time ?? systemTime;
    const root = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
    const webviewOptions = { enableScripts: true, localResourceRoots: [root] };
    this.panel =
      restored ??
      vscode.window.createWebviewPanel(viewType, title, column ?? vscode.ViewColumn.Active, webviewOptions);
    this.wasVisible = this.panel.visible;
    const { webview } = this.panel;
    if (restored) {
      webview.options = webviewOptions;
      restored.title = title;
    }
    this.subscriptions = [
      webview.onDidReceiveMessage((message: unknown) => this.receive(message)),
      this.panel.onDidChangeViewState(() => this.follow()),
      this.panel.onDidDispose(() => this.end()),
    ];
    webview.html = panelHtml({
      title,
      language: vscode.env.language,
      source: webview.cspSource,
      script: webview.asWebviewUri(vscode.Uri.joinPath(root, `${bundle}.js`)).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(root, `${bundle}.css`)).toString(),
    });
  }

  get isVisible(): boolean {
    return !this.isOver && this.panel.visible;
  }

  /** Whether it is the tab that a person works in. */
  get isActive(): boolean {
    return !this.isOver && this.panel.active;
  }

  get title(): string {
    return this.panel.title;
  }

  set title(title: string) {
    if (!this.isOver && this.panel.title !== title) this.panel.title = title;
  }

  reveal(): void {
    if (!this.isOver) this.panel.reveal();
  }

  /** There is something new to show. Many of these become one message. */
  changed(): void {
    if (!this.isReady || !this.isVisible || this.waiting) return;
    const waiting = new AbortController();
    this.waiting = waiting;
    const wait = Math.max(0, this.lastPosted + everyMs - this.time.monotonic());
    this.time.delay(wait, waiting.signal).then(
      () => {
        this.waiting = undefined;
        this.postState();
      },
      () => undefined, // hidden or closed meanwhile
    );
  }

  /** A message that is no state: answers `false` where no page is there to hear it. */
  post(message: ToWebview): boolean {
    if (!this.isReady || !this.isVisible) return false;
    void this.panel.webview.postMessage(message);
    return true;
  }

  dispose(): void {
    if (!this.isOver) this.panel.dispose();
  }

  private postState(): void {
    this.lastPosted = this.time.monotonic();
    this.keep();
    this.post(this.options.state());
  }

  /** Told to the page when it is another: only a page can keep something for its tab. */
  private keep(): void {
    if (!this.options.kept || !this.isReady || !this.isVisible) return;
    const kept = this.options.kept();
    const text = JSON.stringify(kept);
    if (text === this.lastKept) return;
    this.lastKept = text;
    void this.panel.webview.postMessage({ type: 'keep', kept });
  }

  private greet(): void {
    this.lastKept = undefined;
    this.rest();
    if (this.options.greeting) this.post(this.options.greeting());
    this.postState();
  }

  private receive(message: unknown): void {
    if (v.is(ready, message)) {
      this.isReady = true;
      this.greet();
      return;
    }
    const parsed = v.safeParse(this.options.messages, message);
    if (!parsed.success) {
      this.options.log.warn(`the webview ${this.options.bundle} sent what is no message of its protocol`);
      return;
    }
    const work = async (): Promise<void> => {
      try {
        await this.options.receive(parsed.output);
      } catch (error) {
        this.options.log.error(`the webview ${this.options.bundle} asked for what failed`, error);
        const { text, todo, action } = userMessage(error);
        offer(vscode.window.showErrorMessage, `${text} ${todo}`, action && next(action));
      }
    };
    void work();
  }

  private follow(): void {
    const { visible } = this.panel;
    if (visible === this.wasVisible) return;
    this.wasVisible = visible;
    if (!visible) {
      this.isReady = false; // the page is thrown away
      this.rest();
    } else if (this.isReady) this.greet(); // the page was quicker than the word that it is seen
    this.visibility.fire(visible);
  }

  private rest(): void {
    this.waiting?.abort();
    this.waiting = undefined;
  }

  private end(): void {
    this.isOver = true;
    this.isReady = false;
    this.rest();
    this.disposed.fire();
    for (const subscription of [...this.subscriptions, this.disposed, this.visibility])
      subscription.dispose();
  }
}

export interface PanelPage {
  readonly title: string;
  /** BCP 47, of the editor's texts. */
  readonly language: string;
  /** The editor's own source of local files for the content policy. */
  readonly source: string;
  readonly script: string;
  readonly style: string;
  /** Names the one script that may run. */
  readonly nonce?: string;
}

/** The page around a bundle. Nothing is loaded but its own script and style; no inline code or style is allowed. */
export function panelHtml({
  title,
  language,
  source,
  script,
  style,
  nonce = randomBytes(16).toString('base64url'),
}: PanelPage): string {
  const policy = [
    "default-src 'none'",
    `style-src ${source}`,
    `script-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escaped(language)}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="${escaped(style)}">
    <title>${escaped(title)}</title>
  </head>
  <body>
    <main id="app"></main>
    <script nonce="${nonce}" src="${escaped(script)}"></script>
  </body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
}
