/** How long the analysers take: a long file full of calls, one that never mentions KuCoin, one that was seen before. */
import ts from 'typescript';
import { analyse, createAnalyser } from '../../src/coding/analyse';
import { at, compare, report } from './bench';

const block = (n: number): string => `
/** Reads the balances of one account, number ${n}. */
export async function balances${n}(currency: string, retries = ${n % 5}): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const path = \`/api/v1/accounts?currency=\${currency}&type=trade\`;
  for (let attempt = 0; attempt <= retries; attempt++) {
    const response = await fetch(base + path, { headers: sign('GET', path, '') });
    if (response.status === 429) continue; // it's "too many", wait
    const { data } = (await response.json()) as { data: { id: string; available: string }[] };
    for (const row of data) found.set(row.id, row.available);
    if (found.size > 0) break;
  }
  logger.debug('read', { currency, rows: found.size, text: \`\${currency}: \${found.size} rows\` });
  if (found.size === ${n}) {
    await post('/api/v3/accounts/universal-transfer', {
      clientOid: randomUUID(),
      type: 'INTERNAL',
      currency,
      amount: '12.5',
      fromAccountType: 'MAIN',
      toAccountType: 'TRADE',
    });
  }
  return found;
}
`;

function fileOf(lines: number, header: string, make: (n: number) => string): string {
  let text = header;
  for (let n = 0, count = 0; count < lines; n++) {
    const next = make(n);
    text += next;
    count += next.split('\n').length - 1;
  }
  return text;
}

const lines = 10_000;
const header = "const base = 'https://api.kucoin.com';\n";
const busy = fileOf(lines, header, block);
/** As real code is: a call here and there. */
const usual = fileOf(lines, header, (n) =>
  n % 25 === 0 ? block(n) : block(n).replaceAll('/api/v', '/other/'),
);
const foreign = busy.replaceAll('kucoin', 'someone');

function time(title: string, goal: number, run: () => void): void {
  const times: number[] = [];
  for (let round = -10; round < 60; round++) {
    const start = process.hrtime.bigint();
    run();
    if (round >= 0) times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  const ms = (share: number): string => at(times, share).toFixed(3);
  report({
    name: title,
    figure: `median ${ms(0.5)} ms (best ${ms(0)}, 90 % within ${ms(0.9)})`,
    goal: `median below ${goal} ms`,
    reached: at(times, 0.5) < goal,
  });
}

const found = analyse(usual, 'typescript').calls.length;
time(`${lines} lines of TypeScript with ${found} calls`, 10, () => analyse(usual, 'typescript'));
time(`${lines} lines with ${analyse(busy, 'typescript').calls.length} calls`, 60, () =>
  analyse(busy, 'typescript'),
);
time(`${lines} lines without KuCoin`, 1, () => analyse(foreign, 'typescript'));

const analyser = createAnalyser();
const document = { uri: 'file:///a.ts', version: 1, languageId: 'typescript', getText: () => usual };
time('the same version again', 0.1, () => analyser.of(document));

/** The cheapest other way to know strings from comments: the tokens of TypeScript's own scanner. */
function tokens(text: string): number {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, text);
  let count = 0;
  while (scanner.scan() !== ts.SyntaxKind.EndOfFileToken) count++;
  return count;
}

// The goal is the 10 ms above. This tells the same whatever the machine does at the moment: all of the analysis takes at
// most three times as long as the scanner of TypeScript, which finds the tokens and nothing in them.
void compare({
  title: `${lines} lines analysed`,
  baseline: {
    name: "TypeScript's scanner over the same text",
    run: (times) => repeat(times, () => tokens(usual)),
  },
  contender: {
    name: 'all of the analysis',
    run: (times) => repeat(times, () => analyse(usual, 'typescript')),
  },
  goal: 0.33,
  rounds: 15,
  times: 3,
});

function repeat(times: number, run: () => unknown): void {
  for (let n = 0; n < times; n++) run();
}
