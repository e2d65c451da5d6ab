import * as vscode from 'vscode';
import type { KeyFactsReader } from '../host/keyFacts';
import type { SandboxHost } from '../host/sandboxHost';
import type { Sessions } from '../host/sessions';
import type { Snapshots } from '../host/snapshots';
import { KucoinError } from '../kucoin/errors';
import { oneLine } from '../kucoin/outside';
import type { World } from '../kucoin/vocabulary';
import { checkKey } from '../profiles/checkKey';
import { nameProblem } from '../profiles/inputs';
import { environmentOf, type KeyFacts, type Profile } from '../profiles/profile';
import type { Profiles } from '../profiles/profiles';
import { environmentLabel } from './accountsTree';
import type { CommandHandler, CommandId } from './commandTable';
import { inform, offer, withProgress, type Confirm } from './dialogs';
import { askForKey, emptyEntry, keySteps, nameSteps, siteSteps, type KeyEntry } from './keyWizard';
import { siteName } from './names';
import { asError, type PickItem, type Prompt, runWizard, inputStep } from './wizard';
import { next } from './nextSteps';

export interface ProfileCommandsOptions {
  readonly profiles: Profiles;
  readonly sessions: Sessions;
  readonly sandboxes: SandboxHost;
  readonly snapshots: Snapshots;
  readonly keyFacts: Pick<KeyFactsReader, 'read'>;
  readonly prompt: Prompt;
  readonly confirm: Confirm;
  /** Shows the accounts to the user. */
  readonly reveal: () => Promise<void>;
}

type ProfileCommandId = Extract<CommandId, `kucoin.profile.${string}` | `kucoin.demo.${string}`>;

/**
 * Asks for a new key, beginning with what is known already, and makes it the active profile. What is known of its
 * secrets stands in password boxes: it is never shown. `undefined`: the user left.
 */
export async function addProfile(
  options: Pick<ProfileCommandsOptions, 'profiles' | 'sessions' | 'prompt' | 'reveal'>,
  known: KeyEntry,
): Promise<Profile | undefined> {
  const { profiles, sessions, prompt } = options;
  const title = vscode.l10n.t('Add API Key');
  const checked = await askForKey(prompt, sessions, title, [...siteSteps(), ...keySteps()], known);
  if (!checked) return undefined;
  const { facts, credentials, site } = checked;
  const names = profiles.all.map(({ name }) => name);
  const suggested = freeName(
    oneLine(facts?.subName ?? '') || (facts?.isMaster === false ? 'Sub-account' : 'Main'),
    profiles.all,
  );
  const named = await runWizard(prompt, title, nameSteps(names), { ...checked.entry, name: suggested });
  if (!named) return undefined;
  const profile = await profiles.add(
    { name: named.name, site, readOnly: named.readOnly ?? true, facts },
    credentials,
  );
  await sessions.switchTo(profile.id);
  await options.reveal();
  warnOfWithdrawal(facts);
  return profile;
}

/** The commands about profiles and their keys. */
export function profileCommands(options: ProfileCommandsOptions): Record<ProfileCommandId, CommandHandler> {
  const { profiles, sessions, prompt, confirm } = options;

  const openDemo = async (world: World): Promise<void> => {
    await vscode.window.withProgress(
      { location: { viewId: 'kucoin.accounts' }, title: vscode.l10n.t('Starting the sandbox…') },
      async () => {
        const { credentials } = await options.sandboxes.ensure(world);
        const existing = profiles.all.find(({ site }) => site.kind === 'sandbox' && site.world === world);
        const profile =
          existing ??
          (await profiles.add(
            {
              name: freeName(demoName(world), profiles.all),
              site: { kind: 'sandbox', world },
              readOnly: false,
            },
            credentials,
          ));
        await sessions.switchTo(profile.id);
        // Shown as soon as there is something to see: a focus that comes late would disturb what the user does next.
        await options.reveal();
        const session = await sessions.open();
        if (session) await options.keyFacts.read(session);
      },
    );
  };

  const choose = (argument: unknown, title: string): Promise<Profile | undefined> =>
    chooseProfile(options, argument, title);

  const add: CommandHandler = () => addProfile(options, emptyEntry);

  const replaceKey: CommandHandler = async (argument) => {
    const profile = await choose(argument, vscode.l10n.t('Replace API Key'));
    if (!profile) return;
    const title = vscode.l10n.t('Replace the API Key of {name}', { name: profile.name });
    const checked = await askForKey(prompt, sessions, title, keySteps(), {
      ...emptyEntry,
      site: profile.site,
    });
    if (!checked) return;
    const { facts } = checked;
    if (facts && profile.facts && facts.uid !== profile.facts.uid) {
      const goOn = await confirm({
        message: vscode.l10n.t('This key belongs to another user.'),
        detail: vscode.l10n.t('The profile {name} belongs to uid {old}, the new key to uid {new}.', {
          name: profile.name,
          old: String(profile.facts.uid),
          new: String(facts.uid),
        }),
        action: vscode.l10n.t('Use It for This Profile'),
      });
      if (!goOn) return;
    }
    await profiles.replaceKey(profile.id, checked.credentials, facts);
    warnOfWithdrawal(facts);
  };

  const check: CommandHandler = async (argument) => {
    const profile = await choose(argument, vscode.l10n.t('Check API Key'));
    if (!profile) return;
    const credentials = await profiles.credentials(profile.id).catch(async (error: unknown) => {
      if (profile.site.kind !== 'sandbox' || !KucoinError.is(error, 'secretMissing')) throw error;
      return (await options.sandboxes.ensure(profile.site.world)).credentials;
    });
    const client = await sessions.trial(profile.site, credentials);
    try {
      const facts = await withProgress(vscode.l10n.t('Checking the API key…'), () =>
        checkKey(client, profile.site, Date.now()),
      );
      await profiles.setFacts(profile, facts);
      inform(
        vscode.l10n.t('{name} works: uid {uid}, permissions {permissions}.', {
          name: profile.name,
          uid: String(facts.uid),
          permissions: facts.permissions.join(', '),
        }),
      );
      warnOfWithdrawal(facts);
    } finally {
      client.retire();
    }
  };

  const setReadOnly =
    (readOnly: boolean): CommandHandler =>
    async (argument) => {
      const title = readOnly ? vscode.l10n.t('Make Profile Read-Only') : vscode.l10n.t('Allow Transfers');
      const profile = await choose(argument, title);
      if (!profile || profile.readOnly === readOnly) return;
      if (readOnly || (await mayTransfer(profile))) await profiles.setReadOnly(profile.id, readOnly);
    };

  /** Other extensions can run commands: what protects real funds is given up by a person only. */
  const mayTransfer = async (profile: Profile): Promise<boolean> =>
    environmentOf(profile) === 'DEMO' ||
    confirm({
      message: vscode.l10n.t('LIVE: allow transfers for the profile {name}?', { name: profile.name }),
      detail: vscode.l10n.t(
        'Real funds at {site} can then be moved from this editor. You are still asked before anything is sent.',
        { site: siteName(profile.site) },
      ),
      action: vscode.l10n.t('Allow Transfers'),
    });

  return {
    'kucoin.demo.openToday': () => openDemo('today'),
    'kucoin.demo.openSeed': () => openDemo('seed'),
    'kucoin.profile.add': add,
    'kucoin.profile.replaceKey': replaceKey,
    'kucoin.profile.check': check,
    'kucoin.profile.makeReadOnly': setReadOnly(true),
    'kucoin.profile.allowTransfers': setReadOnly(false),

    'kucoin.profile.switch': async () => {
      const addNew = vscode.l10n.t('Add API Key…');
      const answer = await prompt.pick<Profile | 'add' | 'today' | 'seed'>({
        title: vscode.l10n.t('Switch Profile'),
        canGoBack: false,
        placeholder: vscode.l10n.t('Select a profile'),
        items: [
          ...profileItems(profiles.all, sessions.profile),
          { label: addNew, icon: 'add', value: 'add', group: vscode.l10n.t('New') },
          ...(['today', 'seed'] as const)
            .filter(
              (world) => !profiles.all.some(({ site }) => site.kind === 'sandbox' && site.world === world),
            )
            .map((world) => ({
              label: demoName(world),
              description: vscode.l10n.t('play money, no key needed'),
              icon: 'beaker',
              value: world,
              group: vscode.l10n.t('New'),
            })),
        ],
        isCurrent: (value) => typeof value === 'object' && value.id === sessions.profile?.id,
      });
      if (answer.kind !== 'value') return;
      if (answer.value === 'add')
        await vscode.commands.executeCommand('kucoin.profile.add' satisfies CommandId);
      else if (typeof answer.value === 'string') await openDemo(answer.value);
      else {
        await sessions.switchTo(answer.value.id);
        await options.reveal();
      }
    },

    'kucoin.profile.rename': async (argument) => {
      const title = vscode.l10n.t('Rename Profile');
      const profile = await choose(argument, title);
      if (!profile) return;
      const others = profiles.all.filter(({ id }) => id !== profile.id).map(({ name }) => name);
      const step = inputStep<string>({
        prompt: () => vscode.l10n.t('New name of {name}', { name: profile.name }),
        value: (name) => name,
        validate: (_name, text) => {
          const problem = nameProblem(text, others);
          return asError(problem === undefined ? undefined : vscode.l10n.t(problem));
        },
        apply: (_name, text) => text.trim(),
      });
      const name = await runWizard(prompt, title, [step], profile.name);
      if (name !== undefined) await profiles.rename(profile.id, name);
    },

    'kucoin.profile.remove': async (argument) => {
      const profile = await choose(argument, vscode.l10n.t('Remove Profile'));
      if (!profile) return;
      const goOn = await confirm({
        message: vscode.l10n.t('Remove the profile {name}?', { name: profile.name }),
        detail: vscode.l10n.t(
          'Its key is deleted from the secret storage of the editor. At KuCoin the key stays valid until you delete it there. The history of its transfers is kept; snapshots of its value are deleted.',
        ),
        action: vscode.l10n.t('Remove'),
      });
      if (!goOn) return;
      await profiles.remove(profile.id);
      await options.snapshots.remove(profile.id);
    },
  };
}

/** The profile that a row stands for; else the only one; else the user is asked. */
export async function chooseProfile(
  { profiles, sessions, prompt }: Pick<ProfileCommandsOptions, 'profiles' | 'sessions' | 'prompt'>,
  argument: unknown,
  title: string,
): Promise<Profile | undefined> {
  const given = profiles.find(profileIdOf(argument));
  if (given) return given;
  if (profiles.all.length <= 1) {
    if (profiles.all.length === 0) sayNoProfile();
    return profiles.all[0];
  }
  const answer = await prompt.pick({
    title,
    canGoBack: false,
    placeholder: vscode.l10n.t('Which profile?'),
    items: profileItems(profiles.all, sessions.profile),
  });
  return answer.kind === 'value' ? answer.value : undefined;
}

/** What a command says that needs a profile where there is none. */
export function sayNoProfile(): void {
  const run = (id: CommandId) => () => vscode.commands.executeCommand(id);
  inform(vscode.l10n.t('There is no profile yet.'), {
    [vscode.l10n.t('Open Demo Account')]: run('kucoin.demo.openToday'),
    [vscode.l10n.t('Add API Key…')]: run('kucoin.profile.add'),
  });
}

export function profileItems(all: readonly Profile[], active: Profile | undefined): PickItem<Profile>[] {
  return all.map((profile) => ({
    label: profile.name,
    description: [environmentLabel(profile), siteName(profile.site)].join(' · '),
    detail: profile.facts && vscode.l10n.t('uid {uid}', { uid: String(profile.facts.uid) }),
    icon: profile.id === active?.id ? 'check' : profile.site.kind === 'sandbox' ? 'beaker' : 'account',
    value: profile,
  }));
}

function profileIdOf(argument: unknown): string | undefined {
  if (typeof argument !== 'object' || argument === null || !('profileId' in argument)) return undefined;
  return typeof argument.profileId === 'string' ? argument.profileId : undefined;
}

function demoName(world: World): string {
  return world === 'today' ? vscode.l10n.t('Local KuCoin') : vscode.l10n.t('Local KuCoin of 2023');
}

function freeName(wanted: string, all: readonly Profile[]): string {
  const taken = new Set(all.map(({ name }) => name.toLowerCase()));
  if (!taken.has(wanted.toLowerCase())) return wanted;
  let number = 2;
  while (taken.has(`${wanted} ${number}`.toLowerCase())) number += 1;
  return `${wanted} ${number}`;
}

/** Nothing here ever needs the right to withdraw; a key that has it is a needless risk. */
function warnOfWithdrawal(facts: KeyFacts | undefined): void {
  if (!facts?.permissions.includes('Transfer')) return;
  offer(
    vscode.window.showWarningMessage,
    vscode.l10n.t(
      'This key can withdraw funds. This extension never needs that: a key without the permission Withdrawal is safer.',
    ),
    next('kucoin.profile.replaceKey'),
  );
}
