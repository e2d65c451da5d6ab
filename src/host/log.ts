import type { LogOutputChannel } from 'vscode';
import { inspect } from 'node:util';

/** What the parts of the product write to. English, not translated; levels as in the editor. */
export interface Logger {
  trace(message: string): void;
  debug(message: string): void;
  info(message: string): void;
  warn(message: string, error?: unknown): void;
  error(message: string, error?: unknown): void;
}

const mark = '<redacted>';
/** Shorter values would blacken half of every line; the exchange's are all longer. */
const shortest = 6;
/** `name: value` and all that JSON, `inspect` and lists of raw headers make of it. */
const header = /(KC-API-(?:KEY|SIGN|PASSPHRASE)[\\"']*\s*(?:=>|[:=,])\s*[\\"']*)[^\s\\"',}]+/gi;

/** Knows the secrets that are in use and takes them out of any text, so that no careless call can leak one. */
export class Redactor {
  /** Longest first: a secret may be a part of another one, which would no longer be found without it. */
  private forms: readonly string[] = [];

  /** Each value is known from now on in clear, base64, hex, percent-encoding, and as texts in code quote it. */
  register(values: readonly string[]): void {
    const forms = values.filter((value) => value.length >= shortest).flatMap(formsOf);
    this.forms = [...new Set([...this.forms, ...forms])].sort((a, b) => b.length - a.length);
  }

  redact(text: string): string {
    let clean = text;
    for (const form of this.forms) clean = clean.replaceAll(form, mark);
    // After the values: a header whose value holds a blank would lose only the part before it.
    return clean.replace(header, `$1${mark}`);
  }
}

function formsOf(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  return [
    value,
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    inspect(value).slice(1, -1),
  ];
}

/** The one log channel of the product; `tag` names the part that writes. */
export function createLogger(channel: LogOutputChannel, redactor: Redactor, tag: string): Logger {
  const line = (message: string, error?: unknown): string => {
    const about = error === undefined ? '' : ` ${inspect(error, { depth: 4, breakLength: 120 })}`;
    return redactor.redact(`[${tag}] ${message}${about}`);
  };
  return {
    trace: (message) => channel.trace(line(message)),
    debug: (message) => channel.debug(line(message)),
    info: (message) => channel.info(line(message)),
    warn: (message, error) => channel.warn(line(message, error)),
    error: (message, error) => channel.error(line(message, error)),
  };
}
