import type { Sentence } from '../kucoin/explain';
import { refusals } from './messages';
import { say, type ValuesOf } from './sentence';

/** Why something is not done: a stable code for programs, a sentence with reason and remedy for people. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly sentence: Sentence;
}

export type RefusalCode = keyof typeof refusals;

export function refuse<C extends RefusalCode>(code: C, ...values: ValuesOf<(typeof refusals)[C]>): Refusal {
  return Object.freeze({ code, sentence: say<string>(refusals[code], ...(values as [])) });
}
