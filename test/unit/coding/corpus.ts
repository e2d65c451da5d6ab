import fs from 'node:fs';
import path from 'node:path';
import { analyse, type Analysis } from '../../../src/coding/analyse';

/**
 * The corpus of `test/corpus`: files as people write them, with what must be found in `expected.json` beside them.
 * `known` may be looked at while the analysers are worked on; `heldOut` was written before and is only measured.
 */
export interface Sample {
  readonly part: 'known' | 'heldOut';
  readonly folder: string;
  readonly name: string;
  readonly languageId: string;
  readonly text: string;
  /** As `GET /api/v1/accounts`, by its path in the documentation. */
  readonly calls: readonly string[];
  /** As `KC104 MAIN`: code and the text in its range. */
  readonly findings: readonly string[];
  /** Number of live credentials. */
  readonly secrets: number;
}

const languageIds: Readonly<Record<string, string>> = {
  ts: 'typescript',
  js: 'javascript',
  py: 'python',
  go: 'go',
  java: 'java',
  cs: 'csharp',
  php: 'php',
  rs: 'rust',
  sh: 'shellscript',
  http: 'http',
  json: 'json',
  yaml: 'yaml',
  env: 'dotenv',
};

const root = path.resolve(__dirname, '..', '..', '..', '..', 'test', 'corpus');

interface Expected {
  readonly calls?: readonly string[];
  readonly findings?: readonly string[];
  readonly secrets?: number;
}

/** Credentials that look live are made here, so that none stands in the repository. */
export const invented = {
  key: ['6a1f09c3', 'd27be845', '0f93b7e2'].join(''),
  secret: ['9c4e71b0', '3f6a', '4d85', 'b2c7', '58ae10d9f364'].join('-'),
  passphrase: ['Grau', '7', 'Ufer'].join('-'),
};

export function samples(): Sample[] {
  const all: Sample[] = [];
  for (const part of ['known', 'heldOut'] as const)
    for (const folder of fs.readdirSync(path.join(root, part)).sort()) {
      const expected = JSON.parse(
        fs.readFileSync(path.join(root, part, folder, 'expected.json'), 'utf8'),
      ) as Record<string, Expected>;
      for (const [name, { calls = [], findings = [], secrets = 0 }] of Object.entries(expected)) {
        const text = fs
          .readFileSync(path.join(root, part, folder, `${name}.txt`), 'utf8')
          .replaceAll('{{KEY}}', invented.key)
          .replaceAll('{{SECRET}}', invented.secret)
          .replaceAll('{{PASS}}', invented.passphrase);
        const languageId = languageIds[folder] ?? folder;
        all.push({ part, folder, name, languageId, text, calls, findings, secrets });
      }
    }
  return all;
}

export interface Outcome {
  readonly sample: Sample;
  readonly analysis: Analysis;
  readonly missedCalls: readonly string[];
  readonly falseCalls: readonly string[];
  readonly missedFindings: readonly string[];
  readonly falseFindings: readonly string[];
  /** Secrets that are live and not expected, or expected and not found. */
  readonly secretsOff: number;
}

export function judge(sample: Sample): Outcome {
  // No name of a file: the corpus lies under `test`, where keys count as examples.
  const analysis = analyse(sample.text, sample.languageId);
  const calls = new Set(analysis.calls.map(({ known }) => known.id));
  const wanted = new Set(sample.calls);
  const found = analysis.findings.map(({ code, start, end }) => `${code} ${sample.text.slice(start, end)}`);
  const live = analysis.secrets.filter((secret) => secret.live).length;
  return {
    sample,
    analysis,
    missedCalls: [...wanted].filter((id) => !calls.has(id)),
    falseCalls: [...calls].filter((id) => !wanted.has(id)),
    missedFindings: sample.findings.filter((finding) => !found.includes(finding)),
    falseFindings: found.filter((finding) => !sample.findings.includes(finding)),
    secretsOff: live - sample.secrets,
  };
}

export interface Row {
  readonly language: string;
  readonly files: number;
  readonly callsThere: number;
  readonly callsFound: number;
  readonly falseCalls: number;
  readonly findingsThere: number;
  readonly findingsFound: number;
  readonly falseFindings: number;
}

export function tally(language: string, outcomes: readonly Outcome[]): Row {
  const sum = (count: (outcome: Outcome) => number): number =>
    outcomes.reduce((total, outcome) => total + count(outcome), 0);
  const callsThere = sum(({ sample }) => new Set(sample.calls).size);
  const findingsThere = sum(({ sample }) => sample.findings.length);
  return {
    language,
    files: outcomes.length,
    callsThere,
    callsFound: callsThere - sum(({ missedCalls }) => missedCalls.length),
    falseCalls: sum(({ falseCalls }) => falseCalls.length),
    findingsThere,
    findingsFound: findingsThere - sum(({ missedFindings }) => missedFindings.length),
    falseFindings: sum(({ falseFindings, secretsOff }) => falseFindings.length + Math.max(0, secretsOff)),
  };
}

export function printed(rows: readonly Row[]): string {
  const share = (part: number, whole: number): string => (whole === 0 ? '-' : (part / whole).toFixed(2));
  const lines = rows.map((row) => [
    row.language,
    String(row.files),
    `${row.callsFound}/${row.callsThere}`,
    share(row.callsFound, row.callsThere),
    share(row.callsFound, row.callsFound + row.falseCalls),
    `${row.findingsFound}/${row.findingsThere}`,
    share(row.findingsFound, row.findingsThere),
    share(row.findingsFound, row.findingsFound + row.falseFindings),
    String(row.falseFindings),
  ]);
  const head = [
    'language',
    'files',
    'calls',
    'recall',
    'precision',
    'findings',
    'recall',
    'precision',
    'false',
  ];
  return [head, ...lines]
    .map((cells) => cells.map((cell, i) => (i === 0 ? cell.padEnd(10) : cell.padStart(10))).join(''))
    .join('\n');
}
