import * as vscode from 'vscode';
import type { TransferDesk } from '../host/transferDesk';
import { catalogue } from '../kucoin/catalogue';
import type { Decimal } from '../kucoin/decimal';
import { evidenceLines } from '../transfers/evidence';
import { legStateText, type LegRecord, type TransferRecord } from '../transfers/history';
import type { Available, ErrorNote, Evidence, JournalRecord, Origin } from '../transfers/records';
import { batchIdOf, batchText } from './batchDocument';
import { label } from './columns';
import { transferScheme } from './commandTable';
import { translate } from './explainError';
import { dateAndTime, exactAmount, joined, oneLine } from './format';
import { accountName } from './names';

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
    if (!record) return vscode.l10n.t('The journal does not know this transfer.');
    const lines = (await this.desk.journal()).transfer(record.id)?.records ?? [];
    return describeTransfer(record, lines);
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

export async function openTransferDocument(id: string): Promise<void> {
  const path = `/${vscode.l10n.t('Transfer')} ${id.slice(0, 8)}.txt`;
  const uri = vscode.Uri.from({ scheme: transferScheme, path, query: id });
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
}

/**
 * The document: what is known in words, each call with its request and its evidence, then every line that the journal
 * has, in the order in which they were written. Ids, bodies and figures to copy are exact.
 */
export function describeTransfer(record: TransferRecord, written: readonly JournalRecord[]): string {
  const { intent, profile, report, legs } = record;
  const steps = legs.length;
  return [
    `${exactAmount(intent.amount)} ${intent.currency}  ${accountName(intent.from)} → ${accountName(intent.to)}`,
    '',
    ...row(vscode.l10n.t('State'), translate(record.stateText)),
    ...row(vscode.l10n.t('What happened'), translate(report.what)),
    ...row(vscode.l10n.t('Money'), translate(report.money)),
    ...row(vscode.l10n.t('What to do'), translate(report.todo)),
    '',
    ...row(vscode.l10n.t('Profile'), `${profile.name} · ${profile.environment}`),
    ...row(vscode.l10n.t('Amount'), `${intent.amount} ${intent.currency}`),
    ...row(vscode.l10n.t('Made for'), record.origin && originText(record.origin)),
    ...row(
      vscode.l10n.t('Batch'),
      record.batch &&
        vscode.l10n.t('row {row} of the batch {id}', { row: record.batch.row + 1, id: record.batch.id }),
    ),
    ...row(vscode.l10n.t('Confirmed'), fullTime(record.createdAt)),
    ...row(vscode.l10n.t('Last change'), fullTime(record.changedAt)),
    ...row(vscode.l10n.t('Transfer id'), record.id),
    ...legs.flatMap((leg, index) => ['', ...describeLeg(leg, intent.currency, index + 1, steps)]),
    '',
    ...heading(vscode.l10n.t('Journal')),
    ...written.map((each) => describeLine(each, steps)),
    '',
  ].join('\n');
}

function describeLeg(leg: LegRecord, currency: string, step: number, steps: number): string[] {
  const { title, method, path } = catalogue[leg.endpoint];
  const [from, to] = [accountName(leg.from), accountName(leg.to)];
  const sides = (held: Available): string =>
    [`${from} ${figure(held.from, currency)}`, `${to} ${figure(held.to, currency)}`].join(' · ');
  return [
    ...heading(
      steps > 1
        ? vscode.l10n.t('Step {step} of {steps}: {from} to {to}', { step, steps, from, to })
        : vscode.l10n.t('Call'),
    ),
    ...row(vscode.l10n.t('Endpoint'), `${title} · ${method} ${path}`),
    ...row(vscode.l10n.t('State'), translate(legStateText(leg))),
    ...row(vscode.l10n.t('Order id'), leg.orderId),
    ...row(vscode.l10n.t('Apply id'), leg.applyId),
    ...row(vscode.l10n.t('Client id'), leg.clientOid),
    ...row(vscode.l10n.t('Body'), leg.body),
    ...row(vscode.l10n.t('Sent'), leg.sentAt === undefined ? undefined : fullTime(leg.sentAt)),
    ...row(vscode.l10n.t('Times sent'), String(leg.attempts)),
    ...row(vscode.l10n.t('Held before'), leg.totalsBefore && sides(leg.totalsBefore)),
    ...row(vscode.l10n.t('Error'), leg.error && errorText(leg.error)),
    ...(leg.evidence ? describeEvidence(leg.evidence, sides) : []),
    ...row(vscode.l10n.t('Your word'), leg.verdict && verdictText(leg.verdict.happened, leg.verdict.note)),
  ];
}

function describeEvidence(evidence: Evidence, sides: (held: Available) => string): string[] {
  const name = vscode.l10n.t('Evidence');
  return [
    ...evidenceLines(evidence).flatMap((line) => row(name, translate(line))),
    ...row(vscode.l10n.t('Held then'), evidence.totals && sides(evidence.totals)),
    ...row(vscode.l10n.t('Looked at'), fullTime(evidence.seenAt)),
  ];
}

/** One line of the journal: when, which step, what. */
function describeLine(record: JournalRecord, steps: number): string {
  const time = new Date(record.at).toISOString();
  const step =
    steps > 1 && record.state !== 'planned' ? [vscode.l10n.t('step {step}', { step: record.leg + 1 })] : [];
  return [time, ...step, lineText(record)].join('  ');
}

function lineText(record: JournalRecord): string {
  switch (record.state) {
    case 'planned':
      return vscode.l10n.t('confirmed and planned (window {writer})', { writer: record.writer });
    case 'sent':
      return vscode.l10n.t('about to be sent, attempt {attempt} (window {writer})', {
        attempt: record.attempt,
        writer: record.writer,
      });
    case 'accepted':
      return vscode.l10n.t('taken by KuCoin: {status}, apply id {applyId}', {
        status: record.status,
        applyId: record.applyId,
      });
    case 'settled':
      return record.by === 'evidence'
        ? vscode.l10n.t('done, by evidence')
        : record.by === 'unreadableReply'
          ? vscode.l10n.t('done, by an answer that says so but cannot be read to its end')
          : vscode.l10n.t('done, by the answer of KuCoin');
    case 'rejected':
      return vscode.l10n.t('not executed: {error}', { error: errorText(record.error) });
    case 'unknown':
      return vscode.l10n.t('outcome unknown: {error}', { error: errorText(record.error) });
    case 'notExecuted':
      return record.by === 'evidence'
        ? vscode.l10n.t('not executed, by evidence')
        : vscode.l10n.t('not executed, by a later answer of KuCoin');
    case 'leftToUser':
      return verdictText(record.verdict === 'happened', record.note);
    case 'evidence':
      return joined([vscode.l10n.t('evidence:'), ...evidenceLines(record.evidence).map(translate)]);
    case 'batch':
      return vscode.l10n.t('batch');
    case 'batchEnd':
      return vscode.l10n.t('batch given up');
  }
}

function verdictText(happened: boolean, note: string): string {
  const said = happened
    ? vscode.l10n.t('You recorded that it happened.')
    : vscode.l10n.t('You recorded that it did not happen.');
  return [said, note].filter(Boolean).join(' ');
}

function originText({ kind, of }: Origin): string {
  switch (kind) {
    case 'repeat':
      return vscode.l10n.t('repeats the transfer {id}', { id: of });
    case 'continue':
      return vscode.l10n.t('moves on what the transfer {id} left half-way', { id: of });
    case 'bringBack':
      return vscode.l10n.t('brings back what the transfer {id} left half-way', { id: of });
  }
}

function errorText({ kind, code, httpStatus, detail }: ErrorNote): string {
  const http = httpStatus === undefined ? undefined : `HTTP ${httpStatus}`;
  return [kind, code, http, detail].filter(Boolean).join(' · ');
}

function figure(amount: Decimal | undefined, currency: string): string {
  return amount === undefined ? vscode.l10n.t('not known') : `${amount} ${currency}`;
}

function heading(title: string): string[] {
  return [title, '─'.repeat(title.length)];
}

function row(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${label(name, 16)}${oneLine(value)}`];
}

/** As the reader's clock shows it, and exactly. */
function fullTime(time: number): string {
  return `${dateAndTime(time)} (${new Date(time).toISOString()})`;
}
