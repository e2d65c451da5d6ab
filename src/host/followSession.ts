import type { Session, Sessions } from './sessions';

interface Disposable {
  dispose(): void;
}

/**
 * Keeps what belongs to the open session: `begin` makes it whenever another client is open, or none, and it is disposed
 * of when that one goes. A profile that is only named anew keeps its client, and with it what was made.
 */
export function followSession(
  sessions: Pick<Sessions, 'opened' | 'onDidChange'>,
  begin: (session: Session | undefined) => Disposable | undefined,
): Disposable {
  let client: Session['client'] | undefined;
  let current: Disposable | undefined;
  const subscription = sessions.onDidChange(() => {
    const session = sessions.opened;
    if (session?.client === client) return;
    client = session?.client;
    current?.dispose();
    current = begin(session);
  });
  return {
    dispose: () => {
      subscription.dispose();
      current?.dispose();
    },
  };
}
