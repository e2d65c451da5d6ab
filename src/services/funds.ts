import path from 'node:path';
import * as vscode from 'vscode';
import { SavedTransfersStore } from '../host/savedTransfers';
import type { Sessions } from '../host/sessions';
import { TransferDesk, type TransferDeskOptions } from '../host/transferDesk';
import { OrderJournal } from '../orders/journal';
import { worldOf } from '../profiles/profile';
import { sameUser } from '../profiles/sameUser';
import { nodeJournalFile } from '../transfers/nodeJournalFile';
import type { BalancePushes } from '../transfers/pushes';
import type { EvidenceSource } from '../transfers/reconcile';
import type { Ground } from './ground';

/** What remembers transfers and orders, and finds out what became of them. */
export interface Funds {
  readonly desk: TransferDesk;
  readonly saved: SavedTransfersStore;
  readonly orders: OrderJournal;
}

export function createFunds(
  { folder, profiles, sessions, logFor, notice }: Ground,
  { pushes, onResolved }: { readonly pushes: () => BalancePushes } & Pick<TransferDeskOptions, 'onResolved'>,
): Funds {
  const desk = new TransferDesk({
    folder,
    log: logFor('transfers'),
    sourceOf: (profileId) => evidenceSource(sessions, profileId, pushes()),
    sameUser: (profileId) => sameUser(profiles.all, profileId),
    onResolved,
    onNotice: (keptAs) =>
      notice(
        vscode.l10n.t('A part of the journal of transfers was damaged. It is kept as {file}.', {
          file: keptAs,
        }),
      ),
  });

  const saved = new SavedTransfersStore({
    folder,
    onNotice: (keptAs) =>
      notice(
        vscode.l10n.t(
          'The file of the saved transfers was damaged, and a new one was begun. The damaged file is kept as {file}. No money moved.',
          { file: keptAs },
        ),
      ),
  });

  return { desk, saved, orders: new OrderJournal(nodeJournalFile(path.join(folder, 'orders.journal'))) };
}

/** Evidence is read with the session of the active profile; of other profiles when they are active. */
function evidenceSource(
  sessions: Sessions,
  profileId: string,
  pushes: BalancePushes,
): EvidenceSource | undefined {
  const session = sessions.opened;
  if (session?.profile.id !== profileId) return undefined;
  const { client, profile } = session;
  return { world: worldOf(profile), client, pushes, exchangeNow: () => client.clock.now() };
}
