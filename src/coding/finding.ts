import type { Sentence } from '../kucoin/explain';
import type { World } from '../kucoin/vocabulary';
import type { Range } from './syntax';

export type FindingCode = `KC1${string}`;

export interface TextEdit extends Range {
  readonly text: string;
}

export interface Fix {
  readonly title: Sentence;
  readonly edits: readonly TextEdit[];
}

export interface Finding extends Range {
  /** Stable: KC101 to KC114. */
  readonly code: FindingCode;
  readonly severity: 'error' | 'warning' | 'information';
  readonly message: Sentence;
  /** Page of the documentation. */
  readonly docs?: string;
  readonly fixes: readonly Fix[];
}

/** What is known beside the text. What is left out is not known, and no finding comes of it. */
export interface CodingFacts {
  /** `today` where left out. */
  readonly world?: World;
  /** Permissions of the active key, as the key information lists them. */
  readonly permissions?: readonly string[];
  /** State of spot HF of the active profile: of `hfStatus` in the portfolio. */
  readonly spotHf?: string;
  /** States of the margin kinds, in the same words. */
  readonly marginHf?: { readonly cross?: string | undefined; readonly isolated?: string | undefined };
}

/** Takes a finding at a call, whose page of the documentation goes with it. */
export type Add = (finding: Omit<Finding, 'docs'>) => void;
