import * as vscode from 'vscode';
import { compare, type Decimal } from '../kucoin/decimal';
import type { Plan } from '../transfers/plan';
import { asError, type Prompt } from './wizard';

/** Whether it is so large that a click is not enough. What it is worth may not be known: then it is. */
export function mustBeTyped(
  environment: Plan['profile']['environment'],
  value: Decimal | undefined,
  threshold: Decimal | undefined,
): boolean {
  if (environment === 'DEMO' || threshold === undefined) return false;
  return value === undefined || compare(value, threshold) >= 0;
}

/** Whether a person has typed the word: no key that is pressed twice can do that. */
export async function isTyped(
  prompt: Prompt,
  { title, question, word }: { readonly title: string; readonly question: string; readonly word: string },
): Promise<boolean> {
  const answer = await prompt.input({
    title,
    canGoBack: false,
    prompt: () => question,
    value: '',
    password: false,
    validate: (text) =>
      asError(
        text.trim().toUpperCase() === word.toUpperCase()
          ? undefined
          : vscode.l10n.t('Type {word}, or press Esc to leave.', { word }),
      ),
  });
  return answer.kind === 'value';
}
