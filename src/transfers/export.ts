import { csvRows } from '../kucoin/csv';
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

export type ExportFormat = 'csv' | 'json';

/** A file that is written piece by piece, so that a long history never has to be in memory as one text. */
export interface ExportWriter {
  readonly head: string;
  piece(records: readonly TransferRecord[]): string;
  readonly tail: string;
}

/**
 * CSV by RFC 4180: every value quoted, lines ended by CR LF; a value that a spreadsheet would run stays text. JSON: all
 * that the history knows, with sentences in English. Figures are exact in both.
 */
export function exportWriter(format: ExportFormat): ExportWriter {
  return format === 'csv' ? csvWriter() : jsonWriter();
}

function csvWriter(): ExportWriter {
  return {
    head: csvRows([columns.map(([name]) => name)]),
    piece: (records) =>
      csvRows(
        records.flatMap((record) =>
          record.legs.map((leg, index) => columns.map(([, value]) => value(record, leg, index + 1))),
        ),
      ),
    tail: '',
  };
}

const exportVersion = 1;

function jsonWriter(): ExportWriter {
  let first = true;
  const opening = JSON.stringify({ format: 'kucoin-accounts history', version: exportVersion }, null, 2);
  return {
    head: `${opening.slice(0, -2)},\n  "transfers": [`,
    piece: (records) =>
      records
        .map(({ stateText, report, ...record }) => {
          const said = {
            what: english(report.what),
            money: english(report.money),
            todo: english(report.todo),
          };
          const text = JSON.stringify({ ...record, stateText: english(stateText), report: said }, null, 2);
          const comma = first ? '' : ',';
          first = false;
          return `${comma}\n    ${text.replaceAll('\n', '\n    ')}`;
        })
        .join(''),
    tail: '\n  ]\n}\n',
  };
}
