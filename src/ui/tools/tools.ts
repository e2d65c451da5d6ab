import * as v from 'valibot';
import * as vscode from 'vscode';
import { describeIssue } from '../../kucoin/schema';
import { environmentOf } from '../../profiles/profile';
import { stopIfCancelled, type Asked, type ToolOptions } from './asked';
import { failureOf, ToolFailure } from './failure';
import { harmless } from './outside';
import { balances, explain, hfStatus, transferHistory } from './readTools';
import { inputs, type InputOf } from './schemas';
import type { ToolName } from './toolTable';
import { TransferTools } from './transferTools';

/** Characters of an answer at most. */
const longestAnswer = 20_000;
/** An answer in JSON has about this many characters for a token. */
const charactersPerToken = 3;

/**
 * The language-model tools: thin ways into what commands do as well. Everybody may call them with anything, and
 * whoever lets an assistant work alone has agreed to every question of the editor beforehand. So each checks its
 * input, and the one that moves money asks by itself.
 */
export class Tools {
  private readonly ofTransfers: TransferTools;

  constructor(private readonly options: ToolOptions) {
    this.ofTransfers = new TransferTools(options);
  }

  /**
   * @param tokenBudget tokens that the answer may have, as far as the caller says
   * @throws a cancellation, or an error whose message is written for a model
   */
  async invoke(
    name: ToolName,
    input: unknown,
    token: vscode.CancellationToken,
    tokenBudget = Infinity,
  ): Promise<vscode.LanguageModelToolResult> {
    const { log, redactor } = this.options;
    log.debug(`the tool ${name} was called`);
    try {
      stopIfCancelled(token);
      const most = Math.min(longestAnswer, tokenBudget * charactersPerToken);
      // The table gives each tool what was checked for it, which the compiler cannot follow through a name.
      const tool = this.tools[name] as Tool<ToolName>;
      const text = await tool.answer(checked(name, input), { token, most });
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(redactor.redact(text))]);
    } catch (error) {
      if (error instanceof vscode.CancellationError) throw error;
      log.warn(`the tool ${name} failed`, error);
      const failure = failureOf(error);
      failure.message = redactor.redact(failure.message);
      throw failure;
    }
  }

  /** What the chat shows while a tool runs, and what it asks before. Reads and changes nothing. */
  prepare(name: ToolName, input: unknown): vscode.PreparedToolInvocation {
    const { doing, question } = this.tools[name];
    return { invocationMessage: doing(), ...question?.(input) };
  }

  /** Each tool: what it says that it does, what the chat asks before, and how it answers. */
  private readonly tools: { readonly [N in ToolName]: Tool<N> } = {
    kucoin_explain_endpoint: {
      doing: () => vscode.l10n.t('Looking up a call of KuCoin'),
      answer: (input, asked) => explain(this.options, input, asked),
    },
    kucoin_balances: {
      doing: () => vscode.l10n.t('Reading balances of KuCoin'),
      question: () =>
        this.ask(vscode.l10n.t('Read KuCoin balances?'), (names) =>
          vscode.l10n.t(
            'The language model will see accounts and amounts of the profile {profile} ({environment}). Nothing is changed.',
            names,
          ),
        ),
      answer: (input, asked) => balances(this.options, input, asked),
    },
    kucoin_transfer_history: {
      doing: () => vscode.l10n.t('Reading the history of transfers'),
      question: () =>
        this.ask(vscode.l10n.t('Read the history of KuCoin transfers?'), (names) =>
          vscode.l10n.t(
            'The language model will see transfers of the profile {profile} ({environment}). Nothing is changed.',
            names,
          ),
        ),
      answer: (input, asked) => transferHistory(this.options, input, asked),
    },
    kucoin_hf_status: {
      doing: () => vscode.l10n.t('Reading the HF status of KuCoin'),
      question: () =>
        this.ask(vscode.l10n.t('Read the KuCoin HF status?'), (names) =>
          vscode.l10n.t(
            'The language model will see whether HF orders work for the profile {profile} ({environment}). Nothing is changed.',
            names,
          ),
        ),
      answer: (input, asked) => hfStatus(this.options, input, asked),
    },
    kucoin_plan_transfer: {
      doing: () => vscode.l10n.t('Planning a KuCoin transfer'),
      question: () =>
        this.ask(vscode.l10n.t('Plan a KuCoin transfer?'), (names) =>
          vscode.l10n.t(
            'The language model will see balances of the profile {profile} ({environment}). Nothing is sent.',
            names,
          ),
        ),
      answer: (input, asked) => this.ofTransfers.plan(input, asked),
    },
    kucoin_execute_transfer: {
      doing: () => vscode.l10n.t('Asking whether to execute a KuCoin transfer'),
      question: (input) => this.ofTransfers.question(input),
      answer: (input, asked) => this.ofTransfers.execute(input, asked),
    },
  };

  private ask(
    title: string,
    message: (names: { readonly profile: string; readonly environment: string }) => string,
  ): Question {
    const { profile } = this.options.sessions;
    const names = {
      profile: profile?.name ?? '-',
      environment: profile ? environmentOf(profile) : '-',
    };
    return {
      confirmationMessages: { title, message: new vscode.MarkdownString().appendText(message(names)) },
    };
  }
}

type Question = Pick<vscode.PreparedToolInvocation, 'confirmationMessages'>;

interface Tool<N extends ToolName> {
  readonly doing: () => string;
  /** None where a tool tells nothing of anybody. */
  readonly question?: (input: unknown) => Question;
  readonly answer: (input: InputOf<N>, asked: Asked) => string | Promise<string>;
}

/** The input as the tool declares it. What is wrong is named, never what was given: it may be a megabyte, or a key. */
function checked<N extends ToolName>(name: N, input: unknown): InputOf<N> {
  // An array would pass for an object without members.
  const read = v.safeParse(inputs[name], Array.isArray(input) ? undefined : input);
  if (read.success) return read.output;
  const [issue] = read.issues;
  const known = Object.keys(inputs[name].entries).join(', ');
  const what =
    issue.type === 'strict_object' && issue.expected === 'never'
      ? 'there is a member that the tool does not know'
      : harmless(describeIssue(issue, 'input'), 300);
  throw new ToolFailure(
    `The input is not what the tool takes: ${what}.`,
    `Correct it and try again. Members: ${known}.`,
    'Nothing was sent.',
  );
}
