/**
 * Checks of what a user types or pastes for a key. Each answers a sentence about what is wrong, or `undefined`.
 * They only catch slips; whether the key works is for the exchange to say.
 */

const inputProblems = {
  noKey: 'Enter the API key.',
  secretAsKey: 'This looks like the API secret. The key is 24 characters of 0-9 and a-f.',
  key: 'An API key is 24 characters of 0-9 and a-f.',
  noSecret: 'Enter the API secret.',
  keyAsSecret: 'This looks like the API key. The secret has hyphens, as in 8-4-4-4-12.',
  secret: 'An API secret is 36 characters with hyphens, as in 8-4-4-4-12.',
  noPassphrase: 'Enter the passphrase that was chosen when the key was created.',
  blanks: 'The passphrase begins or ends with a blank; was it copied with it?',
  noName: 'Enter a name.',
  longName: 'At most 60 characters.',
  takenName: 'There is a profile of this name already.',
} as const;

export function keyProblem(text: string): string | undefined {
  const key = text.trim();
  if (key === '') return inputProblems.noKey;
  if (looksLikeSecret(key)) return inputProblems.secretAsKey;
  return /^[0-9a-f]{24}$/i.test(key) ? undefined : inputProblems.key;
}

export function secretProblem(text: string): string | undefined {
  const secret = text.trim();
  if (secret === '') return inputProblems.noSecret;
  if (/^[0-9a-f]{24}$/i.test(secret)) return inputProblems.keyAsSecret;
  return looksLikeSecret(secret) ? undefined : inputProblems.secret;
}

export function passphraseProblem(text: string): string | undefined {
  if (text === '') return inputProblems.noPassphrase;
  return text.trim() === text ? undefined : inputProblems.blanks;
}

export function nameProblem(text: string, taken: readonly string[]): string | undefined {
  const name = text.trim();
  if (name === '') return inputProblems.noName;
  if (name.length > 60) return inputProblems.longName;
  return taken.some((other) => other.toLowerCase() === name.toLowerCase())
    ? inputProblems.takenName
    : undefined;
}

function looksLikeSecret(text: string): boolean {
  return /^[0-9a-z]{8}(-[0-9a-z]{4}){3}-[0-9a-z]{12}$/i.test(text);
}
