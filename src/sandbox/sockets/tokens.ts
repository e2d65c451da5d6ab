import { randomBytes } from 'node:crypto';
import type { Host } from '../../kucoin/vocabulary';
import { tokenLifeMs } from './topics';

export interface Token {
  readonly host: Host;
  /** Absent for a public token. */
  readonly uid?: number;
  /** Exchange time in milliseconds. */
  readonly issuedAt: number;
}

/** Older tokens are forgotten. */
const mostTokens = 10_000;

/** Tokens of both hosts (kucoin-api 8.36). A token can open several connections until it ends. */
export class Tokens {
  private readonly issued = new Map<string, Token>();

  issue(token: Token): string {
    // With the characters that need encoding in a query, as KuCoin's have.
    const text = `${randomBytes(48).toString('base64')}==.${randomBytes(8).toString('base64')}`;
    this.issued.set(text, token);
    const [oldest] = this.issued.keys();
    if (this.issued.size > mostTokens && oldest !== undefined) this.issued.delete(oldest);
    return text;
  }

  /** `undefined` when the token is unknown, too old or of the other host. */
  find(text: string, host: Host, now: number): Token | undefined {
    const token = this.issued.get(text);
    return token?.host === host && now < token.issuedAt + tokenLifeMs ? token : undefined;
  }

  get size(): number {
    return this.issued.size;
  }

  clear(): void {
    this.issued.clear();
  }
}
