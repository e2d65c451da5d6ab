import * as v from 'valibot';
import { brands, type BrandId, type KeyVersion } from '../kucoin/brands';
import type { Permission, World } from '../kucoin/vocabulary';

/**
 * What is known of an API key, without its secrets. Stored as JSON beside others; the three secrets are one value
 * of the secret store under the profile's id.
 */
export interface Profile {
  readonly id: string;
  readonly name: string;
  readonly site: ProfileSite;
  readonly keyVersion: KeyVersion;
  /** First 12 hex digits of the SHA-256 of the key: tells keys apart and reveals nothing. */
  readonly keyFingerprint: string;
  /** Grows whenever the key or the site changes; an answer for an older generation is dropped. */
  readonly generation: number;
  /** A read-only profile plans and sends nothing that moves funds. */
  readonly readOnly: boolean;
  /** What the exchange said of the key when it was last checked. */
  readonly facts?: KeyFacts | undefined;
}

export type ProfileSite =
  | { readonly kind: 'brand'; readonly brand: BrandId }
  /** Base URLs typed in by the user. */
  | { readonly kind: 'custom'; readonly spot: string; readonly futures?: string | undefined }
  /** The built-in local KuCoin, in one of its worlds. */
  | { readonly kind: 'sandbox'; readonly world: World };

/** From `GET /api/v1/user/api-key`. */
export interface KeyFacts {
  readonly uid: number;
  readonly isMaster: boolean;
  readonly subName?: string | undefined;
  readonly permissions: readonly string[];
  readonly ipRestricted: boolean;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number | undefined;
  readonly siteType?: string | undefined;
  /** When the exchange said so: milliseconds since the epoch. */
  readonly checkedAt: number;
}

/** Which world's rules a profile follows: real KuCoin is today's. */
export function worldOf(profile: Profile): World {
  return profile.site.kind === 'sandbox' ? profile.site.world : 'today';
}

/** Funds of a LIVE profile are real; DEMO means the sandbox and nothing else. */
export function environmentOf(profile: Profile): 'LIVE' | 'DEMO' {
  return profile.site.kind === 'sandbox' ? 'DEMO' : 'LIVE';
}

const sandboxTitles = { today: 'Local sandbox', seed: 'Local sandbox (as first documented)' } as const;

export function siteTitle(site: ProfileSite): string {
  switch (site.kind) {
    case 'brand':
      return brands[site.brand].title;
    case 'custom':
      return site.spot;
    case 'sandbox':
      return sandboxTitles[site.world];
  }
}

/** Whether the key may do it; `undefined` when the key was never checked. */
export function hasPermission(profile: Profile, permission: Permission): boolean | undefined {
  return profile.facts?.permissions.includes(permission);
}

const origin = v.pipe(v.string(), v.url());

const profileSchema: v.GenericSchema<Profile> = v.object({
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(60)),
  site: v.variant('kind', [
    v.object({ kind: v.literal('brand'), brand: v.picklist(Object.keys(brands) as BrandId[]) }),
    v.object({ kind: v.literal('custom'), spot: origin, futures: v.optional(origin) }),
    v.object({ kind: v.literal('sandbox'), world: v.picklist(['seed', 'today']) }),
  ]),
  keyVersion: v.picklist(['1', '2', '3']),
  keyFingerprint: v.string(),
  generation: v.number(),
  readOnly: v.boolean(),
  facts: v.optional(
    v.object({
      uid: v.number(),
      isMaster: v.boolean(),
      subName: v.optional(v.string()),
      permissions: v.array(v.string()),
      ipRestricted: v.boolean(),
      expiresAt: v.optional(v.number()),
      siteType: v.optional(v.string()),
      checkedAt: v.number(),
    }),
  ),
});

/** What lies in the profile file. */
export interface ProfileDocument {
  readonly version: 1;
  readonly profiles: readonly Profile[];
  /** Which profile was chosen last, in any window: where a new window starts. */
  readonly lastUsed?: string | undefined;
}

export const emptyDocument: ProfileDocument = { version: 1, profiles: [] };

const documentSchema = v.object({
  version: v.pipe(v.number(), v.minValue(1)),
  profiles: v.array(v.unknown()),
  lastUsed: v.optional(v.string()),
});

/**
 * Reads the profile file. What cannot be read is counted, not guessed: the caller sets the text aside before it
 * writes anything in its place. Of a `newer` version what is understood is used, and nothing is written.
 */
export function parseDocument(text: string): {
  readonly document: ProfileDocument;
  readonly damaged: number;
  readonly newer: boolean;
} {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { document: emptyDocument, damaged: 1, newer: false };
  }
  const outer = v.safeParse(documentSchema, raw);
  if (!outer.success) return { document: emptyDocument, damaged: 1, newer: false };
  const newer = outer.output.version > 1;
  const read = outer.output.profiles.map((entry) => v.safeParse(profileSchema, entry));
  const profiles = read.filter((entry) => entry.success).map((entry) => entry.output);
  return {
    document: { version: 1, profiles, lastUsed: outer.output.lastUsed },
    damaged: newer ? 0 : read.length - profiles.length,
    newer,
  };
}
