import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { analyse } from '../../coding/analyse';
import type { FoundCall } from '../../coding/calls';
import { hoverOf } from '../../coding/hover';
import { requestOf, typed, type RequestParameter } from '../../coding/request';
import type { TextEdit } from '../../coding/finding';
import type { FoundSecret } from '../../coding/secrets';
import type { SandboxHost } from '../../host/sandboxHost';
import type { Sessions } from '../../host/sessions';
import type { EndpointName } from '../../kucoin/catalogue';
import type { KucoinClient } from '../../kucoin/client';
import type { Endpoint, ParamValue } from '../../kucoin/endpoint';
import { environmentOf, worldOf, type Profile } from '../../profiles/profile';
import type { CommandHandler, CommandId } from '../commandTable';
import { inform, withProgress } from '../dialogs';
import { emptyEntry, type KeyEntry } from '../keyWizard';
import { asError, inputStep, runWizard, type Prompt, type Step } from '../wizard';
import { label } from '../columns';
import { editOf } from './actions';
import { isCodePlace } from './shared';
import { next } from '../nextSteps';

export interface CodingCommandsOptions {
  readonly sessions: Sessions;
  readonly sandboxes: SandboxHost;
  readonly prompt: Prompt;
  /** The entry of the catalogue with which the shared client works. */
  readonly endpoint: (name: EndpointName) => Endpoint;
  readonly showAnswer: (name: string, text: string) => Promise<void>;
  /** Runs the wizard for a new key with what is known already. Answers the profile; nothing when the user left. */
  readonly addProfile: (known: KeyEntry) => Promise<Profile | undefined>;
  readonly sayNoProfile: () => void;
}

export type CodingCommandId = Extract<CommandId, `kucoin.code.${string}`>;

/** The commands about the call or the key at the cursor. */
export function codingCommands(options: CodingCommandsOptions): Record<CodingCommandId, CommandHandler> {
  return {
    'kucoin.code.try': async (argument) => {
      const found = await callAt(argument);
      if (found) await tryWithProfile(options, found);
    },
    'kucoin.code.trySandbox': async (argument) => {
      const found = await callAt(argument);
      if (found) await tryInSandbox(options, found);
    },
    'kucoin.code.moveKey': (argument) => moveKey(options, argument),
  };
}

// ---------------------------------------------------------------- try a call

interface CallInText {
  readonly call: FoundCall;
  readonly name: EndpointName;
  readonly parameters: readonly RequestParameter[];
}

async function placeOf(
  argument: unknown,
): Promise<{ readonly document: vscode.TextDocument; readonly offset: number } | undefined> {
  if (isCodePlace(argument))
    return {
      document: await vscode.workspace.openTextDocument(vscode.Uri.parse(argument.uri)),
      offset: argument.offset,
    };
  const editor = vscode.window.activeTextEditor;
  return editor && { document: editor.document, offset: editor.document.offsetAt(editor.selection.active) };
}

/** The call at the place, or else the one in its line. Says so when there is none that can be sent. */
async function callAt(argument: unknown): Promise<CallInText | undefined> {
  const place = await placeOf(argument);
  const calls = place ? analysisOf(place.document).calls : [];
  const call =
    place &&
    (calls.find(({ start, end }) => start <= place.offset && place.offset <= end) ??
      calls.find(({ start }) => lineOf(place.document, start) === lineOf(place.document, place.offset)));
  if (!call) {
    inform(vscode.l10n.t('There is no KuCoin call at the cursor.'), next('kucoin.help.openExample'));
    return undefined;
  }
  const { name, entry, title, docs } = call.known;
  if (name === undefined || !entry || call.method?.unified) {
    inform(
      vscode.l10n.t('{title} cannot be tried here: its parameters are not known well enough.', { title }),
      docs === undefined
        ? next('kucoin.help.openExample')
        : {
            [vscode.l10n.t('Open Documentation')]: () =>
              vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(docs)),
          },
    );
    return undefined;
  }
  const { document } = place;
  return { call, name, parameters: requestOf(document.getText(), document.languageId, call) };
}

function lineOf(document: vscode.TextDocument, offset: number): number {
  return document.positionAt(offset).line;
}

function analysisOf(document: vscode.TextDocument): ReturnType<typeof analyse> {
  return analyse(document.getText(), document.languageId, { fileName: document.uri.toString() });
}

async function tryWithProfile(options: CodingCommandsOptions, found: CallInText): Promise<void> {
  if (hoverOf(found.call).kind === 'money') {
    inform(vscode.l10n.t('This call moves funds or orders. It is tried in the sandbox only.'), {
      [vscode.l10n.t('Try in Sandbox')]: () => tryInSandbox(options, found),
    });
    return;
  }
  const session = await options.sessions.open();
  if (!session) {
    options.sayNoProfile();
    return;
  }
  const { profile, client } = session;
  await send(options, found, client, `${profile.name} · ${environmentOf(profile)}`);
}

/** In the world of the active profile, with the demo key: nothing that a person owns is touched. */
async function tryInSandbox(options: CodingCommandsOptions, found: CallInText): Promise<void> {
  const { profile } = options.sessions;
  const world = profile ? worldOf(profile) : 'today';
  const { credentials } = await options.sandboxes.ensure(world);
  const client = await options.sessions.trial({ kind: 'sandbox', world }, credentials);
  try {
    const where = world === 'today' ? vscode.l10n.t('Sandbox') : vscode.l10n.t('Sandbox as first documented');
    await send(options, found, client, where);
  } finally {
    client.retire();
  }
}

async function send(
  options: CodingCommandsOptions,
  { name, parameters }: CallInText,
  client: KucoinClient,
  where: string,
): Promise<void> {
  const endpoint = options.endpoint(name);
  const title = `${endpoint.title} · ${where}`;
  const values = await askForMissing(options.prompt, title, parameters);
  if (!values) return;
  const params: Record<string, ParamValue> = {};
  for (const parameter of parameters) {
    const value = values[parameter.name];
    if (value !== undefined) params[parameter.name] = typed(parameter, value);
  }
  const data: unknown = await withProgress(vscode.l10n.t('Waiting for the answer…'), () =>
    client.call(endpoint, params),
  );
  const line = (name: string, text: string): string => `// ${label(name, 12)}${text}`;
  const text = [
    line(vscode.l10n.t('Call'), `${endpoint.method} ${endpoint.path}`),
    line(vscode.l10n.t('Sent to'), where),
    line(vscode.l10n.t('Parameters'), JSON.stringify(params)),
    line(vscode.l10n.t('Read'), new Date(client.clock.estimate()).toISOString()),
    '',
    JSON.stringify(data, withoutTokens, 2),
    '',
  ];
  await options.showAnswer(endpoint.title, text.join('\n'));
}

/** A token of a private feed stands for a login. */
function withoutTokens(key: string, value: unknown): unknown {
  return key === 'token' ? '…' : value;
}

/** Required values that the text does not give are asked for; an id that only has to be new is made. */
async function askForMissing(
  prompt: Prompt,
  title: string,
  parameters: readonly RequestParameter[],
): Promise<Readonly<Record<string, string>> | undefined> {
  const given: Record<string, string> = {};
  for (const { name, required, value } of parameters) {
    if (value !== undefined) given[name] = value;
    // Sent as it stands, a second try would be the first one again.
    if (name === 'clientOid' && (required || value !== undefined)) given[name] = randomUUID();
  }
  const steps = parameters
    .filter(({ name, required }) => required && given[name] === undefined)
    .map(({ name }): Step<Record<string, string>> =>
      inputStep({
        prompt: () => vscode.l10n.t('Value of {parameter}', { parameter: name }),
        value: (state) => state[name],
        validate: (_state, text) =>
          asError(
            text.trim() === ''
              ? vscode.l10n.t('This call needs {parameter}.', { parameter: name })
              : undefined,
          ),
        apply: (state, text) => ({ ...state, [name]: text.trim() }),
      }),
    );
  return runWizard(prompt, title, steps, given);
}

// ---------------------------------------------------------------- move a key

/** Makes a profile of the credentials at the place, and puts environment variables where they stood. */
async function moveKey(options: CodingCommandsOptions, argument: unknown): Promise<void> {
  const place = await placeOf(argument);
  const group = place ? groupAt(place.document, place.offset) : [];
  if (!place || group.length === 0) {
    inform(vscode.l10n.t('There is no KuCoin key at the cursor.'), next('kucoin.profile.add'));
    return;
  }
  const { document } = place;
  const before = new Map(group.map((secret) => [secret.part, textOf(document, secret)]));
  const profile = await options.addProfile({
    ...emptyEntry,
    key: before.get('key') ?? '',
    secret: before.get('secret') ?? '',
    passphrase: before.get('passphrase') ?? '',
  });
  if (!profile) return;
  // The wizard took its time: what stands there now decides.
  const same = analysisOf(document).secrets.filter(
    (secret) => before.get(secret.part) === textOf(document, secret),
  );
  const edits = distinct(same.flatMap(({ replace }) => replace?.edits ?? []));
  const isReplaced = edits.length > 0 && (await vscode.workspace.applyEdit(editOf(document, edits)));
  const { name } = profile;
  inform(
    isReplaced && same.every(({ replace }) => replace)
      ? vscode.l10n.t('The key is now the profile {name}. The file reads environment variables instead.', {
          name,
        })
      : vscode.l10n.t(
          'The key is now the profile {name}. It still stands in the file: remove it there, and from the history of the file.',
          { name },
        ),
  );
}

/** Each of them brings the import that it needs. */
function distinct(edits: readonly TextEdit[]): TextEdit[] {
  return [...new Map(edits.map((edit) => [`${edit.start} ${edit.end} ${edit.text}`, edit])).values()];
}

function groupAt(document: vscode.TextDocument, offset: number): readonly FoundSecret[] {
  const { secrets } = analysisOf(document);
  const here =
    secrets.find(({ start, end }) => start <= offset && offset <= end) ??
    secrets.find(({ start }) => lineOf(document, start) === lineOf(document, offset));
  return here ? secrets.filter(({ group }) => group === here.group) : [];
}

function textOf(document: vscode.TextDocument, { start, end }: FoundSecret): string {
  return document.getText().slice(start, end);
}
