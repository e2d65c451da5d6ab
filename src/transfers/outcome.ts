import { KucoinError, type ErrorKind } from '../kucoin/errors';
import { explain, type Sentence } from '../kucoin/explain';
import type { Permission } from '../kucoin/vocabulary';
import { moneyTexts, outcomeTexts } from './messages';
import type { ErrorNote, OwnErrorKind } from './records';
import { say } from './sentence';

/** Whether funds left the one account and arrived in the other, as far as anybody can know. */
export type Moved = 'moved' | 'notMoved' | 'unknown';

/** The three things that a person has to be told about a transfer. */
export interface Report {
  readonly what: Sentence;
  readonly money: Sentence;
  readonly todo: Sentence;
}

/** Where the general advice for a failed call is wrong or too little for a transfer that did not happen. */
const advice: Partial<Record<ErrorKind, string>> = {
  insufficientBalance: outcomeTexts.chooseLess,
  timeout: outcomeTexts.prepareAgain,
  stale: outcomeTexts.prepareAgain,
  cancelled: outcomeTexts.nothingToDo,
  malformedReply: outcomeTexts.prepareAgain,
};

const ownErrors: Readonly<Record<OwnErrorKind, readonly [what: string, todo: string]>> = {
  crash: [outcomeTexts.crashed, outcomeTexts.prepareAgain],
  neverSent: [outcomeTexts.neverSent, outcomeTexts.prepareAgain],
  notBegun: [outcomeTexts.notBegun, outcomeTexts.prepareAgain],
  overtaken: [outcomeTexts.overtaken, outcomeTexts.prepareAgain],
  journal: [outcomeTexts.journalRefused, outcomeTexts.checkDisk],
  internal: [outcomeTexts.internal, outcomeTexts.reportIt],
};

/**
 * What happened, whether money moved, and what to do.
 *
 * @param permission what the endpoint asks for, from its catalogue entry
 */
export function reportFailure(
  error: ErrorNote,
  { moved, permission }: { readonly moved: Moved; readonly permission?: Permission | undefined },
): Report {
  const { what, todo } = explainNote(error, permission);
  if (moved === 'notMoved') return { what, money: say(moneyTexts.notMoved), todo };
  if (moved === 'moved') {
    return { what, money: say(moneyTexts.moved), todo: say(outcomeTexts.refreshBalances) };
  }
  return { what, money: say(moneyTexts.unknown), todo: say(outcomeTexts.findOut) };
}

function explainNote(
  error: ErrorNote,
  permission: Permission | undefined,
): { readonly what: Sentence; readonly todo: Sentence } {
  const { kind, ...facts } = error;
  if (isOwn(kind)) {
    const [what, todo] = ownErrors[kind];
    return { what: sentenceOf(what, error), todo: sentenceOf(todo, error) };
  }
  const explained = explain(new KucoinError({ kind, outcome: 'notExecuted', ...facts }), permission);
  const better = advice[kind];
  return better === undefined ? explained : { what: explained.what, todo: sentenceOf(better, error) };
}

function sentenceOf(template: string, { detail }: ErrorNote): Sentence {
  return { template, values: { said: detail ?? '-' } };
}

function isOwn(kind: ErrorNote['kind']): kind is OwnErrorKind {
  return Object.hasOwn(ownErrors, kind);
}

/** What is kept of an error in the journal: never more than what it may show. */
export function noteOf(error: KucoinError): ErrorNote {
  const { kind, code, httpStatus, detail, endpoint } = error;
  return { kind, code, httpStatus, detail, endpoint };
}
