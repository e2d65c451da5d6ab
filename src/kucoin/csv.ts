/**
 * CSV by RFC 4180: every value quoted, lines ended by CR LF. A value that a spreadsheet would run stays text.
 */
export function csv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return csvRows([header, ...rows]);
}

/** Rows to append to such a file. */
export function csvRows(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

/** Spreadsheets take these for the start of a formula, also behind blanks. A plain number is none. */
const formula = /^\s*[=+\-@\t\r]/;
const number = /^-?\d+(\.\d+)?$/;

function quoted(value: string): string {
  const harmless = formula.test(value) && !number.test(value) ? `'${value}` : value;
  return `"${harmless.replaceAll('"', '""')}"`;
}
