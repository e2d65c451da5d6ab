import * as vscode from 'vscode';
import type { TransferDesk } from '../host/transferDesk';
import { catalogue } from '../kucoin/catalogue';
import type { TransferRecord } from '../transfers/history';
import { evidenceLines } from '../transfers/evidence';
import { accountTitle } from '../transfers/intent';
import { batchIdOf, batchText } from './batchDocument';
import { translate } from './explainError';
import { transferScheme } from './commandTable';
import { exactAmount } from './format';

/** All that is known of one transfer, as a read-only document that follows the journal. */
export class TransferDocuments {
  private readonly subscription: { dispose(): void };

  /** @param fire tells the editor that a document says something else now */
  constructor(
    private readonly desk: TransferDesk,
    fire: (uri: vscode.Uri) => void,
  ) {
    this.subscription = desk.onDidChange(() => {
      for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === transferScheme) fire(uri);
    });
  }

  async textOf(uri: vscode.Uri): Promise<string> {
    const batch = batchIdOf(uri);
    if (batch !== undefined) return batchText(this.desk, batch);
    const record = await this.desk.find(uri.query);
    return record ? describeTransfer(record) : vscode.l10n.t('The journal does not know this transfer.');
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

export async function openTransferDocument(id: string): Promise<void> {
  const uri = vscode.Uri.from({ scheme: transferScheme, path: `/Transfer ${id.slice(0, 8)}.txt`, query: id });
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
}

function describeTransfer(record: TransferRecord): string {
  const { intent, profile, report, createdAt, changedAt, stateText, legs } = record;
  const row = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`${`${name}:`.padEnd(16)}${value}`];
  const lines = [
    `${exactAmount(intent.amount)} ${intent.currency}  ${accountTitle(intent.from)} → ${accountTitle(intent.to)}`,
    '',
    ...row(vscode.l10n.t('State'), translate(stateText)),
    ...row(vscode.l10n.t('What happened'), translate(report.what)),
    ...row(vscode.l10n.t('Money'), translate(report.money)),
    ...row(vscode.l10n.t('What to do'), translate(report.todo)),
    ...row(vscode.l10n.t('Profile'), `${profile.name} · ${profile.environment}`),
    ...row(vscode.l10n.t('Confirmed'), new Date(createdAt).toISOString()),
    ...row(vscode.l10n.t('Last change'), new Date(changedAt).toISOString()),
    ...row(vscode.l10n.t('Transfer id'), record.id),
  ];
  for (const leg of legs) {
    lines.push(
      '',
      ...row(vscode.l10n.t('Call'), catalogue[leg.endpoint].title),
      ...row(vscode.l10n.t('Client id'), leg.clientOid),
      ...row(vscode.l10n.t('Order id'), leg.orderId),
      ...row(
        vscode.l10n.t('Sent'),
        leg.sentAt === undefined ? undefined : new Date(leg.sentAt).toISOString(),
      ),
      ...row(vscode.l10n.t('Times sent'), String(leg.attempts)),
      ...row(vscode.l10n.t('Body'), leg.body),
      ...(leg.evidence ? evidenceLines(leg.evidence) : []).flatMap((line) =>
        row(vscode.l10n.t('Evidence'), translate(line)),
      ),
      ...row(
        vscode.l10n.t('Error'),
        leg.error && [leg.error.kind, leg.error.code, leg.error.detail].filter(Boolean).join(' · '),
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}
