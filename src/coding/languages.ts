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

/** Every id that an editor can give such a document. */
export const codingLanguageIds: readonly string[] = Object.values(codingLanguages).flat();

/**
 * With which the extension wakes up. JSON is not among them: the editor itself has JSON in every window, its settings
 * and the like, so that this would be a start with the editor. Keys in JSON are found once anything else has woken it.
 */
export const wakingLanguageIds: readonly string[] = codingLanguageIds.filter(
  (id) => !(codingLanguages.json as readonly string[]).includes(id),
);

/** The name in the setting; absent for languages that are not analysed. */
export function codingLanguageOf(languageId: string): CodingLanguage | undefined {
  return codingLanguageNames.find((name) =>
    (codingLanguages[name] as readonly string[]).includes(languageId),
  );
}
