import { csv } from '../kucoin/csv';
import { english } from '../kucoin/explain';
import type { LegRecord, TransferRecord } from './history';
import { accountTitle } from './intent';

/** The history as a file for other programs. One row per call: a chain has several. */

type Column = readonly [
  name: string,
  value: (record: TransferRecord, leg: LegRecord, step: number) => string,
];

const columns: readonly Column[] = [
  ['Confirmed', ({ createdAt }) => new Date(createdAt).toISOString()],
  ['Transfer id', ({ id }) => id],
  ['Step', ({ legs }, _leg, step) => `${step} of ${legs.length}`],
  ['Profile', ({ profile }) => profile.name],
  ['Environment', ({ profile }) => profile.environment],
  ['Currency', ({ intent }) => intent.currency],
  ['Amount', ({ intent }) => intent.amount],
  ['From', (_record, { from }) => accountTitle(from)],
  ['To', (_record, { to }) => accountTitle(to)],
  ['State', (_record, { state }) => state],
  ['Money', (_record, { moved }) => moved],
  ['State of the transfer', ({ stateText }) => english(stateText)],
  ['Call', (_record, { endpoint }) => endpoint],
  ['Sent', (_record, { sentAt }) => (sentAt === undefined ? '' : new Date(sentAt).toISOString())],
  ['Times sent', (_record, { attempts }) => String(attempts)],
  ['Client id', (_record, { clientOid }) => clientOid ?? ''],
  ['Order id', (_record, { orderId }) => orderId ?? ''],
  ['Apply id', (_record, { applyId }) => applyId ?? ''],
  ['Error', (_record, { error }) => [error?.kind, error?.code, error?.detail].filter(Boolean).join(' · ')],
  ['Evidence', (_record, { evidence }) => evidence?.finding ?? ''],
  ['Batch', ({ batch }) => (batch ? `${batch.id} row ${batch.row + 1}` : '')],
];

export function historyAsCsv(records: readonly TransferRecord[]): string {
  const rows = records.flatMap((record) =>
    record.legs.map((leg, index) => columns.map(([, value]) => value(record, leg, index + 1))),
  );
  return csv(
    columns.map(([name]) => name),
    rows,
  );
}

const exportVersion = 1;

/** All that the history knows, with sentences in English. */
export function historyAsJson(records: readonly TransferRecord[]): string {
  const transfers = records.map(({ stateText, report, ...record }) => ({
    ...record,
    stateText: english(stateText),
    report: { what: english(report.what), money: english(report.money), todo: english(report.todo) },
  }));
  return `${JSON.stringify({ format: 'kucoin-accounts history', version: exportVersion, transfers }, null, 2)}\n`;
}
