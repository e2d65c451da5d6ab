import type { Sessions } from '../host/sessions';
import type { CodingFacts } from '../coding/findings';
import { hfStatus } from '../portfolio/hf';
import { worldOf } from '../profiles/profile';

/** What the features for code know of the active profile. Nothing is asked of the exchange for it. */
export interface CodingKnowledge {
  readonly profileName?: string;
  readonly facts: CodingFacts;
}

export interface CodingSource {
  now(): CodingKnowledge;
  /** Something of it has changed. */
  onDidChange(listener: () => void): { dispose(): void };
}

/** Follows the active profile, and what was read of its account anyway. */
export function codingSource(
  sessions: Pick<Sessions, 'profile' | 'opened' | 'onDidChange'>,
): CodingSource & { dispose(): void } {
  const listeners = new Set<() => void>();
  let told = '';
  let portfolio: object | undefined;
  let ofPortfolio: { dispose(): void } | undefined;

  const now = (): CodingKnowledge => {
    const { profile, opened } = sessions;
    if (!profile) return { facts: {} };
    const world = worldOf(profile);
    const separate = opened?.portfolio.hasSeparateHf;
    const spotHf =
      separate === undefined
        ? undefined
        : hfStatus({
            kind: 'spot',
            world,
            ...(world === 'today' ? { opened: separate } : accountsOf(separate)),
          }).state;
    return {
      profileName: profile.name,
      facts: {
        world,
        ...(profile.facts && { permissions: profile.facts.permissions }),
        ...(spotHf !== undefined && { spotHf }),
      },
    };
  };
  const follow = (): void => {
    const current = sessions.opened?.portfolio;
    if (current !== portfolio) {
      ofPortfolio?.dispose();
      portfolio = current;
      ofPortfolio = current?.onDidChange(compare);
    }
    compare();
  };
  function compare(): void {
    const text = JSON.stringify(now());
    if (text === told) return;
    told = text;
    for (const listener of listeners) listener();
  }
  told = JSON.stringify(now());
  const ofSessions = sessions.onDidChange(follow);
  follow();
  return {
    now,
    onDidChange: (listener) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    dispose: () => {
      ofSessions.dispose();
      ofPortfolio?.dispose();
      listeners.clear();
    },
  };
}

/** In the world of 2023 a row of `trade_hf` is the evidence. */
function accountsOf(separate: boolean): { readonly accounts: readonly { type: string; id: string }[] } {
  return { accounts: separate ? [{ type: 'trade_hf', id: '' }] : [] };
}
