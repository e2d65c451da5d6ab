import type { Host } from './vocabulary';

/** A regional site of the exchange: its hosts, and what its requests carry. Source: kucoin-api 1. */
export interface Brand {
  readonly title: string;
  readonly hosts: Readonly<Record<Host, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** `siteType` by which the exchange names it in the key information. */
  readonly siteType: string;
  readonly keyVersions: readonly KeyVersion[];
  readonly note?: string;
}

export type KeyVersion = '1' | '2' | '3';

const anyVersion: readonly KeyVersion[] = ['3', '2', '1'];

export const brands = {
  global: {
    title: 'KuCoin (global)',
    hosts: { spot: 'https://api.kucoin.com', futures: 'https://api-futures.kucoin.com' },
    siteType: 'global',
    keyVersions: anyVersion,
  },
  europe: {
    title: 'KuCoin Europe',
    hosts: { spot: 'https://api.kucoin.eu', futures: undefined },
    siteType: 'europe',
    keyVersions: anyVersion,
    note: 'Spot only, no futures.',
  },
  australia: {
    title: 'KuCoin Australia',
    hosts: { spot: 'https://api.kucoin.com', futures: 'https://api-futures.kucoin.com' },
    headers: { 'X-SITE-TYPE': 'australia' },
    siteType: 'australia',
    keyVersions: anyVersion,
  },
  turkey: {
    title: 'KuCoin Türkiye',
    hosts: { spot: 'https://api.kucoin.tr', futures: undefined },
    siteType: 'turkey',
    keyVersions: ['3'],
    note: 'Funding and spot accounts only; version 3 keys only.',
  },
} as const satisfies Record<string, Brand>;

export type BrandId = keyof typeof brands;
export const brandIds = Object.keys(brands) as BrandId[];

/** Where a profile's calls go. Taken from a brand, or typed in for a custom host or the sandbox. */
export interface Site {
  readonly hosts: Readonly<Record<Host, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What is wrong with a base URL. */
const urlProblems = {
  noUrl: 'Not a URL. Example: https://api.kucoin.com',
  credentials: 'A base URL must not hold a user name or password.',
  path: 'Only scheme, host and port, without a path.',
  unsafe: 'https is required; http is allowed for this machine only (127.0.0.1).',
} as const;

/**
 * Checks a base URL typed by a user: `https` anywhere, `http` on loopback only, no path, no credentials.
 * Answers the origin, or a sentence that says what is wrong.
 */
export function parseBaseUrl(text: string): { readonly origin: string } | { readonly problem: string } {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return { problem: urlProblems.noUrl };
  }
  if (url.username || url.password) return { problem: urlProblems.credentials };
  if (url.pathname !== '/' || url.search || url.hash) return { problem: urlProblems.path };
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    return { problem: urlProblems.unsafe };
  }
  return { origin: url.origin };
}
