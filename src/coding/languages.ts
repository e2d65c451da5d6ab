/**
 * Languages that are analysed: the name that the setting has for them, and the ids that editors give them.
 */
export const codingLanguages = {
  typescript: ['typescript', 'typescriptreact'],
  javascript: ['javascript', 'javascriptreact', 'vue', 'svelte'],
  python: ['python'],
  go: ['go'],
  java: ['java', 'kotlin'],
  csharp: ['csharp'],
  php: ['php'],
  rust: ['rust'],
  shellscript: ['shellscript'],
  http: ['http', 'rest'],
  json: ['json', 'jsonc'],
  yaml: ['yaml', 'dockercompose'],
  dotenv: ['dotenv', 'env', 'properties', 'ini'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type CodingLanguage = keyof typeof codingLanguages;

export const codingLanguageNames = Object.keys(codingLanguages) as CodingLanguage[];

/**
 * Every id that an editor can give such a document. The extension wakes up with each of them, JSON too, which is in
 * most windows: what wakes up is a file of some ten kilobytes that looks for a word in the documents that are opened.
 */
export const codingLanguageIds: readonly string[] = Object.values(codingLanguages).flat();

/** The name in the setting; absent for languages that are not analysed. */
export function codingLanguageOf(languageId: string): CodingLanguage | undefined {
  return codingLanguageNames.find((name) =>
    (codingLanguages[name] as readonly string[]).includes(languageId),
  );
}
