import * as vscode from 'vscode';
import type { SandboxHost } from '../host/sandboxHost';
import type { Sessions } from '../host/sessions';
import { environmentOf } from '../kucoin/environment';
import type { World } from '../kucoin/vocabulary';
import type { AccountsView } from './accountsView';
import type { CommandHandler, CommandId } from './commandTable';
import { inform, type Confirm } from './dialogs';
import { sandboxIsElsewhere, waysToSandbox, type RemotePlace } from './remoteWindow';
import type { Prompt } from './wizard';
import { next } from './nextSteps';

export interface SandboxCommandsOptions {
  readonly sandboxes: SandboxHost;
  readonly sessions: Sessions;
  readonly view: AccountsView;
  readonly prompt: Prompt;
  readonly confirm: Confirm;
  readonly place: RemotePlace;
}

/** Between two movements, ms: often enough to be seen, seldom enough to be read. */
const activityMs = 3_000;

type SandboxCommandId = Extract<CommandId, `kucoin.sandbox.${string}`>;

/** The commands about the local KuCoin. */
export function sandboxCommands(options: SandboxCommandsOptions): Record<SandboxCommandId, CommandHandler> {
  const { sandboxes, sessions, view, prompt, confirm, place } = options;

  const chooseWorld = async (title: string, worlds: readonly World[]): Promise<World | undefined> => {
    if (worlds.length === 1) return worlds[0];
    const answer = await prompt.pick({
      title,
      canGoBack: false,
      placeholder: vscode.l10n.t('Which KuCoin?'),
      items: worlds.map((world) => ({ label: worldTitle(world), detail: worldDetail(world), value: world })),
      isCurrent: (world) =>
        sessions.profile?.site.kind === 'sandbox' && sessions.profile.site.world === world,
    });
    return answer.kind === 'value' ? answer.value : undefined;
  };

  const copyAccess = async (world: World): Promise<void> => {
    const { spot, futures, credentials } = await sandboxes.ensure(world);
    const variables = Object.entries(environmentOf({ spot, futures }, credentials));
    const lines = variables.map(([name, value = '']) => `${name}=${value}`);
    await vscode.env.clipboard.writeText(`${lines.join('\n')}\n`);
    const copied = vscode.l10n.t('Copied: base URLs and demo key of the sandbox as environment variables');
    // That has to be read, so it stays.
    if (place.isElsewhere()) inform(`${copied} · ${sandboxIsElsewhere(place)}`, waysToSandbox(spot, futures));
    else vscode.window.setStatusBarMessage(copied, 5_000);
  };

  return {
    'kucoin.sandbox.start': async () => {
      const world = await chooseWorld(vscode.l10n.t('Start Local Sandbox'), ['today', 'seed']);
      if (!world) return;
      const { spot, futures } = await sandboxes.ensure(world);
      const listens = vscode.l10n.t('The local KuCoin listens at {url}', { url: spot });
      const away = place.isElsewhere();
      inform(away ? `${listens} · ${sandboxIsElsewhere(place)}` : listens, {
        [vscode.l10n.t('Copy Base URL and Demo Key')]: () => copyAccess(world),
        ...(away && waysToSandbox(spot, futures)),
      });
    },
    'kucoin.sandbox.stop': async () => {
      const { running } = sandboxes;
      if (running.length === 0) {
        inform(vscode.l10n.t('This window runs no sandbox.'), next('kucoin.sandbox.start'));
        return;
      }
      const world = await chooseWorld(vscode.l10n.t('Stop Local Sandbox'), running);
      if (!world) return;
      await sandboxes.stop(world);
      // What is shown was read from it: the view says that it is stopped, and how to go on.
      if (sessions.profile?.site.kind === 'sandbox' && sessions.profile.site.world === world)
        await view.refresh('background');
    },
    'kucoin.sandbox.reset': async () => {
      const world = await chooseWorld(vscode.l10n.t('Reset Local Sandbox'), ['today', 'seed']);
      if (!world) return;
      const goOn = await confirm({
        message: vscode.l10n.t('Reset the sandbox to its first day?'),
        detail: vscode.l10n.t('Its play money, keys and switches start again. Nothing at KuCoin is touched.'),
        action: vscode.l10n.t('Reset'),
      });
      if (!goOn) return;
      await sandboxes.reset(world);
      await view.refresh();
    },
    'kucoin.sandbox.startActivity': async () => {
      const title = vscode.l10n.t('Start Sandbox Activity');
      const shown = sessions.profile?.site;
      const world = await chooseWorld(title, shown?.kind === 'sandbox' ? [shown.world] : ['today', 'seed']);
      if (!world) return;
      await sandboxes.setActivity(world, activityMs);
      inform(
        vscode.l10n.t(
          'Every {count} seconds something happens to the play money of the master account: a deposit, a fill, a profit or a loss.',
          { count: activityMs / 1000 },
        ),
        next('kucoin.sandbox.pauseActivity'),
      );
    },
    'kucoin.sandbox.pauseActivity': async () => {
      const { active } = sandboxes;
      if (active.length === 0) {
        inform(
          vscode.l10n.t('This window has started no activity in a sandbox.'),
          next('kucoin.sandbox.startActivity'),
        );
        return;
      }
      const world = await chooseWorld(vscode.l10n.t('Pause Sandbox Activity'), active);
      if (!world) return;
      await sandboxes.setActivity(world, 0);
      vscode.window.setStatusBarMessage(vscode.l10n.t('The sandbox is quiet again.'), 5_000);
    },
    'kucoin.sandbox.copyAccess': async () => {
      const world = await chooseWorld(vscode.l10n.t('Copy Base URL and Demo Key'), ['today', 'seed']);
      if (!world) return;
      await copyAccess(world);
    },
  };
}

function worldTitle(world: World): string {
  return world === 'today' ? vscode.l10n.t("Today's KuCoin") : vscode.l10n.t('KuCoin as first documented');
}

function worldDetail(world: World): string {
  return world === 'today'
    ? vscode.l10n.t('the spot account is the high-frequency account')
    : vscode.l10n.t('with a separate high-frequency account that a transfer opens');
}
