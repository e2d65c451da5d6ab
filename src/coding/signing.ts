import type { File } from './calls';
import type { Finding } from './finding';
import { headersNamed, headerValue, reached, signingPage } from './headers';
import { findingTexts } from './messages';
import { isWord, type Family } from './scan';
import { say } from './sentence';

/** Makers of encoded queries, by family. */
const encoders: Readonly<Partial<Record<Family, RegExp>>> = {
  javascript:
    /new URLSearchParams\(|encodeURIComponent\(|querystring\.stringify\(|\bqs\.stringify\(|encodeURI\(/,
  python: /\burlencode\(|\bquote(?:_plus)?\(/,
  go: /\.Encode\(\)|url\.QueryEscape\(/,
  java: /URLEncoder\.encode\(/,
  csharp: /Uri\.EscapeDataString\(|HttpUtility\.UrlEncode\(|WebUtility\.UrlEncode\(/,
  php: /http_build_query\(|(?<!raw)urlencode\(|rawurlencode\(/,
  rust: /urlencoding::encode\(|form_urlencoded|serde_urlencoded::to_string\(|serde_qs::to_string\(/,
};

const decoders =
  /decodeURIComponent|unquote|Unescape|urldecode|UnescapeDataString|URLDecoder|UrlDecode|encode:\s*false|safe\s*=|urlencoding::decode/;

export function signing(file: File, found: Finding[]): void {
  const encoder = encoders[file.family];
  if (!encoder) return;
  for (const header of headersNamed(file, ['KC-API-SIGN', 'kc-api-sign'])) {
    // KC-API-SIGN-TYPE and its like are other headers.
    if (isWord(file.text.charCodeAt(header.end)) || file.text[header.end] === '-') continue;
    const value = headerValue(file, header);
    if (!value) continue;
    const all = [...reached(file, value, 4)];
    if (all.some(({ range }) => decoders.test(file.text.slice(range.start, range.end)))) continue;
    for (const { range } of all) {
      const match = encoder.exec(file.text.slice(range.start, Math.min(range.end, range.start + 600)));
      if (!match) continue;
      const start = range.start + match.index;
      found.push({
        code: 'KC112',
        severity: 'warning',
        start,
        end: start + match[0].length,
        message: say(findingTexts.KC112),
        docs: signingPage,
        fixes: [],
      });
    }
  }
}
