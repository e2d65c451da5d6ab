import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Invented, and like nothing else on this computer. */
export const canary = {
  key: 'ca9a71e5ca9a71e5ca9a71e5',
  secret: '0ca9a71e-5eed-4bad-b19d-c0a1311e0ca9',
  passphrase: 'Canary Ünterm Tage, 17%+/=',
};

/** Looks for secrets in bytes, in every form that a careless line could give them. */
export class CanarySearch {
  private readonly forms: readonly { readonly name: string; readonly bytes: Buffer }[];

  constructor(secrets: Readonly<Record<string, string>>) {
    this.forms = Object.entries(secrets).flatMap(([name, secret]) =>
      formsOf(secret).map(([form, text]) => ({
        name: `${name} in ${form}`,
        bytes: Buffer.from(text, 'latin1'),
      })),
    );
  }

  get formNames(): string[] {
    return this.forms.map(({ name }) => name);
  }

  /** One text of each form: what a leak would look like. */
  samples(): Buffer[] {
    return this.forms.map(({ bytes }) => Buffer.concat([Buffer.from('{"x":"'), bytes, Buffer.from('"}')]));
  }

  in(bytes: Buffer): string[] {
    return this.forms.filter((form) => bytes.includes(form.bytes)).map(({ name }) => name);
  }

  inText(text: string): string[] {
    return this.in(Buffer.from(text, 'utf8'));
  }

  /**
   * Every file below a folder, whatever its kind: `file: form` of what was found, and how much was read.
   *
   * @param shape a text that must not stand anywhere either, whatever its value
   */
  below(
    folder: string,
    shape?: RegExp,
  ): { readonly found: string[]; readonly files: number; readonly bytes: number } {
    const found: string[] = [];
    let [files, total] = [0, 0];
    for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const file = path.join(folder, entry);
      try {
        // A picture is compressed: its text is searched beside it.
        if (file.endsWith('.png') || !statSync(file).isFile()) continue;
        const bytes = readFileSync(file);
        files += 1;
        total += bytes.length;
        found.push(...this.in(bytes).map((form) => `${entry}: ${form}`));
        const shown = shape?.exec(bytes.toString('latin1'));
        if (shown) found.push(`${entry}: ${shown[0].slice(0, 20)}…`);
      } catch {
        continue; // gone meanwhile
      }
    }
    return { found, files, bytes: total };
  }
}

/** Clear, UTF-16, hex, percent-encoded, as JSON writes it, and base64 wherever it may begin in what was encoded. */
function formsOf(secret: string): [form: string, bytes: string][] {
  const bytes = Buffer.from(secret, 'utf8');
  const hex = bytes.toString('hex');
  const forms: [string, string][] = [
    ['clear', bytes.toString('latin1')],
    ['UTF-16', Buffer.from(secret, 'utf16le').toString('latin1')],
    ['hex', hex],
    ['upper hex', hex.toUpperCase()],
    ['percent', encodeURIComponent(secret)],
    ['JSON', JSON.stringify(secret).slice(1, -1)],
  ];
  for (const offset of [0, 1, 2]) {
    // The outermost characters hold bits of the neighbours.
    const padded = Buffer.concat([Buffer.alloc(offset), bytes, Buffer.alloc(2)]);
    const core = (text: string): string =>
      text.slice(offset === 0 ? 0 : 4, Math.floor((offset + bytes.length) / 3) * 4);
    forms.push([`base64 at ${offset}`, core(padded.toString('base64'))]);
    forms.push([`base64url at ${offset}`, core(padded.toString('base64url'))]);
  }
  return forms;
}
