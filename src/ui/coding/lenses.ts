import * as vscode from 'vscode';
import type { FoundCall } from '../../coding/calls';
import { hfVerdict, hoverOf, type HfVerdict } from '../../coding/hover';
import { permissionTitles, type Permission } from '../../kucoin/vocabulary';
import type { CommandId } from '../commandTable';
import { isWanted, rangeOf, type CodePlace, type CodingContext } from './shared';

const tryCommand: CommandId = 'kucoin.code.try';
const trySandboxCommand: CommandId = 'kucoin.code.trySandbox';

/** More lenses than anybody reads: a generated file gets none beyond these. */
const most = 200;

/** Says above each call whether it will work, and offers to try it. What moves funds or orders is tried in the sandbox only. */
export class CodingLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(private readonly context: CodingContext) {}

  /** Settings, or what is known beside the text, have changed. */
  lookAgain(): void {
    this.changed.fire();
  }

  dispose(): void {
    this.changed.dispose();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!isWanted('codeLens', document, this.context.settings())) return [];
    return this.context
      .analysisOf(document)
      .calls.slice(0, most)
      .flatMap((call) => this.lensesOf(document, call));
  }

  private lensesOf(document: vscode.TextDocument, call: FoundCall): vscode.CodeLens[] {
    const range = rangeOf(document, call);
    const { kind } = hoverOf(call, this.context.facts());
    const lens = (title: string, command = '', tooltip?: string): vscode.CodeLens => {
      const place: CodePlace = { uri: document.uri.toString(), offset: call.start };
      return new vscode.CodeLens(range, {
        title,
        command,
        ...(tooltip !== undefined && { tooltip }),
        arguments: [place],
      });
    };
    const lenses = [lens(this.verdict(call))];
    // Only what the catalogue knows can be checked, signed and sent.
    if (!call.known.entry || call.method?.unified) return lenses;
    const profile = this.context.profileName();
    if (kind === 'read' && profile !== undefined)
      lenses.push(
        lens(
          vscode.l10n.t('Try it'),
          tryCommand,
          vscode.l10n.t('Sends this call with the profile {profile} and shows the answer.', { profile }),
        ),
      );
    lenses.push(
      lens(
        vscode.l10n.t('Try in sandbox'),
        trySandboxCommand,
        vscode.l10n.t('Sends this call to the local sandbox and shows the answer. No money moves.'),
      ),
    );
    return lenses;
  }

  /** One line: title, weight, whether the profile may call it, and what HF has to do with it. */
  private verdict(call: FoundCall): string {
    const facts = this.context.facts();
    const { known } = call;
    const { entry } = known;
    const { allowed } = hoverOf(call, facts);
    const needed = entry?.permissionIn?.[facts.world ?? 'today'] ?? entry?.permission ?? known.permission;
    const profile = this.context.profileName();
    const parts = [known.title];
    if (entry) parts.push(vscode.l10n.t('weight {weight}', { weight: String(entry.weight) }));
    if (needed === 'Public') parts.push(vscode.l10n.t('needs no key'));
    else if (profile === undefined || allowed === 'unknown') {
      if (needed !== undefined)
        parts.push(vscode.l10n.t('needs {permission}', { permission: titleOf(needed) }));
    } else if (allowed === 'yes') parts.push(vscode.l10n.t('{profile} may call it', { profile }));
    else
      parts.push(
        vscode.l10n.t('{profile} may not call it: it lacks {permission}', {
          profile,
          permission: titleOf(needed ?? ''),
        }),
      );
    const hf = hfVerdict(known, facts);
    if (hf) parts.push(hfText(hf));
    return parts.join(' · ');
  }
}

function hfText(verdict: HfVerdict): string {
  if ('accounts' in verdict) {
    return vscode.l10n.t('HF orders draw on {accounts}', { accounts: verdict.accounts.join(' / ') });
  }
  return verdict.none === 'refused'
    ? vscode.l10n.t('KuCoin refuses HF to you')
    : vscode.l10n.t('HF is not activated');
}

function titleOf(permission: string): string {
  return (permissionTitles as Readonly<Record<string, string>>)[permission as Permission] ?? permission;
}
