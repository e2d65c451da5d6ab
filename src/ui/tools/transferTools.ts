import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Session } from '../../host/sessions';
import { spotCurrency } from '../../kucoin/vocabulary';
import { familyHoldings } from '../../portfolio/holdings';
import type { TransferRecord } from '../../transfers/history';
import type { AccountRef } from '../../transfers/intent';
import { planLines, type Plan } from '../../transfers/plan';
import { loadedAccounts } from '../balanceCommands';
import { inform } from '../dialogs';
import { translate } from '../explainError';
import { carryOut, freshMs, type Ending } from '../transferFlow';
import { planAtOnce, type AmountFault } from '../transferWizard';
import { endedOf, headOf, movementOf, valid } from './answers';
import { activeProfile, activeSession, stopIfCancelled, type Asked, type ToolOptions } from './asked';
import { refused, ToolFailure } from './failure';
import { plainEnglish, render } from './outside';
import { PlanShelf } from './planShelf';
import { inputs, type InputOf, type PlaceInput } from './schemas';

/** The two tools of a transfer: one plans, the other asks the user and sends a plan once. */
export class TransferTools {
  private readonly shelf = new PlanShelf(() => Date.now());
  /** A question of the tool that executes is open, or its transfer under way. */
  private executing = false;

  constructor(private readonly options: ToolOptions) {}

  /** What the chat asks before a plan is executed. */
  question(input: unknown): Pick<vscode.PreparedToolInvocation, 'confirmationMessages'> {
    const read = v.safeParse(inputs.kucoin_execute_transfer, input);
    const plan = read.success ? this.shelf.look(read.output.planId) : undefined;
    // What cannot be executed is not asked about; the tool says why.
    if (typeof plan !== 'object') return {};
    const message = new vscode.MarkdownString();
    for (const line of planLines(plan)) message.appendText(`${translate(line)}\n\n`);
    message.appendText(vscode.l10n.t('KuCoin Accounts asks once more in a dialog of its own.'));
    return { confirmationMessages: { title: vscode.l10n.t('Execute a KuCoin transfer?'), message } };
  }

  async plan(input: InputOf<'kucoin_plan_transfer'>, { token }: Asked): Promise<string> {
    const { settings, desk } = this.options;
    if (activeProfile(this.options.sessions, input.profile).readOnly) {
      throw new ToolFailure('The active profile is read-only.', 'Only the user can allow transfers for it.');
    }
    await desk.journal(); // one that cannot be used is told now
    const session = await activeSession(this.options.sessions, input.profile);
    await loadedAccounts(this.options, freshMs);
    const holdings = await familyHoldings(session.portfolio, freshMs);
    stopIfCancelled(token);
    const planned = await planAtOnce(
      {
        session,
        holdings,
        valuationCurrency: settings().valuationCurrency,
        preset: {
          currency: spotCurrency(input.currency),
          from: placeOf(input.from, session),
          to: placeOf(input.to, session),
        },
      },
      input.amount,
    );
    if ('problem' in planned) throw wrongAmount(planned);
    if ('refused' in planned) throw refused(planned.refused.sentence);
    stopIfCancelled(token);
    const { plan } = planned;
    const expiresAt = this.shelf.put(plan);
    return render(
      valid('kucoin_plan_transfer', {
        ...headOf(session.profile),
        planId: plan.id,
        expiresAt: new Date(expiresAt).toISOString(),
        sent: 'Nothing has been sent and no money moved: this is a plan.',
        howToExecute:
          this.whyNot(plan) ??
          'kucoin_execute_transfer with this planId asks the user in a dialog, then sends it once.',
        ...movementOf(plan),
        plan: planLines(plan).map(plainEnglish),
        checked: plan.checks.map(({ sentence }) => plainEnglish(sentence)),
        notKnown: plan.unknowns.map(({ sentence }) => plainEnglish(sentence)),
      }),
    );
  }

  /** Why assistants may not execute a plan, whatever the user says; `undefined` when they may. */
  private whyNot({ profile }: Plan): string | undefined {
    const { executeTransfers, executeLiveTransfers } = this.options.settings();
    if (!executeTransfers) {
      return 'Assistants may not execute transfers: the setting kucoin.assistants.executeTransfers is off. The user can run the command KuCoin: Transfer Funds.';
    }
    if (!vscode.workspace.isTrusted) {
      return 'Assistants may not execute transfers in a workspace that the user does not trust.';
    }
    if (profile.environment === 'LIVE' && !executeLiveTransfers) {
      return 'This is LIVE money, and assistants may execute DEMO transfers only: the setting kucoin.assistants.executeLiveTransfers is off. The user can run the command KuCoin: Transfer Funds.';
    }
    return undefined;
  }

  async execute({ planId }: InputOf<'kucoin_execute_transfer'>, { token }: Asked): Promise<string> {
    const plan = this.planOf(planId);
    const whyNot = this.whyNot(plan);
    if (whyNot !== undefined) throw new ToolFailure(whyNot, 'Do not try again; tell the user.');
    if (this.executing) {
      throw new ToolFailure(
        'Another transfer that an assistant has asked for is being confirmed or sent.',
        'Wait until it is over.',
      );
    }
    this.executing = true;
    try {
      return await this.executePlan(plan, token);
    } finally {
      this.executing = false;
    }
  }

  /** The plan of an id, for the active profile only. */
  private planOf(planId: string): Plan {
    const found = this.shelf.look(planId);
    switch (found) {
      case undefined:
        throw new ToolFailure(
          'There is no plan with this id in this window.',
          'Make one with kucoin_plan_transfer, and use the planId that it returns.',
        );
      case 'used':
        throw new ToolFailure(
          'This plan was given to the user already, and a plan serves once.',
          'Look at kucoin_transfer_history for what became of it. Make a new plan only if the user wants another transfer.',
          'Nothing was sent now.',
        );
      case 'expired':
      case 'dropped':
        throw new ToolFailure(
          'This plan is too old: balances may have changed.',
          'Make a new one with kucoin_plan_transfer.',
        );
      default: {
        if (this.options.sessions.profile?.id !== found.profile.id) throw otherProfile();
        return found;
      }
    }
  }

  private async executePlan(plan: Plan, token: vscode.CancellationToken): Promise<string> {
    const session = await this.options.sessions.open();
    stopIfCancelled(token);
    if (session?.profile.id !== plan.profile.id) throw otherProfile();
    this.shelf.use(plan.id);
    const cancelled = new AbortController();
    const subscription = token.onCancellationRequested(() => cancelled.abort());
    const question = { asked: false };
    const options: ToolOptions = {
      ...this.options,
      confirm: async (asked) => {
        question.asked = true;
        return this.options.confirm(asked);
      },
    };
    try {
      const ending = await carryOut(options, session, plan, {
        asker: vscode.l10n.t(
          'An assistant asks for this transfer with a language-model tool. Nothing is sent unless you agree here.',
        ),
        signal: cancelled.signal,
      });
      if (ending.kind === 'cancelled' && cancelled.signal.aborted) {
        if (question.asked)
          inform(vscode.l10n.t('Nothing was sent: the assistant has withdrawn its request.'));
        throw new vscode.CancellationError();
      }
      return answerOf(ending, plan);
    } catch (error) {
      if (error instanceof ToolFailure || error instanceof vscode.CancellationError || !question.asked)
        throw error;
      // Something failed beside the transfer; what became of that stands in the journal, if it was ever begun.
      this.options.log.warn('a transfer that a tool has begun ended with an error', error);
      return await this.fromJournal(plan, error);
    } finally {
      subscription.dispose();
    }
  }

  private async fromJournal(plan: Plan, failure: unknown): Promise<string> {
    let record: TransferRecord | undefined;
    try {
      record = await this.options.desk.find(plan.id);
    } catch {
      throw new ToolFailure(
        'The journal of transfers could not be read.',
        'Do not repeat the transfer. Ask the user to look at the view Transfers.',
        'It is not known whether the money moved.',
      );
    }
    if (!record) throw failure;
    return answerOf({ kind: 'done', record }, plan);
  }
}

/** @throws ToolFailure where nothing was sent */
function answerOf(ending: Ending, plan: Plan): string {
  switch (ending.kind) {
    case 'refused':
      throw refused(ending.refusal.sentence);
    case 'cancelled':
      throw new ToolFailure(
        'The user did not agree to this transfer, and the plan is used up.',
        'Do not ask again unless the user wants it.',
        'Nothing was sent and no money moved.',
      );
    case 'done':
      return render(valid('kucoin_execute_transfer', { ...headOf(plan.profile), ...endedOf(ending.record) }));
  }
}

function wrongAmount({ problem, suggestions }: AmountFault): ToolFailure {
  const possible = suggestions.map(({ amount }) => amount).join(' or ');
  return new ToolFailure(
    plainEnglish(problem.sentence),
    possible === '' ? 'Name another amount.' : `Possible: ${possible}. Ask the user which amount is meant.`,
  );
}

function placeOf({ account, pair, subAccountId }: PlaceInput, { portfolio }: Session): AccountRef {
  const tagged = { type: account, ...(pair !== undefined && { tag: pair }) };
  if (subAccountId === undefined) return { owner: 'self', ...tagged };
  const name = portfolio.sub(subAccountId)?.name;
  return { owner: { subUserId: subAccountId, ...(name !== undefined && { name }) }, ...tagged };
}

function otherProfile(): ToolFailure {
  return new ToolFailure(
    'This plan belongs to another profile than the active one.',
    'Ask the user to switch to the profile of the plan, or make a new plan.',
  );
}
