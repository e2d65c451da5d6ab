import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { spokenTexts } from './dialogs.mjs';
import { root } from './paths.mjs';

const require = createRequire(import.meta.url);

/** The generated tables of docs/: their text by the name of the file. */
export async function documents() {
  const manifest = readJson('package.json');
  const texts = readJson('package.nls.json');
  const tables = await productTables();
  return {
    'commands.md': commands(manifest, texts, tables),
    'settings.md': settings(manifest, texts),
    'endpoints.md': endpoints(tables),
    'errors.md': errors(tables),
  };
}

const readJson = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));

/** The tables of the sources, which are TypeScript: bundled in memory and loaded. */
async function productTables() {
  const esbuild = require('esbuild');
  const { outputFiles } = await esbuild.build({
    stdin: {
      contents: `
        export { catalogue } from './src/kucoin/catalogue';
        export { codes } from './src/kucoin/codes';
        export { explanations } from './src/kucoin/explain';
        export { permissionTitles } from './src/kucoin/vocabulary';
        export { commandTable } from './src/ui/commandTable';
        export * as transfers from './src/transfers/messages';
        export { findingTexts } from './src/coding/messages';`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
  });
  const loaded = new Module(join(root, 'tables.cjs'));
  loaded.paths = Module._nodeModulePaths(root);
  loaded._compile(outputFiles[0].text, join(root, 'tables.cjs'));
  return loaded.exports;
}

const generated = (sources) =>
  `_\`npm run docs\` writes this page from ${sources}. Change those, not the page._`;

const page = (title, sources, ...parts) => [`# ${title}`, generated(sources), ...parts].join('\n\n') + '\n';

function table(head, rows) {
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A text in a cell: a bar would end it, and a line break the row. */
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text) => `\`${text}\``;
/** Placeholders and words in angles are no markup. */
const plain = (text) => text.replace(/[<>*_]/g, '\\$&').replace(/\{\w+\}/g, code);
const nls = (texts, text) => text.replace(/^%(.+)%$/, (_, key) => texts[key] ?? key);

function groupsOf(list, keyOf) {
  const groups = new Map();
  for (const item of list) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups];
}

const subjects = {
  demo: 'Demo account',
  profile: 'Profiles',
  balances: 'Balances',
  live: 'Live updates',
  transfer: 'Transfers',
  history: 'History of transfers',
  hf: 'High-frequency trading',
  ledger: 'Ledger',
  market: 'Market',
  portfolio: 'Portfolio',
  code: 'In source code',
  sandbox: 'Sandbox',
  connection: 'Connection',
  keychain: 'System keychain',
  run: 'Run with a profile',
  help: 'Help',
  log: 'Log',
};

const effects = {
  read: 'reads',
  write: 'changes what the extension keeps',
  money: '**can move money**, refused on a read-only profile',
};

const places = {
  'view/title': 'title of a view',
  'view/item/context': 'rows',
  'editor/title': 'title of an editor',
  'editor/context': 'editor',
  'explorer/context': 'explorer',
};

function commands({ contributes }, texts, { commandTable }) {
  const { commands: all, menus, keybindings = [], languageModelTools = [] } = contributes;
  const placesOf = (id) => [
    'palette',
    ...Object.entries(menus)
      .filter(([menu, entries]) => menu !== 'commandPalette' && entries.some(({ command }) => command === id))
      .map(([menu]) => places[menu] ?? menu),
    ...keybindings.filter(({ command }) => command === id).map(({ key }) => code(key)),
  ];
  const hidden = (id) => menus.commandPalette.some((entry) => entry.command === id && entry.when === 'false');
  const row = ({ command, title }) => [
    nls(texts, title),
    code(command),
    effects[commandTable[command]],
    placesOf(command)
      .filter((place) => place !== 'palette' || !hidden(command))
      .join(', '),
  ];
  const parts = groupsOf(all, ({ command }) => command.split('.')[1]).flatMap(([subject, group]) => [
    `## ${subjects[subject] ?? `${subject[0].toUpperCase()}${subject.slice(1)}`}`,
    table(['Command', 'Id', 'What it may do', 'Where'], group.map(row)),
  ]);
  const tools = languageModelTools.map(({ name, displayName, userDescription, modelDescription, when }) => [
    code(name),
    nls(texts, displayName),
    plain(nls(texts, userDescription ?? modelDescription)),
    when ? code(when) : 'always',
  ]);
  return page(
    'Commands',
    '`package.json` and `src/ui/commandTable.ts`',
    'All stand in the command palette under **KuCoin**.',
    ...parts,
    ...(tools.length > 0
      ? ['## Tools for assistants', table(['Tool', 'Title', 'What it does', 'Offered'], tools)]
      : []),
  );
}

function settings({ contributes }, texts) {
  const sections = [contributes.configuration].flat();
  const valueOf = (value) => (value === '' ? 'empty' : code(JSON.stringify(value)));
  const choicesOf = ({ enum: values = [], enumDescriptions = [], markdownEnumDescriptions, items }) => {
    const words = (markdownEnumDescriptions ?? enumDescriptions).map((text) => nls(texts, text));
    const choices = values.map((value, index) => `${code(value)}${words[index] ? `: ${words[index]}` : ''}`);
    return items?.enum ? `any of ${items.enum.map(code).join(', ')}` : choices.join('<br>');
  };
  const limitsOf = ({ type, minimum, maximum }) =>
    [
      [].concat(type).join(' or '),
      minimum !== undefined && `from ${minimum}`,
      maximum !== undefined && `to ${maximum}`,
    ]
      .filter(Boolean)
      .join(' ');
  const textOf = ({ markdownDescription, description }) =>
    nls(texts, markdownDescription ?? description).replace(/`#([\w.]+)#`/g, '`$1`');
  const parts = sections.flatMap(({ title, properties }) => [
    ...(sections.length > 1 ? [`## ${nls(texts, title)}`] : []),
    table(
      ['Setting', 'Type', 'Default', 'Meaning', 'A workspace can set it'],
      Object.entries(properties)
        .sort(([, one], [, other]) => (one.order ?? 0) - (other.order ?? 0))
        .map(([name, setting]) => [
          code(name),
          limitsOf(setting),
          valueOf(setting.default),
          [textOf(setting), choicesOf(setting)].filter(Boolean).join('<br>'),
          ['application', 'machine'].includes(setting.scope) ? '**no**' : 'yes',
        ]),
    ),
  ]);
  return page('Settings', '`package.json` and `package.nls.json`', ...parts);
}

function endpoints({ catalogue, permissionTitles }) {
  const states = ({ state = {} }) =>
    Object.entries(state).map(([world, value]) => `${value} ${world === 'today' ? 'today' : 'in 2023'}`);
  const row = ([name, entry]) => [
    `[${entry.title}](${entry.docs})`,
    code(`${entry.method} ${entry.path}`),
    entry.permission === 'Public' ? 'none' : permissionTitles[entry.permission],
    `${entry.weight} ${entry.pool}`,
    entry.repeat === 'safe' ? 'yes' : '**never**',
    [entry.summary, ...states(entry).map((text) => `_${text}_`)].join(' '),
    code(name),
  ];
  const head = [
    'Endpoint',
    'Call',
    'Permission',
    'Weight',
    'Sent again by itself',
    'What it does',
    'Name here',
  ];
  const hosts = { spot: 'Spot host', futures: 'Futures host' };
  const sorted = Object.entries(catalogue).sort(([, one], [, other]) => (one.path < other.path ? -1 : 1));
  const parts = Object.entries(hosts).flatMap(([host, title]) => [
    `## ${title}`,
    table(head, sorted.filter(([, entry]) => entry.host === host).map(row)),
  ]);
  return page(
    'Endpoints',
    'the catalogue in `src/kucoin/endpoints`',
    'What the client calls and the sandbox serves. _Weight_ is what a call takes from its pool of 30 seconds; _sent again by itself_ says what happens when an answer is lost.',
    ...parts,
  );
}

function errors({ explanations, codes, transfers, findingTexts }) {
  const codesOf = (kind) =>
    Object.entries(codes)
      .filter(([, meaning]) => meaning.kind === kind)
      .map(([number, { outcome }]) => (outcome === 'unknown' ? `${number} (outcome unknown)` : number));
  const sentences = (texts) => Object.values(texts).map((text) => [plain(text)]);
  return page(
    'Messages',
    'the tables of messages in `src/kucoin`, `src/transfers` and `src/coding`, and from the errors and warnings in `src/ui` and `src/services`',
    'Words in braces are filled in: `{said}` is what the exchange or the network said. Every message about a transfer also says whether money moved.',
    '## Calls that failed',
    'A code of KuCoin that is not listed here counts as refused, and a code of the form 5xxxxx as an outcome that is not known; so does any answer with an HTTP status from 500 on.',
    table(
      ['What it says', 'What to do', 'Codes of KuCoin'],
      Object.entries(explanations).map(([kind, [what, todo]]) => [
        plain(what),
        plain(todo),
        codesOf(kind).join(', '),
      ]),
    ),
    '## Whether money moved',
    table(['What it says'], sentences(transfers.moneyTexts)),
    '## Why a transfer is not prepared or sent',
    table(['What it says, and what to do'], sentences(transfers.refusals)),
    '## What is wrong with an amount',
    table(['What it says, and what to do'], sentences(transfers.amountProblems)),
    '## What became of a transfer',
    table(['What it says'], sentences(transfers.outcomeTexts)),
    '## Evidence about a lost answer',
    table(['What it says'], sentences(transfers.evidenceTexts)),
    '## Errors and warnings of commands',
    'Sentences that are written where they are said. What came of a call, or why a transfer is refused, stands in the place of `{reason}`, `{what}` or `{text}`, as above.',
    table(
      ['What it says', 'As', 'Where'],
      spokenTexts().map(({ text, severity, file }) => [plain(text), severity, code(`src/${file}`)]),
    ),
    '## In source code',
    table(
      ['Code', 'What it says'],
      Object.entries(findingTexts).map(([id, text]) => [id.slice(0, 5), plain(text)]),
    ),
  );
}
