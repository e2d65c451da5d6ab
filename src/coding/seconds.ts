import type { FoundCall, File } from './calls';
import type { Add, Finding } from './finding';
import { headersNamed, headerValue, reached, signingPage } from './headers';
import { findingTexts, fixTexts } from './messages';
import type { Family } from './scan';
import { say } from './sentence';
import { statementEnd, type Range, type Values } from './syntax';

/** Seconds since the epoch, by family, and the same in milliseconds. */
const seconds: Readonly<Partial<Record<Family, readonly (readonly [RegExp, string?])[]>>> = {
  javascript: [
    [
      /Math\.(?:floor|round|trunc)\(\s*(?:Date\.now\(\)|new Date\(\)\.getTime\(\)|\+new Date\(\))\s*\/\s*1000\s*\)/,
      'Date.now()',
    ],
    [/\(?Date\.now\(\)\s*\/\s*1000\)?\.toFixed\(0?\)/, 'Date.now()'],
    [/Date\.now\(\)\s*\/\s*(?:1000|1e3)/, 'Date.now()'],
  ],
  python: [
    [/(?:int|round)\(\s*time\.time\(\)\s*\)(?!\s*\*)/, 'int(time.time() * 1000)'],
    [
      /int\(\s*datetime\.(?:now|utcnow)\([^)]{0,20}\)\.timestamp\(\)\s*\)(?!\s*\*)/,
      'int(time.time() * 1000)',
    ],
  ],
  go: [[/time\.Now\(\)(?:\.UTC\(\))?\.Unix\(\)(?!\s*\*)/, 'time.Now().UnixMilli()']],
  java: [
    [/System\.currentTimeMillis\(\)\s*\/\s*1000L?/, 'System.currentTimeMillis()'],
    [/Instant\.now\(\)\.getEpochSecond\(\)/, 'Instant.now().toEpochMilli()'],
  ],
  csharp: [
    [
      /DateTimeOffset\.(?:UtcNow|Now)\.ToUnixTimeSeconds\(\)/,
      'DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()',
    ],
  ],
  php: [[/(?<![\w>:$])time\(\)(?!\s*\*)/, '(int) (microtime(true) * 1000)']],
  rust: [[/\.as_secs\(\)(?!\s*\*)/, '.as_millis()']],
  shell: [[/\$\(date (?:-u )?\+["']?%s["']?\)(?!0{3}|\d)/, '$(date +%s%3N)']],
  http: [[/\{\{\$timestamp\}\}/]],
};

function secondsIn(
  file: File,
  from: number,
  to: number,
): { readonly range: Range; readonly better?: string } | undefined {
  const stretch = file.text.slice(from, Math.min(to, from + 400));
  for (const [pattern, better] of seconds[file.family] ?? []) {
    const match = pattern.exec(stretch);
    if (!match) continue;
    // Multiplied afterwards: `int(time.time()) * 1000`.
    if (/\*\s*(?:1000|1_000|1e3)|\+\s*["']000["']/.test(stretch.slice(match.index))) return undefined;
    const start = from + match.index;
    return { range: { start, end: start + match[0].length }, ...(better !== undefined && { better }) };
  }
  return undefined;
}

function timeFinding({ range, better }: NonNullable<ReturnType<typeof secondsIn>>): Omit<Finding, 'docs'> {
  return {
    code: 'KC114',
    severity: 'error',
    ...range,
    message: say(findingTexts.KC114),
    fixes:
      better === undefined
        ? []
        : [{ title: say(fixTexts.milliseconds), edits: [{ ...range, text: better }] }],
  };
}

/** Bounds of listings. Candles alone are in seconds (kucoin-api 6.1). */
export function windows(file: File, call: FoundCall, values: Values, add: Add): void {
  if (/candles|kline/.test(call.known.path)) return;
  for (const name of ['startAt', 'endAt']) {
    const value = values.get(name);
    if (!value) continue;
    if (/^1[5-9]\d{8}$/.test(value.text)) {
      const { start, end } = value;
      const range = { start, end };
      add(timeFinding({ range, better: `${value.text}000` }));
    } else if (value.kind === 'other') {
      const found = secondsIn(file, value.start, statementEnd(file, value.start));
      if (found) add(timeFinding(found));
    }
  }
}

/** The header of the time. */
export function timestamps(file: File, found: Finding[]): void {
  if (!file.text.includes('TIMESTAMP') && !file.text.includes('-timestamp')) return;
  for (const header of headersNamed(file, ['KC-API-TIMESTAMP', 'kc-api-timestamp'])) {
    const value = headerValue(file, header);
    if (!value) continue;
    for (const { range } of reached(file, value, 2)) {
      const stretch = file.text.slice(value.start, value.end);
      if (/\*\s*(?:1000|1_000|1e3)|000["'`]?$/.test(stretch) && range.start !== value.start) continue;
      const seconds = secondsIn(file, range.start, range.end);
      if (seconds) found.push({ ...timeFinding(seconds), docs: signingPage });
    }
  }
}
