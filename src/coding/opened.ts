import type { FoundCall, File } from './calls';
import type { Finding } from './finding';
import { findingTexts } from './messages';
import { say } from './sentence';

const misread =
  /activat|not[ _]+(?:yet[ _]+)?(?:been[ _]+)?(?:open|enabl|available)|isn'?t[ _]+(?:open|enabl|available)|unavailable|must be enabled|enable h|enable it|not_?(?:activated|enabled|opened)|apply for/i;

/** `opened === false` read as "not activated": a test for false, and words that say so in what follows. */
export function openedRead(file: File, calls: readonly FoundCall[], found: Finding[]): void {
  const { text } = file;
  for (const call of calls) {
    if (call.known.path !== '/api/v1/hf/accounts/opened') continue;
    const before = text.slice(Math.max(0, call.start - 300), call.start);
    const result =
      /\{\s*data\s*:\s*(\w{1,40})\s*\}\s*=|\{\s*(data)\s*\}\s*=\s*[^=\n]{0,150}$|(\w{1,40})(?:\s*,\s*\w{1,40})?\s*(?::\s*[\w<>]{1,40}\s*)?(?::=|=)\s*(?![=>])[^=\n]{0,150}$/.exec(
        before,
      );
    const names = new Set([
      result?.[1] ?? result?.[2] ?? result?.[3] ?? 'opened',
      'opened',
      'isOpened',
      'is_opened',
      'hfOpened',
      'hf_opened',
      'isHf',
      'is_hf',
      'hfEnabled',
      'hf_enabled',
      'isOpen',
      'is_open',
    ]);
    const after = text.slice(call.end, call.end + 1_500);
    const further =
      /(\w{1,40})\s*(?::=|=)\s*\w{0,40}(?:\.data|\.Data|\[["']data["']\]|\.get\(["']data["']\))/.exec(
        after,
      )?.[1];
    if (further) names.add(further);
    const any = [...names].join('|');
    const member = `(?:\\.(?:data|Data)|\\[["']data["']\\]|\\.get\\(["']data["']\\))*`;
    const tests = new RegExp(
      `(?:!\\s*|\\bnot\\s+)\\$?(?:\\w+\\.)?(?:${any})${member}\\b|["']?\\$?\\{?\\b(?:${any})\\}?["']?${member}\\s*(?:===|==|=|is)\\s*["']?(?:false|False|FALSE)\\b["']?`,
      'g',
    );
    for (const match of after.matchAll(tests)) {
      const rest = after.slice(match.index, match.index + match[0].length + 220);
      // What the test leads to ends where the other branch starts.
      const branch = rest.split(/\belse\b|\n\s*\n/, 1)[0] ?? rest;
      if (!misread.test(branch.slice(match[0].length))) continue;
      const start = call.end + match.index;
      found.push({
        code: 'KC111',
        severity: 'warning',
        start,
        end: start + match[0].length,
        message: say(findingTexts.KC111),
        ...(call.known.docs !== undefined && { docs: call.known.docs }),
        fixes: [],
      });
    }
  }
}
