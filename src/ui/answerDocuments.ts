import * as vscode from 'vscode';
import type { Session, Sessions } from '../host/sessions';
import { accountType, accountTypeIds, existsIn } from '../kucoin/accountTypes';
import type { Endpoint } from '../kucoin/endpoint';
import { getFuturesTransferOutList, getTransferQuotas } from '../kucoin/endpoints/transfer';
import { futuresTransfersOut } from '../kucoin/paging';
import { spotCurrency } from '../kucoin/vocabulary';
import { environmentOf, worldOf, type Profile } from '../profiles/profile';
import { own, type AccountRef } from '../transfers/intent';
import { refuse } from '../transfers/refusal';
import { label, padEnd, widest } from './columns';
import { answerScheme } from './commandTable';
import { offer, withProgress } from './dialogs';
import { translate } from './explainError';
import { exactAmount } from './format';
import { accountName } from './names';
import { sayNoProfile } from './profileCommands';
import { presetOf } from './transferFlow';
import { needsPair, pairStep, type TransferEntry } from './transferWizard';
import { asError, inputStep, pickStep, runWizard, type Prompt } from './wizard';
import { next } from './nextSteps';

export interface AnswerOptions {
  readonly sessions: Sessions;
  readonly prompt: Prompt;
  readonly answers: AnswerDocuments;
}

/** What the exchange has answered to a question, as read-only documents; as old as they say, and read only once. */
export class AnswerDocuments {
  private readonly texts = new Map<string, string>();

  /** @param fire tells the editor that a document says something else now */
  constructor(private readonly fire: (uri: vscode.Uri) => void) {}

  textOf({ path }: vscode.Uri): string {
    return (
      this.texts.get(path) ?? vscode.l10n.t('This answer is gone. Run the command again to read it anew.')
    );
  }

  /** Says something else in a document, wherever it stands. */
  update(name: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: answerScheme, path: `/${name}.txt` });
    this.texts.set(uri.path, text);
    this.fire(uri); // it may stand in the editor already
    return uri;
  }

  async show(name: string, text: string): Promise<void> {
    const uri = this.update(name, text);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }
}

/** Asks for what `GET /accounts/transferable` wants to know, and shows its answer. */
export async function askQuotas(options: AnswerOptions, argument: unknown): Promise<void> {
  const session = await sessionOf(options);
  if (!session) return;
  const { profile, client } = session;
  const world = worldOf(profile);
  const given = presetOf(argument, profile.id);
  const preset = given.from?.owner === 'self' ? given : {};
  const steps = [
    pickStep<TransferEntry, AccountRef>({
      skip: () => preset.from !== undefined && accountType(preset.from.type).quotas.includes(world),
      placeholder: () => vscode.l10n.t('How much can leave which account?'),
      items: () =>
        accountTypeIds
          .filter((type) => existsIn(world, type))
          .map((type) => {
            const { upper, quotas } = accountType(type);
            const refused = quotas.includes(world)
              ? undefined
              : vscode.l10n.t('Get Transfer Quotas does not know this account.');
            return { label: accountName({ type }), description: upper, refused, value: own(type) };
          }),
      current: ({ from }) => from,
      same: (a, b) => a.type === b.type,
      apply: (entry, from) => ({ ...entry, from }),
    }),
    inputStep<TransferEntry>({
      skip: () => preset.currency !== undefined,
      prompt: () => vscode.l10n.t('Currency, as KuCoin writes it'),
      placeholder: 'USDT',
      value: ({ currency }) => currency,
      validate: (_entry, text) =>
        asError(
          /^[A-Za-z0-9._-]{1,30}$/.test(text.trim())
            ? undefined
            : vscode.l10n.t('A currency is written like USDT or BTC.'),
        ),
      apply: (entry, text) => ({ ...entry, currency: spotCurrency(text.trim().toUpperCase()) }),
    }),
    pairStep('from', preset),
  ];
  const title = `${getTransferQuotas.title} · ${profile.name} · ${environmentOf(profile)}`;
  const entry = await runWizard(options.prompt, title, steps, { ...preset, amountText: '' });
  if (!entry?.from || entry.currency === undefined) return;
  const { currency, from } = entry;
  const { upper } = accountType(from.type);
  const answer = await withProgress(vscode.l10n.t('Asking how much can be transferred…'), () =>
    client.call(getTransferQuotas, {
      currency,
      type: upper,
      ...(needsPair(from) && from.tag !== undefined && { tag: from.tag }),
    }),
  );
  const lines = [
    ...heading(session, getTransferQuotas),
    row(vscode.l10n.t('Account'), `${accountName(from)} (${upper})`),
    row(vscode.l10n.t('Currency'), answer.currency),
    row(vscode.l10n.t('Balance'), exactAmount(answer.balance)),
    row(vscode.l10n.t('Available'), exactAmount(answer.available)),
    row(vscode.l10n.t('Held'), exactAmount(answer.holds)),
    row(vscode.l10n.t('Transferable'), exactAmount(answer.transferable)),
  ];
  await options.answers.show(
    vscode.l10n.t('Transfer Quotas {currency} {type}', { currency, type: upper }),
    `${lines.join('\n')}\n`,
  );
}

/** How far back transfers out are listed: the exchange answers one day a call. */
const listedDays = 7;
const dayMs = 24 * 60 * 60_000;

/** Shows what became of the transfers out of the futures account in the last days. */
export async function showTransfersOut(options: AnswerOptions): Promise<void> {
  const session = await sessionOf(options);
  if (!session) return;
  const { client, site } = session;
  if (site.hosts.futures === undefined) {
    offer(
      vscode.window.showErrorMessage,
      translate(refuse('noFutures').sentence),
      next('kucoin.profile.switch'),
    );
    return;
  }
  const endAt = client.clock.estimate();
  const found = await withProgress(vscode.l10n.t('Reading the transfers out of futures…'), async () => {
    const rows: string[][] = [];
    const filter = { startAt: endAt - listedDays * dayMs, endAt };
    const listing = futuresTransfersOut(client.call.bind(client), filter, { priority: 'interactive' });
    for await (const { createdAt, amount, currency, status, applyId, reason } of listing) {
      rows.push([
        new Date(createdAt).toISOString(),
        status,
        `${exactAmount(amount)} ${currency}`,
        applyId,
        reason ?? '',
      ]);
    }
    return rows;
  });
  const titles = [
    vscode.l10n.t('Created'),
    vscode.l10n.t('Status'),
    vscode.l10n.t('Amount'),
    vscode.l10n.t('Apply id'),
    vscode.l10n.t('Reason'),
  ];
  const lines = [
    ...heading(session, getFuturesTransferOutList),
    row(vscode.l10n.t('Listed'), vscode.l10n.t('the last {count} days, newest first', { count: listedDays })),
    '',
    ...(found.length > 0
      ? table([titles, ...found])
      : [vscode.l10n.t('Nothing was transferred out of futures by this call.')]),
  ];
  await options.answers.show(vscode.l10n.t('Futures Transfers Out'), `${lines.join('\n')}\n`);
}

async function sessionOf({ sessions }: AnswerOptions): Promise<Session | undefined> {
  if (!sessions.profile) sayNoProfile();
  return sessions.profile && (await sessions.open());
}

function heading({ profile, client }: Session, endpoint: Endpoint): string[] {
  const { method, path } = endpoint;
  return [
    titleOf(endpoint, profile),
    '',
    row(vscode.l10n.t('Call'), `${method} ${path}`),
    row(vscode.l10n.t('Profile'), `${profile.name} · ${environmentOf(profile)}`),
    row(vscode.l10n.t('Read'), new Date(client.clock.estimate()).toISOString()),
  ];
}

/** Its title in KuCoin's documentation, and whether that has marked it as superseded. */
export function titleOf({ title, state }: Endpoint, profile: Profile | undefined): string {
  const isSuperseded = profile && state?.[worldOf(profile)] === 'superseded';
  return isSuperseded ? vscode.l10n.t('{endpoint} (superseded)', { endpoint: title }) : title;
}

function row(name: string, value: string): string {
  return `${label(name, 16)}${value}`;
}

/** Columns as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_title, column) => widest(rows.map((cells) => cells[column] ?? '')));
  return rows.map((cells) =>
    cells
      .map((cell, column) => padEnd(cell, widths[column] ?? widest([])))
      .join('  ')
      .trimEnd(),
  );
}
