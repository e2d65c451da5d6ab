import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * A hand-written stand-in for the few parts of the editor that the units under test touch. Importing this file, before
 * anything that needs the editor, puts it in the place of the module `vscode`.
 */
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode'
      ? { url: pathToFileURL(__filename).href, format: 'commonjs', shortCircuit: true }
      : next(specifier, context),
});

export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 } as const;
export const ConfigurationTarget = { Global: 1, Workspace: 2, WorkspaceFolder: 3 } as const;
export const ProgressLocation = { SourceControl: 1, Window: 10, Notification: 15 } as const;
export const StatusBarAlignment = { Left: 1, Right: 2 } as const;

export class ThemeColor {
  constructor(readonly id: string) {}
}

export class ThemeIcon {
  constructor(
    readonly id: string,
    readonly color?: ThemeColor,
  ) {}
}

export class TreeItem {
  id?: string;
  description?: string | boolean;
  tooltip?: string | MarkdownString;
  iconPath?: ThemeIcon;
  contextValue?: string;
  accessibilityInformation?: { readonly label: string };

  constructor(
    readonly label: string,
    readonly collapsibleState: number = TreeItemCollapsibleState.None,
  ) {}
}

/** Keeps the Markdown, with appended text escaped as the editor does it. */
export class MarkdownString {
  value = '';

  appendText(text: string): this {
    this.value += text.replace(/[\\`*_{}[\]()#+\-!~|<>]/g, '\\$&');
    return this;
  }

  appendMarkdown(text: string): this {
    this.value += text;
    return this;
  }

  appendCodeblock(text: string, language = ''): this {
    this.value += `\n\`\`\`${language}\n${text}\n\`\`\`\n`;
    return this;
  }

  /** As a reader sees the text. */
  get plain(): string {
    return this.value.replace(/\\(.)/g, '$1');
  }
}

export class EventEmitter<T> {
  private readonly listeners = new Set<(value: T) => void>();

  readonly event = (listener: (value: T) => void): { dispose(): void } => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }

  dispose(): void {
    this.listeners.clear();
  }
}

const translations = readTranslations();

function readTranslations(folder = __dirname): Readonly<Record<string, string>> {
  const file = path.join(folder, 'l10n', 'bundle.l10n.zh-cn.json');
  if (!existsSync(file)) return readTranslations(path.dirname(folder));
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
}

/** Speaks English, and refuses what could not be said in Chinese: a text that stands in no table. */
export const l10n = {
  t(template: string, ...values: unknown[]): string {
    if (!(template in translations)) throw new Error(`no translation: ${template}; see npm run l10n`);
    const [first] = values;
    const named = typeof first === 'object' && first !== null ? (first as Record<string, unknown>) : values;
    return template.replace(/\{(\w+)\}/g, (all, name: string) => {
      const value = (named as Record<string, unknown>)[name];
      return typeof value === 'string' || typeof value === 'number' ? String(value) : all;
    });
  },
};

export class Disposable {
  constructor(private readonly end: () => unknown) {}

  dispose(): void {
    this.end();
  }
}

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}

export class Hover {
  constructor(
    readonly contents: MarkdownString,
    readonly range: Range,
  ) {}
}

export class CodeLens {
  constructor(
    readonly range: Range,
    readonly command: { readonly title: string; readonly command: string; readonly arguments?: unknown[] },
  ) {}
}

/** What happens to documents, as the tests say it. */
export const documents = {
  all: [] as unknown[],
  opened: new EventEmitter<unknown>(),
  changed: new EventEmitter<unknown>(),
  saved: new EventEmitter<unknown>(),
  /** Changes of files that are watched. */
  files: new EventEmitter<void>(),
};

/** Extensions that are there, by id. */
export const others = new Map<string, unknown>();
export const extensions = { getExtension: (id: string): unknown => others.get(id) };

const configuration = new Map<string, { global?: unknown; workspace?: unknown }>();

/** What the tests set and read of the fake. */
export const fake = {
  /** Context keys as `setContext` left them. */
  contexts: new Map<string, unknown>(),
  /** Commands that were run, but for `setContext`. */
  commands: [] as string[],
  /** Messages that were shown. */
  messages: [] as string[],
  /** Texts that stood in the status bar for a while. */
  statusBar: [] as string[],
  /** Which button of a message is clicked; none where left out. */
  click: undefined as ((buttons: readonly string[]) => string | undefined) | undefined,
  /** Panels that were opened, oldest first. */
  panels: [] as FakeWebviewPanel[],
  /** Terminals that were opened, oldest first. */
  terminals: [] as FakeTerminal[],
  /** Documents that were opened, oldest first. */
  documents: [] as FakeDocument[],
  /** What was copied last. */
  clipboard: '',
  /** Sets a value as the user's or the workspace's settings have it. */
  configure(name: string, value: unknown, where: 'global' | 'workspace' = 'global'): void {
    configuration.set(name, { ...configuration.get(name), [where]: value });
  },
  configured(name: string): { readonly global?: unknown; readonly workspace?: unknown } | undefined {
    return configuration.get(name);
  },
  reset(): void {
    configuration.clear();
    this.contexts.clear();
    this.commands.length = 0;
    this.messages.length = 0;
    this.statusBar.length = 0;
    this.panels.length = 0;
    this.terminals.length = 0;
    this.documents.length = 0;
    this.click = undefined;
  },
};

/** A tab with a webview, and what a test does in the place of the person and the page. */
export class FakeWebviewPanel {
  visible = true;
  active = true;
  revealed = 0;
  isDisposed = false;
  /** What the host has posted to the page. */
  readonly posted: unknown[] = [];
  private readonly messages = new EventEmitter<unknown>();
  private readonly viewStates = new EventEmitter<unknown>();
  private readonly ends = new EventEmitter<void>();
  readonly onDidChangeViewState = this.viewStates.event;
  readonly onDidDispose = this.ends.event;
  readonly webview = {
    html: '',
    options: undefined as unknown,
    cspSource: 'https://local.invalid',
    onDidReceiveMessage: this.messages.event,
    postMessage: (message: unknown): Promise<boolean> => {
      this.posted.push(message);
      return Promise.resolve(true);
    },
    asWebviewUri: (uri: unknown): unknown => uri,
  };

  constructor(
    readonly viewType: string,
    public title: string,
    readonly options: unknown,
  ) {}

  reveal(): void {
    this.revealed++;
  }

  dispose(): void {
    this.isDisposed = true;
    this.visible = false;
    this.ends.fire();
  }

  /** The page sends this. */
  send(message: unknown): void {
    this.messages.fire(message);
  }

  show(visible: boolean): void {
    this.visible = visible;
    this.viewStates.fire(undefined);
  }
}

export class FakeTerminal {
  shown = 0;

  constructor(
    readonly options: {
      readonly name: string;
      readonly message: string;
      readonly env: Readonly<Record<string, string | null>>;
      readonly isTransient: boolean;
      readonly cwd?: string;
    },
  ) {}

  show(): void {
    this.shown++;
  }
}

export class Range {
  constructor(
    readonly firstLine: number,
    readonly firstCharacter: number,
    readonly lastLine: number,
    readonly lastCharacter: number,
  ) {}
}

/** A text in an editor, of a file or of none. Only whole lines are deleted. */
export class FakeDocument {
  private lines: string[];

  constructor(
    text: string,
    readonly languageId: string,
    private readonly file?: string,
  ) {
    this.lines = text.split('\n');
  }

  getText(): string {
    return this.lines.join('\n');
  }

  edit(make: (edit: { delete(range: Range): void }) => void): Promise<boolean> {
    const gone = new Set<number>();
    make({
      delete: ({ firstLine, lastLine }) => {
        for (let line = firstLine; line < lastLine; line++) gone.add(line);
      },
    });
    this.lines = this.lines.filter((_line, at) => !gone.has(at));
    return Promise.resolve(true);
  }

  save(): Promise<boolean> {
    if (this.file !== undefined) writeFileSync(this.file, this.getText());
    return Promise.resolve(this.file !== undefined);
  }
}

/** Paths as URIs. */
export class Uri {
  readonly scheme = 'file';
  readonly fsPath: string;

  private constructor(readonly path: string) {
    this.fsPath = path;
  }

  with({ path }: { readonly path: string }): Uri {
    return new Uri(path);
  }

  static file(path: string): Uri {
    return new Uri(path);
  }

  static joinPath(base: Uri, ...parts: string[]): Uri {
    return new Uri([base.path, ...parts].join('/'));
  }

  toString(): string {
    return `file://${this.path}`;
  }
}

export const ViewColumn = { Active: -1, Beside: -2 } as const;
export const env = {
  language: 'en',
  clipboard: {
    writeText: (text: string): Promise<void> => {
      fake.clipboard = text;
      return Promise.resolve();
    },
  },
};

interface Configuration {
  get(name: string): unknown;
  inspect(name: string): { readonly workspaceValue?: unknown; readonly globalValue?: unknown };
  update(name: string, value: unknown, target: number): Promise<void>;
}

export const workspace = {
  get textDocuments(): unknown[] {
    return documents.all;
  },
  onDidOpenTextDocument: documents.opened.event,
  onDidChangeTextDocument: documents.changed.event,
  onDidSaveTextDocument: documents.saved.event,
  createFileSystemWatcher: (): Record<string, unknown> => ({
    onDidCreate: documents.files.event,
    onDidChange: documents.files.event,
    onDidDelete: documents.files.event,
    dispose: (): void => undefined,
  }),
  fs: {
    stat: ({ path }: Uri): Promise<unknown> => stat(path),
    readFile: ({ path }: Uri): Promise<Uint8Array> => readFile(path),
  },
  asRelativePath: ({ path }: Uri): string => path.slice(path.lastIndexOf('/') + 1),
  openTextDocument(
    from: Uri | { readonly language: string; readonly content: string },
  ): Promise<FakeDocument> {
    const document =
      from instanceof Uri
        ? new FakeDocument(readFileSync(from.path, 'utf8'), 'plaintext', from.path)
        : new FakeDocument(from.content, from.language);
    fake.documents.push(document);
    return Promise.resolve(document);
  },
  getConfiguration(section: string): Configuration {
    const nameOf = (name: string): string => `${section}.${name}`;
    return {
      get(name: string): unknown {
        const found = configuration.get(nameOf(name));
        return found?.workspace ?? found?.global;
      },
      inspect(name: string): { readonly workspaceValue?: unknown; readonly globalValue?: unknown } {
        const found = configuration.get(nameOf(name));
        return { globalValue: found?.global, workspaceValue: found?.workspace };
      },
      update(name: string, value: unknown, target: number): Promise<void> {
        fake.configure(nameOf(name), value, target === ConfigurationTarget.Global ? 'global' : 'workspace');
        return Promise.resolve();
      },
    };
  },
};

export const commands = {
  executeCommand(command: string, ...values: unknown[]): Promise<undefined> {
    if (command === 'setContext') fake.contexts.set(String(values[0]), values[1]);
    else fake.commands.push(command);
    return Promise.resolve(undefined);
  },
};

export const window = {
  showErrorMessage: show,
  showWarningMessage: show,
  showInformationMessage: show,
  createWebviewPanel(viewType: string, title: string, _column: unknown, options: unknown): FakeWebviewPanel {
    const panel = new FakeWebviewPanel(viewType, title, options);
    fake.panels.push(panel);
    return panel;
  },
  createTerminal(options: FakeTerminal['options']): FakeTerminal {
    const terminal = new FakeTerminal(options);
    fake.terminals.push(terminal);
    return terminal;
  },
  setStatusBarMessage(message: string): void {
    fake.statusBar.push(message);
  },
  showTextDocument: (document: FakeDocument): Promise<FakeDocument> => Promise.resolve(document),
  withProgress: <T>(_options: unknown, work: () => Promise<T>): Promise<T> => work(),
};

/** Messages are recorded, and go away unless a test clicks. */
function show(
  message: string,
  ...rest: (string | { readonly detail?: string })[]
): Promise<string | undefined> {
  const details = rest.flatMap((each) => (typeof each === 'string' ? [] : (each.detail ?? [])));
  fake.messages.push([message, ...details].join(' '));
  return Promise.resolve(fake.click?.(rest.filter((each) => typeof each === 'string')));
}
