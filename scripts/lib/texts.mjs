// The visible texts of the product, read from its sources: for scripts/l10n.mjs and for the test of the translations.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './paths.mjs';

/**
 * Tables of texts of the rings that know nothing of the editor, beside all of their `messages.ts`: constants by file,
 * with the properties that are texts where others are words of the exchange. The editor's side gives the texts to
 * `l10n.t`.
 */
const tables = {
  'kucoin/accountTypes.ts': { accountTypes: ['title', 'purpose'] },
  'kucoin/brands.ts': { brands: ['note'], urlProblems: undefined },
  'kucoin/explain.ts': { explanations: undefined },
  'orders/order.ts': { orderTexts: undefined },
  'portfolio/hf.ts': { hfEvidence: undefined, hfMeanings: undefined, hfNextSteps: undefined },
  'profiles/inputs.ts': { inputProblems: undefined },
  'profiles/profile.ts': { sandboxTitles: undefined },
};

/** Sentences that nobody translates, with the reason. */
const english = [
  [/^sandbox\//, 'says what KuCoin says, in its words, and to programmers'],
  [/^ui\/connectionReport\.ts$/, 'is sent to others, who read English'],
  [/^(portfolio\/movements|transfers\/export)\.ts$/, 'heads columns of files that programs read'],
  [/^ui\/tools\//, 'is read by language models, but for what goes to l10n.t'],
  [/^kucoin\/(endpoints\/|feed\/topics)/, 'are the titles of pages of the documentation of KuCoin'],
];

/** A place where a text that is not written there goes to `l10n.t`: file, and expression. */
/** @typedef {{ file: string, expression: string }} Door */

/** @returns {{ texts: Map<string, string[]>, doors: Door[], strays: { file: string, text: string }[] }} */
export function readTexts() {
  const texts = new Map();
  const doors = [];
  const strays = [];
  const folder = join(root, 'src');
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.ts'));
  for (const name of files.sort()) {
    const file = name.replaceAll('\\', '/');
    const source = ts.createSourceFile(
      file,
      readFileSync(join(folder, name), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    const keep = (node) => {
      texts.set(node.text, [...(texts.get(node.text) ?? []), file]);
    };
    const visit = (node) => {
      if (isTranslation(node)) {
        const [template, ...values] = node.arguments;
        const written = literals(template);
        if (written) written.forEach(keep);
        else doors.push({ file, expression: template.getText() });
        values.forEach(visit);
      } else if (isTable(file, node)) keepAll(node.initializer, tables[file]?.[node.name.getText()], keep);
      else if (file.startsWith('kucoin/endpoints/') && isProperty(node, 'summary')) keep(node.initializer);
      else if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || isThrown(node)) return;
      else if (isSentence(node) && !english.some(([files]) => files.test(file)))
        strays.push({ file, text: node.text ?? node.getText() });
      else ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { texts, doors, strays };
}

function isTranslation(node) {
  return ts.isCallExpression(node) && /(^|\.)l10n\.t$/.test(node.expression.getText());
}

/** The literals that an expression chooses from; undefined when it is made of anything but them and named tables. */
function literals(node) {
  if (ts.isStringLiteralLike(node)) return [node];
  if (/^\w+Texts[.[]/.test(node.getText())) return [];
  if (!ts.isConditionalExpression(node)) return undefined;
  const sides = [literals(node.whenTrue), literals(node.whenFalse)];
  return sides.every(Boolean) ? sides.flat() : undefined;
}

function isTable(file, node) {
  if (!ts.isVariableDeclaration(node) || !ts.isSourceFile(node.parent.parent.parent)) return false;
  const isMessages = file.endsWith('/messages.ts') && !file.startsWith('webview/');
  return isMessages || Object.hasOwn(tables[file] ?? {}, node.name.getText());
}

function keepAll(node, properties, keep) {
  if (ts.isStringLiteralLike(node)) {
    const name = ts.isPropertyAssignment(node.parent) ? node.parent.name.getText() : '';
    if (!properties || properties.includes(name)) keep(node);
  } else if (ts.isPropertyAssignment(node)) keepAll(node.initializer, properties, keep);
  else ts.forEachChild(node, (child) => keepAll(child, properties, keep));
}

function isProperty(node, name) {
  return (
    ts.isPropertyAssignment(node) && node.name.getText() === name && ts.isStringLiteralLike(node.initializer)
  );
}

/** What a programmer reads, not a user. */
function isThrown(node) {
  return ts.isNewExpression(node) && /Error$/.test(node.expression.getText());
}

/** A literal that begins with a capital letter and has several words: lines of the log begin with a small one. */
function isSentence(node) {
  if (!ts.isStringLiteralLike(node) && !ts.isTemplateExpression(node)) return false;
  const text = ts.isTemplateExpression(node) ? node.getText().slice(1, -1) : node.text;
  return /^[A-Z][a-z]*[,;:]? [\w{$(-]*[a-z]/.test(text);
}

export const translationFiles = {
  bundle: join(root, 'l10n', 'bundle.l10n.zh-cn.json'),
  manifest: join(root, 'package.nls.zh-cn.json'),
};

/** The English texts of the manifest, by key. */
export function manifestTexts() {
  return JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8'));
}
