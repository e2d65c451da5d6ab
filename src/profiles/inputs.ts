/**
 * Checks of what a user types or pastes for a key. Each answers a sentence about what is wrong, or `undefined`.
 * They only catch slips; whether the key works is for the exchange to say.
 */

export function keyProblem(text: string): string | undefined {
  const key = text.trim();
  if (key === '') return 'Enter the API key.';
  if (looksLikeSecret(key)) return 'This looks like the API secret. The key is 24 characters of 0-9 and a-f.';
  return /^[0-9a-f]{24}$/i.test(key) ? undefined : 'An API key is 24 characters of 0-9 and a-f.';
}

export function secretProblem(text: string): string | undefined {
  const secret = text.trim();
  if (secret === '') return 'Enter the API secret.';
  if (/^[0-9a-f]{24}$/i.test(secret))
    return 'This looks like the API key. The secret has hyphens, as in 8-4-4-4-12.';
  return looksLikeSecret(secret)
    ? undefined
    : 'An API secret is 36 characters with hyphens, as in 8-4-4-4-12.';
}

export function passphraseProblem(text: string): string | undefined {
  if (text === '') return 'Enter the passphrase that was chosen when the key was created.';
  return text.trim() === text
    ? undefined
    : 'The passphrase begins or ends with a blank; was it copied with it?';
}

export function nameProblem(text: string, taken: readonly string[]): string | undefined {
  const name = text.trim();
  if (name === '') return 'Enter a name.';
  if (name.length > 60) return 'At most 60 characters.';
  return taken.some((other) => other.toLowerCase() === name.toLowerCase())
    ? 'There is a profile of this name already.'
    : undefined;
}

function looksLikeSecret(text: string): boolean {
  return /^[0-9a-z]{8}(-[0-9a-z]{4}){3}-[0-9a-z]{12}$/i.test(text);
}
