import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';

/** A packed extension: the bytes of its files by their path. */
export class Vsix {
  readonly bytes: Buffer;
  private readonly files: Readonly<Record<string, Uint8Array>>;

  constructor(file: string) {
    this.bytes = readFileSync(file);
    this.files = unzipSync(this.bytes);
  }

  get paths(): string[] {
    return Object.keys(this.files).sort();
  }

  has(path: string): boolean {
    return path in this.files;
  }

  text(path: string): string {
    const content = this.files[path];
    if (content === undefined) throw new Error(`There is no ${path} in the package.`);
    return Buffer.from(content).toString('utf8');
  }

  /** Every file that people or engines read as text, by path. */
  get texts(): [string, string][] {
    return this.paths.filter((path) => !/\.(png|node)$/.test(path)).map((path) => [path, this.text(path)]);
  }
}

/** One of the packages that scripts/lib/suites.mjs has made. */
export function vsixOf(variable: string): Vsix {
  const file = process.env[variable];
  if (file === undefined) throw new Error(`${variable} is not set: run npm test -- --only package`);
  return new Vsix(file);
}
