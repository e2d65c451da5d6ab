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
const header = /(KC-API-(?:KEY|SIGN|PASSPHRASE)["']?\s*[:=]\s*["']?)[^\s"',}]+/gi;

/** Knows the secrets that are in use and takes them out of any text, so that no careless call can leak one. */
export class Redactor {
  private readonly forms = new Set<string>();

  /** Each value is known from now on in clear, base64, hex and percent-encoding. */
  register(values: readonly string[]): void {
    for (const value of values) {
      if (value.length < shortest) continue;
      const bytes = Buffer.from(value, 'utf8');
      const forms = [value, bytes.toString('base64'), bytes.toString('hex'), encodeURIComponent(value)];
      for (const form of [...forms, JSON.stringify(value).slice(1, -1)]) this.forms.add(form);
    }
  }

  redact(text: string): string {
    let clean = text.replace(header, `$1${mark}`);
    for (const form of this.forms) clean = clean.replaceAll(form, mark);
    return clean;
  }
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
