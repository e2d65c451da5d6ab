import { environmentVariables } from '../kucoin/environment';
import type { Sentence } from '../kucoin/explain';
import { fromEnvironment } from './environment';
import type { TextEdit } from './finding';
import { secretTexts } from './messages';
import { mentionsKucoin } from './mention';
import { inComment, isWord, lineStart, type Family, type Scan } from './scan';
import { say } from './sentence';
import { wordBefore, type Range } from './syntax';

export type SecretPart = 'key' | 'secret' | 'passphrase';

/** A credential of KuCoin that stands in a text. Its value is the text in the range; it is never copied from there. */
export interface FoundSecret extends Range {
  readonly part: SecretPart;
  /** Those that belong together have the same number. */
  readonly group: number;
  /** False for examples, tests and placeholders: nothing to warn of. */
  readonly live: boolean;
  /** Replaces the literal by an environment variable in this language; absent where the language has no way. */
  readonly replace?: {
    readonly title: Sentence;
    readonly variable: string;
    readonly edits: readonly TextEdit[];
  };
  /** Of the group: whether key, secret and passphrase are all there, so that it can become a profile. */
  readonly complete: boolean;
}

const forms: Readonly<Record<'key' | 'secret', RegExp>> = {
  key: /^[0-9a-f]{24}$/,
  secret: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
};

/** What a name says about its value. Order matters: `apiSecretKey` is a secret. */
const names: readonly (readonly [SecretPart, RegExp])[] = [
  ['passphrase', /pass_?-?(?:phrase|word)|^pass$|_pass$/i],
  ['secret', /secret/i],
  ['key', /api-?_?key|access_?key|^key$|_key$|^apikey$/i],
];

/** Shown in KuCoin's own documentation, in invented examples and in tests. */
const placeholderWords =
  /test|demo|sandbox|example|sample|dummy|fake|placeholder|change|your|xxx|todo|replace|insert|foo|bar|mock|invented|secret|passphrase|password|<|>|\{\{/i;
export const published: ReadonlySet<string> = new Set([
  'f03a5284-5c39-4aaa-9b20-dea10bdcf8e3',
  '5c2db93503aa674c74a31734',
]);

/** Credentials stand close together: so many characters apart at most. */
const near = 900;
const most = 500;

interface Candidate extends Range {
  readonly part: SecretPart;
  readonly name: string;
  readonly value: string;
  /** With its quotes; the same as the range where there are none. */
  readonly whole: Range;
}

export interface SecretOptions {
  /** Name or path of the file: tests and examples hold no live keys, `.kucoin.env` speaks of KuCoin. */
  readonly fileName?: string | undefined;
}

export function findSecrets(
  text: string,
  scan: Scan,
  family: Family,
  { fileName = '', languageId = '' }: SecretOptions & { readonly languageId?: string } = {},
): FoundSecret[] {
  if (!mentionsKucoin(text) && !/kucoin/i.test(fileName)) return [];
  const candidates = candidatesIn(text, scan, family);
  if (!candidates.some(({ part }) => part !== 'passphrase')) return [];
  const groups = grouped(candidates);
  return groups.flatMap((group, number) => {
    const parts = new Set(group.map(({ part }) => part));
    const live = group.some((one) => one.part === 'secret') && isLive(text, group, fileName);
    return group.map((one): FoundSecret => {
      const variable = environmentVariables[one.part];
      const edits = fromEnvironment(text, { value: one, whole: one.whole, family, languageId }, variable);
      return {
        start: one.start,
        end: one.end,
        part: one.part,
        group: number,
        live,
        complete: parts.size === 3,
        ...(edits && { replace: { title: say(secretTexts.replace), variable, edits } }),
      };
    });
  });
}

function candidatesIn(text: string, scan: Scan, family: Family): Candidate[] {
  const found: Candidate[] = [];
  const take = (name: string, start: number, end: number, whole: Range): void => {
    if (found.length >= most || end - start < 6 || end - start > 64) return;
    const value = text.slice(start, end);
    const part = partOf(name, value);
    if (part) found.push({ part, name, value, start, end, whole });
  };
  for (const { open, start, end, close } of scan.strings) {
    const length = end - start;
    if (length > 120) continue;
    // `'KC-API-KEY: 65f0…'` in one string.
    const header =
      length > 12 ? /^(KC-API-(?:KEY|SECRET|PASSPHRASE)):\s*(\S+)$/i.exec(text.slice(start, end)) : null;
    if (header)
      take(header[1] ?? '', end - (header[2] ?? '').length, end, {
        start: end - (header[2] ?? '').length,
        end,
      });
    else if (length >= 6 && length <= 64 && !inComment(scan, open))
      take(nameOf(text, open), start, end, { start: open, end: close });
  }
  if (family === 'shell' || family === 'dotenv' || family === 'yaml' || family === 'http')
    for (const match of text.matchAll(bare)) {
      const [whole, name = '', value = ''] = match;
      const end = match.index + whole.length;
      const start = end - value.length;
      if (!inComment(scan, start)) take(name, start, end, { start, end });
    }
  // Named arguments by place: `new Client(key, secret, passphrase)` with three literals in a row.
  found.push(...threeInRow(text, scan, found));
  return found.sort((a, b) => a.start - b.start);
}

/** `NAME=value`, `name: value` without quotes. */
const bare = /\b([A-Za-z][\w-]{2,50})[ \t]{0,4}[=:][ \t]{0,4}([A-Za-z0-9!@#%^&*_.+-]{6,64})(?=[\s;,]|$)/gm;

function nameOf(text: string, open: number): string {
  let at = open;
  while (at > 0 && /[\s:=>,("'[\]fbr&@$]/.test(text[at - 1] ?? '') && at > open - 16) at--;
  while (at < open && isWord(text.charCodeAt(at)) && isWord(text.charCodeAt(at - 1))) at++;
  const { word, start } = wordBefore(text, at);
  // `apiSecret: string = "…"`, `API_SECRET: &str = "…"`, `apiSecret string = "…"`: the name stands before its type.
  if (/^(?:string|str|char)$/i.test(word)) {
    const named = /(\w+)(?:\s*\??:\s*(?:&\s*)?(?:'\w+\s+)?|[ \t]+)$/.exec(
      text.slice(Math.max(0, start - 80), start),
    );
    if (named?.[1] !== undefined) return named[1];
  }
  // KC-API-KEY as a name has hyphens.
  return text[start - 1] === '-' ? `${wordBefore(text, start - 1).word}-${word}` : word;
}

function partOf(name: string, value: string): SecretPart | undefined {
  const part = names.find(([, pattern]) => pattern.test(name))?.[0];
  if (part === undefined) return undefined;
  if (part === 'passphrase') return /^\S{6,32}$/.test(value) && !/[$(){}]/.test(value) ? part : undefined;
  return forms[part].test(value) ? part : undefined;
}

/** A key, then a secret, then any third text, parted by commas: the three of a constructor. */
function threeInRow(text: string, { strings }: Scan, found: readonly Candidate[]): Candidate[] {
  const more: Candidate[] = [];
  const taken = new Set(found.map(({ start }) => start));
  for (let at = 0; at + 1 < strings.length && more.length < most; at++) {
    const [key, secret, third] = [strings[at], strings[at + 1], strings[at + 2]];
    if (!key || !secret || key.end - key.start !== 24 || secret.end - secret.start !== 36) continue;
    const between = text.slice(key.close, secret.open);
    if (!/^\s*,\s*$/.test(between)) continue;
    const [keyText, secretText] = [text.slice(key.start, key.end), text.slice(secret.start, secret.end)];
    if (!forms.key.test(keyText) || !forms.secret.test(secretText) || taken.has(key.start)) continue;
    more.push({
      part: 'key',
      name: 'key',
      value: keyText,
      start: key.start,
      end: key.end,
      whole: { start: key.open, end: key.close },
    });
    if (!taken.has(secret.start))
      more.push({
        part: 'secret',
        name: 'secret',
        value: secretText,
        start: secret.start,
        end: secret.end,
        whole: { start: secret.open, end: secret.close },
      });
    if (
      third &&
      !taken.has(third.start) &&
      third.end - third.start >= 6 &&
      third.end - third.start <= 32 &&
      /^\s*,\s*$/.test(text.slice(secret.close, third.open))
    )
      more.push({
        part: 'passphrase',
        name: 'passphrase',
        value: text.slice(third.start, third.end),
        start: third.start,
        end: third.end,
        whole: { start: third.open, end: third.close },
      });
  }
  return more;
}

/** One of each part to a group, the nearest first; a passphrase alone is no credential. */
function grouped(candidates: readonly Candidate[]): Candidate[][] {
  const groups: Candidate[][] = [];
  for (const candidate of candidates) {
    const last = groups.at(-1);
    const fits =
      last &&
      candidate.start - (last[0]?.start ?? 0) < near &&
      !last.some(({ part }) => part === candidate.part);
    if (fits) last.push(candidate);
    else groups.push([candidate]);
  }
  return groups.filter((group) => group.some(({ part }) => part !== 'passphrase'));
}

function isLive(text: string, group: readonly Candidate[], fileName: string): boolean {
  if (
    /(?:^|[/\\._-])(?:tests?|specs?|examples?|samples?|sandbox|demo|fixtures?|mocks?)(?:[/\\._-]|$)/i.test(
      fileName,
    )
  )
    return false;
  for (const { part, value, name, start } of group) {
    if (part !== 'passphrase' && (published.has(value) || isRegular(value))) return false;
    if (part === 'passphrase' && placeholderWords.test(value) && !/\d/.test(value)) return false;
    if (/test|demo|sandbox|example|dummy|fake|mock/i.test(name)) return false;
    // The name of the object or the line: `demoCredentials = {`.
    const line = text.slice(Math.max(0, lineStart(text, group[0]?.start ?? start) - 120), start);
    if (/(?:test|demo|sandbox|example|dummy|fake|mock)\w{0,20}\s*(?::|=|\{|\()/i.test(line)) return false;
  }
  return true;
}

/** Repeated or counted up: nobody was given such a key. */
function isRegular(value: string): boolean {
  const plain = value.replaceAll('-', '');
  if (new Set(plain).size < 7 || /(.)\1{4}/.test(plain) || /(.{2,6})\1{2}/.test(plain)) return true;
  return /01234567|12345678|23456789|abcdef|fedcba|deadbeef|98765432|c0ffee/.test(plain);
}
