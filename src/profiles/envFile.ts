import { parseEnv } from 'node:util';
import { keysIn, type NamedKey } from './namedKeys';

/** The keys of KuCoin in the text of a `.env` file, read by Node's own parser. */
export function keysInEnvFile(text: string): NamedKey[] {
  return keysIn(pairsOf(text));
}

/** Lines from `first` on, `count` of them; counted from 0. */
export interface Lines {
  readonly first: number;
  readonly count: number;
}

/**
 * The lines that give these names a value. Nothing when they cannot be told from the rest for certain: the parser has
 * to find all other values, and those alone, in what is left.
 */
export function linesOf(text: string, names: readonly string[]): Lines[] | undefined {
  const lines = text.split('\n');
  const found = lines.flatMap((line, first): Lines[] => {
    const [, name = ''] = /^\s*(?:export\s+)?([\w.-]+)\s*=/.exec(line) ?? [];
    return names.includes(name) ? [{ first, count: 1 }] : [];
  });
  const gone = new Set(found.map(({ first }) => first));
  const left = pairsOf(lines.filter((_line, index) => !gone.has(index)).join('\n'));
  const wanted = pairsOf(text).filter(([name]) => !names.includes(name));
  return JSON.stringify(left) === JSON.stringify(wanted) ? found : undefined;
}

function pairsOf(text: string): [string, string][] {
  return Object.entries(parseEnv(text)).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
}
