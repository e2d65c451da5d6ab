import type { Environment } from '../kucoin/environment';
import { keysIn, type NamedKey } from './namedKeys';

/** The service under which profiles stand in the system keychain; the account is the name of the profile. */
export const keychainService = 'kucoin-accounts';

/** What an entry of the keychain holds: the environment variables of a profile, as one JSON object. Secret. */
export function entryOf(environment: Environment): string {
  return JSON.stringify(environment); // a variable without a value is left out
}

/** An entry of the keychain: what this product, or somebody else, has put there. */
export interface KeychainItem {
  readonly account: string;
  readonly password: string;
}

/** The keys among the entries of a service: each in one JSON object, or part by part in entries named like them. */
export function keysInEntries(items: readonly KeychainItem[]): (NamedKey & { readonly account: string })[] {
  const whole = items.flatMap(({ account, password }) =>
    keysIn(pairsIn(password)).map((key) => ({ ...key, account })),
  );
  const parts = keysIn(items.map(({ account, password }) => [account, password] as const));
  return [...whole, ...parts.map((key) => ({ ...key, account: key.names.join(', ') }))];
}

function pairsIn(text: string): [string, string][] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return []; // not of this form
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]: [string, unknown]) =>
    typeof part === 'string' ? [[name, part]] : [],
  );
}
