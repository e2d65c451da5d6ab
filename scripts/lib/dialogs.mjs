// The errors and warnings that are written where they are said, read from the sources: for docs/errors.md.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './paths.mjs';

/** Functions that make messages for others to show, beside the tables. */
const makers = { 'ui/commandRunner.ts': 'readOnlyMessage', 'ui/explainError.ts': 'unexpected' };

const severities = { showErrorMessage: 'error', showWarningMessage: 'warning' };

/**
 * @returns {{ text: string, severity: 'error' | 'warning', file: string }[]} each text once for each file and severity,
 *   in the order of the files
 */
export function spokenTexts() {
  const folder = join(root, 'src');
  const found = new Map();
  const files = ['ui', 'services'].flatMap((part) =>
    readdirSync(join(folder, part), { recursive: true })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${part}/${name.replaceAll('\\', '/')}`),
  );
  for (const file of files.sort()) {
    const text = readFileSync(join(folder, file), 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const keep = (severity) => (said) => {
      // A text of placeholders alone says nothing here.
      if (/\w/.test(said.replace(/\{\w+\}/g, '')))
        found.set(`${file} ${severity} ${said}`, { text: said, severity, file });
    };
    const visit = (node) => {
      const told = saidBy(node);
      if (told) collect(told.said, source, keep(told.severity));
      if (ts.isFunctionDeclaration(node) && makers[file] === node.name?.text)
        for (const name of ['text', 'todo']) collectMembers(node, name, source, keep('error'));
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return [...found.values()];
}

/** `offer(vscode.window.showErrorMessage, said)`, `vscode.window.showErrorMessage(said)`, or `notice(said)`. */
function saidBy(node) {
  if (!ts.isCallExpression(node)) return undefined;
  const [first, second] = node.arguments;
  const name = node.expression.getText();
  if (name === 'notice') return { severity: 'warning', said: first };
  const severity = (expression) => severities[expression?.getText().replace(/^vscode\.window\./, '')];
  if (name === 'offer') return severity(first) && { severity: severity(first), said: second };
  // A modal warning is a question.
  const told = severity(node.expression);
  const isQuestion = told === 'warning' && second && /modal: true/.test(second.getText());
  return told && !isQuestion ? { severity: told, said: first } : undefined;
}

/** The texts that an expression may come to, as far as they are written in its file. */
function collect(node, source, keep, seen = new Set()) {
  if (!node || seen.has(node)) return;
  seen.add(node);
  const into = (child) => collect(child, source, keep, seen);
  if (ts.isCallExpression(node) && node.expression.getText() === 'vscode.l10n.t') {
    const [template, ...values] = node.arguments;
    literalsIn(template).forEach(keep);
    values.forEach(into);
  } else if (ts.isIdentifier(node)) {
    const declared = declarationOf(node, source);
    if (!declared) return;
    if (ts.isFunctionDeclaration(declared)) into(declared.body);
    else if (ts.isVariableDeclaration(declared)) into(declared.initializer);
    else collectMade(declared, node.text, source, keep);
  } else if (ts.isCallExpression(node)) {
    into(node.expression);
    node.arguments.forEach(into);
  } else if (ts.isPropertyAssignment(node)) into(node.initializer);
  else if (ts.isShorthandPropertyAssignment(node)) into(node.name);
  else if (!ts.isPropertyAccessExpression(node)) ts.forEachChild(node, into);
}

/** `const { text } = explained(error)`: what that function of this file calls `text`. */
function collectMade(binding, name, source, keep) {
  const { initializer } = binding.parent.parent;
  if (!initializer || !ts.isCallExpression(initializer)) return;
  const maker = ts.isIdentifier(initializer.expression) && declarationOf(initializer.expression, source);
  if (maker && ts.isFunctionDeclaration(maker)) collectMembers(maker, name, source, keep);
}

function collectMembers(node, name, source, keep) {
  if (ts.isPropertyAssignment(node) && node.name.getText() === name) collect(node.initializer, source, keep);
  else ts.forEachChild(node, (child) => collectMembers(child, name, source, keep));
}

/** The variable, or the function, that a name stands for: the nearest one before it, or around it. */
function declarationOf(name, source) {
  let found;
  const visit = (node) => {
    const isNamed = node.name?.getText?.() === name.text;
    if (ts.isFunctionDeclaration(node) && isNamed) found ??= node;
    const isVariable = ts.isVariableDeclaration(node) || ts.isBindingElement(node);
    if (isVariable && isNamed && node.getStart() < name.getStart() && surrounds(scopeOf(node), name))
      found = node;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function scopeOf(node) {
  let scope = node.parent;
  while (scope.parent && !ts.isBlock(scope) && !ts.isSourceFile(scope) && !ts.isCaseClause(scope))
    scope = scope.parent;
  return scope;
}

function surrounds(scope, node) {
  return scope.getStart() <= node.getStart() && node.getEnd() <= scope.getEnd();
}

function literalsIn(node) {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(literalsIn);
  return [];
}
