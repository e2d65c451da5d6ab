import assert from 'node:assert/strict';
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

  content(path: string): Buffer {
    const content = this.files[path];
    if (content === undefined) throw new Error(`There is no ${path} in the package.`);
    return Buffer.from(content);
  }

  text(path: string): string {
    return this.content(path).toString('utf8');
  }

  /** Every file as it is, by path. */
  get contents(): [string, Buffer][] {
    return Object.entries(this.files).map(([path, bytes]) => [path, Buffer.from(bytes)]);
  }

  /** Every file that people or engines read as text, by path. */
  get texts(): [string, string][] {
    return this.paths.filter((path) => !/\.(png|node)$/.test(path)).map((path) => [path, this.text(path)]);
  }
}

/** Which of these words stand in which of these texts. */
export function mentions(texts: readonly (readonly [string, string])[], words: readonly string[]): string[] {
  return texts.flatMap(([file, text]) =>
    words.filter((word) => text.includes(word)).map((word) => `${file} names ${word}`),
  );
}

/**
 * For which system a compiled library is, in the words of Node, read from its own first bytes; of one for Linux with
 * the name of its C library.
 */
export function platformOf(binary: Buffer): string {
  const known = (table: Readonly<Record<number, string>>, value: number): string =>
    table[value] ?? `unknown (${value})`;
  if (binary.readUInt32BE(0) === 0x7f454c46) {
    const arch = known({ 0x28: 'arm', 0x3e: 'x64', 0xb7: 'arm64' }, binary.readUInt16LE(18));
    const [library = 'no C library'] = /libc\.(musl-\w+\.so\.1|so\.6)/.exec(binary.toString('latin1')) ?? [];
    return `linux-${arch} ${library}`;
  }
  if (binary.readUInt32LE(0) === 0xfeedfacf)
    return `darwin-${known({ 0x01000007: 'x64', 0x0100000c: 'arm64' }, binary.readUInt32LE(4))}`;
  const header = binary.readUInt32LE(0x3c);
  assert.equal(binary.toString('latin1', header, header + 4), 'PE\0\0');
  return `win32-${known({ 0x8664: 'x64', 0xaa64: 'arm64' }, binary.readUInt16LE(header + 4))}`;
}

/** One of the packages that scripts/lib/suites.mjs has made. */
export function vsixOf(variable: string): Vsix {
  const file = process.env[variable];
  if (file === undefined) throw new Error(`${variable} is not set: run npm test -- --only package`);
  return new Vsix(file);
}
