import { fileOf, findCalls, type FoundCall } from './calls';
import type { CodingFacts, Finding } from './finding';
import { findingsOf } from './findings';
import { mentionsKucoin } from './mention';
import { familyOf, scan } from './scan';
import { findSecrets, type FoundSecret, type SecretOptions } from './secrets';

/**
 * What stands in a text about KuCoin. Pure: no editor, no network, no clock. Offsets are those of the text.
 * A text that never mentions KuCoin costs a search for the word and nothing else.
 */
export interface Analysis {
  readonly calls: readonly FoundCall[];
  readonly findings: readonly Finding[];
  readonly secrets: readonly FoundSecret[];
}

export interface AnalyseOptions extends SecretOptions {
  readonly facts?: CodingFacts;
}

const nothing: Analysis = Object.freeze({ calls: [], findings: [], secrets: [] });

/** @param languageId of the editor; languages that are not known give nothing */
export function analyse(text: string, languageId: string, options: AnalyseOptions = {}): Analysis {
  const family = familyOf(languageId);
  if (!family || (!mentionsKucoin(text) && !/kucoin/i.test(options.fileName ?? ''))) return nothing;
  const source = { text, scan: scan(text, family) };
  const secrets = findSecrets(text, source.scan, family, { ...options, languageId });
  if (family === 'json' || family === 'yaml' || family === 'dotenv')
    return { calls: [], findings: [], secrets };
  const file = fileOf(source, family);
  const calls = findCalls(file);
  return { calls, findings: findingsOf(file, calls, options.facts ?? {}), secrets };
}

/** A document of the editor, as much as is needed. */
export interface Versioned {
  readonly uri: string;
  readonly version: number;
  readonly languageId: string;
  getText(): string;
}

export interface Analyser {
  /** The analysis of this version of a document, made once however many features ask. */
  of(document: Versioned): Analysis;
  /** Forgets everything when what is known beside the text has changed. */
  setFacts(facts: CodingFacts): void;
  /** Forgets a document that was closed. */
  forget(uri: string): void;
}

/** @param keep how many documents are remembered */
export function createAnalyser(keep = 30): Analyser {
  const made = new Map<
    string,
    { readonly version: number; readonly languageId: string; readonly analysis: Analysis }
  >();
  let facts: CodingFacts = {};
  return {
    of(document) {
      const { uri, version, languageId } = document;
      const before = made.get(uri);
      made.delete(uri);
      const known = before?.version === version && before.languageId === languageId;
      const analysis = known
        ? before.analysis
        : analyse(document.getText(), languageId, { facts, fileName: uri });
      made.set(uri, { version, languageId, analysis });
      const oldest = made.keys().next().value;
      if (made.size > keep && oldest !== undefined) made.delete(oldest);
      return analysis;
    },
    setFacts(changed) {
      facts = changed;
      made.clear();
    },
    forget(uri) {
      made.delete(uri);
    },
  };
}
