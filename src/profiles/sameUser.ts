import { environmentOf, type Profile } from './profile';

/**
 * Ids of all profiles of the user that this one is of, itself first: those with the same key, and those whose keys the
 * exchange has said to be of the same account. A key that was never checked tells of no account.
 */
export function sameUser(profiles: readonly Profile[], id: string): string[] {
  const asked = profiles.find((profile) => profile.id === id);
  if (!asked) return [id];
  return [
    id,
    ...profiles.filter((other) => other.id !== id && isSameUser(asked, other)).map((other) => other.id),
  ];
}

function isSameUser(one: Profile, other: Profile): boolean {
  // Sandboxes have keys and accounts of their own, each world for itself.
  if (environmentOf(one) !== environmentOf(other)) return false;
  const isSameSite = JSON.stringify(one.site) === JSON.stringify(other.site);
  if (one.site.kind === 'sandbox' && !isSameSite) return false;
  // A key may be entered again under an address that somebody typed in; numbers of accounts are one site's only.
  return (
    one.keyFingerprint === other.keyFingerprint ||
    (isSameSite && one.facts !== undefined && one.facts.uid === other.facts?.uid)
  );
}
