import type { CodingFacts } from '../coding/finding';
import type { HfDesk } from '../host/hfDesk';
import type { Sessions } from '../host/sessions';
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
  sessions: Pick<Sessions, 'profile' | 'onDidChange'>,
  hf: Pick<HfDesk, 'status' | 'onDidChange'>,
): CodingSource & { dispose(): void } {
  const listeners = new Set<() => void>();

  const now = (): CodingKnowledge => {
    const { profile } = sessions;
    if (!profile) return { facts: {} };
    const spotHf = hf.status('spot')?.state;
    return {
      profileName: profile.name,
      facts: {
        world: worldOf(profile),
        ...(profile.facts && { permissions: profile.facts.permissions }),
        ...(spotHf !== undefined && { spotHf }),
        marginHf: { cross: hf.status('cross')?.state, isolated: hf.status('isolated')?.state },
      },
    };
  };
  let told = JSON.stringify(now());
  const compare = (): void => {
    const text = JSON.stringify(now());
    if (text === told) return;
    told = text;
    for (const listener of listeners) listener();
  };
  const followed = [sessions.onDidChange(compare), hf.onDidChange(compare)];
  return {
    now,
    onDidChange: (listener) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    dispose: () => {
      for (const one of followed) one.dispose();
      listeners.clear();
    },
  };
}
