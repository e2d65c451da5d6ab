import * as vscode from 'vscode';
import type { Logger } from '../host/log';
import type { Sessions } from '../host/sessions';
import { KucoinError } from '../kucoin/errors';
import { commandTable, type CommandHandler, type CommandId } from './commandTable';
import { offer } from './dialogs';
import { userMessage } from './explainError';
import { titleOf } from './nextSteps';

/**
 * Runs commands: the one place that decides what becomes of an error, keeps a command that moves funds away from a
 * read-only profile, and drops a second click while the first is at work.
 */
export class CommandRunner {
  private readonly running = new Set<CommandId>();

  constructor(
    private readonly handlers: Readonly<Record<CommandId, CommandHandler>>,
    private readonly sessions: Sessions,
    private readonly log: Logger,
  ) {}

  async run(id: CommandId, argument: unknown): Promise<void> {
    if (this.running.has(id)) return;
    this.running.add(id);
    this.log.debug(`${id} started`);
    try {
      if (commandTable[id] === 'money' && this.sessions.profile?.readOnly) {
        throw new KucoinError({ kind: 'readOnly', outcome: 'notExecuted' });
      }
      await this.handlers[id](argument);
    } catch (error) {
      this.report(id, error);
    } finally {
      this.running.delete(id);
    }
  }

  private report(id: CommandId, error: unknown): void {
    if (KucoinError.is(error, 'cancelled')) return;
    this.log.error(`${id} failed`, error);
    const { text, todo, action } =
      KucoinError.is(error, 'readOnly') && this.sessions.profile ? readOnlyMessage() : userMessage(error);
    const profileId = this.sessions.profile?.id;
    const actions = action && {
      [titleOf(action)]: () => vscode.commands.executeCommand(action, { profileId }),
    };
    offer(vscode.window.showErrorMessage, `${text} ${todo}`, actions);
  }
}

function readOnlyMessage(): ReturnType<typeof userMessage> {
  return {
    text: vscode.l10n.t('This profile is read-only: nothing was moved.'),
    todo: vscode.l10n.t('Allow transfers for it first, or switch to another profile.'),
    action: 'kucoin.profile.allowTransfers',
  };
}
