import { KucoinError } from '../../kucoin/errors';
import { explain, type Sentence } from '../../kucoin/explain';
import { JournalError } from '../../transfers/journal';
import { harmless, plainEnglish } from './outside';

/** What a model is told when a tool cannot do its work: what is wrong, whether money moved, what to do. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure';

  constructor(what: string, todo: string, money = noMoney) {
    super([what, money, todo].join(' '));
  }
}

const noMoney = 'No money moved.';

/** Characters of what is said of a failure. */
const longest = 900;

/** Of anything that was thrown: never the text of an error that is not ours, which may hold anything. */
export function failureOf(error: unknown): ToolFailure {
  if (error instanceof ToolFailure) return error;
  if (KucoinError.is(error)) {
    const { what, todo } = explain(error);
    return new ToolFailure(harmless(plainEnglish(what), longest), harmless(plainEnglish(todo), longest));
  }
  if (JournalError.is(error)) {
    return new ToolFailure(
      'The journal of transfers on this computer cannot be used.',
      'Ask the user to look at the log of KuCoin Accounts, then try again.',
    );
  }
  return new ToolFailure(
    'An error inside the extension stopped the tool.',
    'Ask the user to look at the log of KuCoin Accounts.',
  );
}

/** Of a refusal of ours, whose sentence names the remedy already. */
export function refused(sentence: Sentence): ToolFailure {
  return new ToolFailure(plainEnglish(sentence), 'Do not try the same again; tell the user.');
}
