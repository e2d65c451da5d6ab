import * as vscode from 'vscode';
import { brandIds, brands, parseBaseUrl, type Brand, type KeyVersion } from '../kucoin/brands';
import { KucoinError, type ErrorKind } from '../kucoin/errors';
import type { Credentials } from '../kucoin/sign';
import type { Sessions } from '../host/sessions';
import { checkKey } from '../profiles/checkKey';
import { keyProblem, nameProblem, passphraseProblem, secretProblem } from '../profiles/inputs';
import type { KeyFacts, ProfileSite } from '../profiles/profile';
import { asMessage, withProgress } from './dialogs';
import { userMessage } from './explainError';
import { asError, inputStep, pickStep, runWizard, type Prompt, type Step } from './wizard';

/** What the wizard gathers. Secrets live in it until it ends, in memory only. */
export interface KeyEntry {
  readonly site?: ProfileSite | undefined;
  readonly spot: string;
  readonly futures: string;
  readonly key: string;
  readonly secret: string;
  readonly passphrase: string;
  readonly version?: KeyVersion | undefined;
  readonly name: string;
  readonly readOnly?: boolean | undefined;
}

export const emptyEntry: KeyEntry = { spot: '', futures: '', key: '', secret: '', passphrase: '', name: '' };

const custom = 'custom';

/** Which KuCoin the key belongs to. */
export function siteSteps(): Step<KeyEntry>[] {
  const problem = (text: string): string | undefined => {
    const parsed = parseBaseUrl(text);
    return 'problem' in parsed ? vscode.l10n.t(parsed.problem) : undefined;
  };
  return [
    pickStep<KeyEntry, string>({
      placeholder: () => vscode.l10n.t('Which KuCoin does the key belong to?'),
      items: () => [
        ...brandIds.map((brand) => {
          const { title, hosts, note }: Brand = brands[brand];
          return {
            label: title,
            description: hosts.spot,
            detail: note && vscode.l10n.t(note),
            value: brand,
          };
        }),
        {
          label: vscode.l10n.t('Another host…'),
          description: vscode.l10n.t('a proxy, a mirror, or a sandbox of your own'),
          value: custom,
        },
      ],
      current: ({ site }) => (site?.kind === 'brand' ? site.brand : site?.kind),
      apply: (entry, value) => {
        const brand = brandIds.find((id) => id === value);
        return { ...entry, site: brand ? { kind: 'brand', brand } : { kind: 'custom', spot: '' } };
      },
    }),
    inputStep({
      skip: ({ site }) => site?.kind !== 'custom',
      prompt: () => vscode.l10n.t('Base URL of the spot host'),
      placeholder: 'https://api.kucoin.com',
      value: ({ spot }) => spot,
      validate: (_entry, text) => asError(problem(text)),
      apply: (entry, text) => ({ ...entry, spot: text, site: { kind: 'custom', spot: origin(text) } }),
    }),
    inputStep({
      skip: ({ site }) => site?.kind !== 'custom',
      prompt: () => vscode.l10n.t('Base URL of the futures host; leave it empty if there is none'),
      placeholder: 'https://api-futures.kucoin.com',
      value: ({ futures }) => futures,
      validate: (_entry, text) => asError(text.trim() === '' ? undefined : problem(text)),
      apply: (entry, text) => ({
        ...entry,
        futures: text,
        site: {
          kind: 'custom',
          spot: origin(entry.spot),
          ...(text.trim() !== '' && { futures: origin(text) }),
        },
      }),
    }),
  ];
}

/** The three secrets and the version. Password boxes are never filled in advance but with what was just typed. */
export function keySteps(): Step<KeyEntry>[] {
  const translated = (sentence: string | undefined): ReturnType<typeof asError> =>
    asError(sentence === undefined ? undefined : vscode.l10n.t(sentence));
  return [
    inputStep({
      prompt: () => vscode.l10n.t('API key'),
      placeholder: vscode.l10n.t('24 characters of 0-9 and a-f'),
      password: true,
      value: ({ key }) => key,
      validate: (_entry, text) => translated(keyProblem(text)),
      apply: (entry, text) => ({ ...entry, key: text.trim() }),
    }),
    inputStep({
      prompt: () => vscode.l10n.t('API secret'),
      placeholder: vscode.l10n.t('36 characters with hyphens'),
      password: true,
      value: ({ secret }) => secret,
      validate: (_entry, text) => translated(secretProblem(text)),
      apply: (entry, text) => ({ ...entry, secret: text.trim() }),
    }),
    inputStep({
      prompt: () => vscode.l10n.t('Passphrase of the API key'),
      placeholder: vscode.l10n.t('chosen by you when the key was created; not your login password'),
      password: true,
      value: ({ passphrase }) => passphrase,
      validate: (_entry, text) => translated(passphraseProblem(text)),
      apply: (entry, text) => ({ ...entry, passphrase: text }),
    }),
    pickStep<KeyEntry, KeyVersion>({
      skip: (entry) => versionsOf(entry).length === 1,
      placeholder: () => vscode.l10n.t('Version of the key, as the website shows it'),
      items: (entry) =>
        versionsOf(entry).map((version) => ({
          label: version,
          description: versionNote(version),
          value: version,
        })),
      current: ({ version }) => version,
      apply: (entry, version) => ({ ...entry, version }),
    }),
  ];
}

/** Name and access, asked when the key is known to work. */
export function nameSteps(taken: readonly string[]): Step<KeyEntry>[] {
  return [
    inputStep({
      prompt: () => vscode.l10n.t('Name of the profile'),
      value: ({ name }) => name,
      validate: (_entry, text) => {
        const problem = nameProblem(text, taken);
        return asError(problem === undefined ? undefined : vscode.l10n.t(problem));
      },
      apply: (entry, text) => ({ ...entry, name: text.trim() }),
    }),
    pickStep<KeyEntry, boolean>({
      placeholder: () => vscode.l10n.t('What may this profile do in the editor?'),
      items: () => [
        {
          label: vscode.l10n.t('Read-only'),
          icon: 'lock',
          detail: vscode.l10n.t('Shows balances. Nothing can be moved until you allow it.'),
          value: true,
        },
        {
          label: vscode.l10n.t('Balances and transfers'),
          icon: 'arrow-swap',
          detail: vscode.l10n.t('Can move funds between your own accounts, each time after a confirmation.'),
          value: false,
        },
      ],
      current: ({ readOnly }) => readOnly,
      apply: (entry, readOnly) => ({ ...entry, readOnly }),
    }),
  ];
}

export interface CheckedKey {
  readonly entry: KeyEntry;
  readonly site: ProfileSite;
  readonly credentials: Credentials;
  /** Absent when the exchange could not be asked and the user saves the key all the same. */
  readonly facts: KeyFacts | undefined;
}

/**
 * Asks for a key and checks it against the exchange at once. What was typed is kept when the user goes back to
 * correct it. `undefined`: the user left.
 */
export async function askForKey(
  prompt: Prompt,
  sessions: Sessions,
  title: string,
  steps: readonly Step<KeyEntry>[],
  initial: KeyEntry,
): Promise<CheckedKey | undefined> {
  for (let entry: KeyEntry | undefined = initial; ;) {
    entry = await runWizard(prompt, title, steps, entry);
    if (!entry?.site) return undefined;
    const { key, secret, passphrase } = entry;
    const credentials = { key, secret, passphrase, version: entry.version ?? versionsOf(entry)[0] ?? '3' };
    const checked = await tryKey(sessions, entry.site, credentials);
    if (checked !== 'correct')
      return checked && { entry, site: entry.site, credentials, facts: checked.facts };
  }
}

/** Nobody could be asked: the key may be right all the same. */
const unreachableKinds: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'network',
  'certificate',
  'proxy',
  'proxyLogin',
  'timeout',
  'unavailable',
  'rateLimit',
  'malformedReply',
]);

/** One call proves key, passphrase, signature, clock and IP list. */
async function tryKey(
  sessions: Sessions,
  site: ProfileSite,
  credentials: Credentials,
): Promise<{ readonly facts: KeyFacts | undefined } | 'correct' | undefined> {
  const client = await sessions.trial(site, credentials);
  try {
    const facts = await withProgress(vscode.l10n.t('Checking the API key…'), () =>
      checkKey(client, site, Date.now()),
    );
    return { facts };
  } catch (error) {
    if (!KucoinError.is(error)) throw error;
    const { text, todo } = userMessage(error, 'General');
    const correct = vscode.l10n.t('Correct…');
    const save = vscode.l10n.t('Save Without Check');
    const unreachable = unreachableKinds.has(error.kind);
    // A modal: a message may be put away unanswered, and the command would wait for it without a word.
    const chosen = await vscode.window.showErrorMessage(
      vscode.l10n.t('The key was not saved.'),
      { modal: true, detail: asMessage(`${text} ${todo}`) },
      correct,
      ...(unreachable ? [save] : []),
    );
    if (chosen === correct) return 'correct';
    return chosen === save ? { facts: undefined } : undefined;
  } finally {
    client.retire();
  }
}

function versionsOf({ site }: KeyEntry): readonly KeyVersion[] {
  return site?.kind === 'brand' ? brands[site.brand].keyVersions : ['3', '2', '1'];
}

function versionNote(version: KeyVersion): string {
  return {
    '3': vscode.l10n.t('issued today'),
    '2': vscode.l10n.t('no longer issued'),
    '1': vscode.l10n.t('before 2021; newer calls refuse it'),
  }[version];
}

function origin(text: string): string {
  const parsed = parseBaseUrl(text);
  return 'origin' in parsed ? parsed.origin : '';
}
