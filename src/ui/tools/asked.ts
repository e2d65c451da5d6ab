import * as vscode from 'vscode';
import type { HfDesk } from '../../host/hfDesk';
import type { Redactor } from '../../host/log';
import type { Session, Sessions } from '../../host/sessions';
import { environmentOf, type Profile } from '../../profiles/profile';
import type { TransferFlowOptions } from '../transferFlow';
import { ToolFailure } from './failure';
import { harmless } from './outside';

export type ToolOptions = TransferFlowOptions & {
  readonly hf: HfDesk;
  readonly redactor: Pick<Redactor, 'redact'>;
};

/** One call of a tool. */
export interface Asked {
  readonly token: vscode.CancellationToken;
  /** Characters of the answer at most. */
  readonly most: number;
}

/** @throws a cancellation */
export function stopIfCancelled(token: vscode.CancellationToken): void {
  if (token.isCancellationRequested) throw new vscode.CancellationError();
}

/** The active profile; others are not looked at, so that no answer is about another account than the window shows. */
export function activeProfile({ profile }: Pick<Sessions, 'profile'>, name: string | undefined): Profile {
  if (!profile) {
    throw new ToolFailure(
      'There is no KuCoin profile.',
      'Ask the user to run KuCoin: Open Demo Account, or KuCoin: Add API Key.',
      'Nothing was sent.',
    );
  }
  if (name !== undefined && name !== profile.name && name !== harmless(profile.name)) {
    throw new ToolFailure(
      `The active profile is another one: ${profile.name === '' ? '-' : `«${harmless(profile.name)}»`}, ${environmentOf(profile)}.`,
      'Leave the profile out, or ask the user to run KuCoin: Switch Profile.',
      'Nothing was sent.',
    );
  }
  return profile;
}

/** Its session. A sandbox that was stopped is started: somebody asks. */
export async function activeSession(
  sessions: Pick<Sessions, 'profile' | 'open'>,
  name: string | undefined,
): Promise<Session> {
  const { id } = activeProfile(sessions, name);
  const session = await sessions.open();
  if (session?.profile.id !== id) {
    throw new ToolFailure('The profile was switched meanwhile.', 'Try again.', 'Nothing was sent.');
  }
  return session;
}
