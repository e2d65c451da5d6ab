import * as vscode from 'vscode';
import { decimal, isDecimal, type Decimal } from '../kucoin/decimal';
import { codingLanguageNames, type CodingLanguage } from '../coding/languages';
import { liveModes, type LiveMode } from './liveMode';

/** Every setting of the product, typed. Nobody else reads the configuration. */
export interface Settings {
  /** Fiat currency or coin of all values. */
  readonly valuationCurrency: string;
  readonly sortBy: 'value' | 'name';
  readonly hideSmall: boolean;
  /** In the valuation currency. */
  readonly dustThreshold: Decimal;
  /** Seconds between two readings while the view is visible; 0 for never. */
  readonly refreshInterval: number;
  readonly statusBar: boolean;
  /** When the private feeds of the exchange run. */
  readonly liveUpdates: LiveMode;
  /** A transfer of real money worth this much, in the valuation currency, has to be typed; `undefined` for never. */
  readonly typeAbove: Decimal | undefined;
  /** Whether values of profiles are kept for the curve of the portfolio panel. */
  readonly keepSnapshots: boolean;
  /** Whether assistants may execute transfers at all. */
  readonly executeTransfers: boolean;
  /** Whether they may execute those of real money. */
  readonly executeLiveTransfers: boolean;
  /** The features for code. */
  readonly codingDiagnostics: boolean;
  readonly codingHover: boolean;
  readonly codingCodeLens: boolean;
  readonly codingCompletion: boolean;
  /** Credentials in files. */
  readonly codingSecrets: boolean;
  /** In which languages they work. */
  readonly codingLanguages: readonly CodingLanguage[];
}

const section = 'kucoin';

/** Name of each setting in `package.json`, without the section. */
export const settingNames: Readonly<Record<keyof Settings, string>> = {
  valuationCurrency: 'valuation.currency',
  sortBy: 'balances.sortBy',
  hideSmall: 'balances.hideSmall',
  dustThreshold: 'balances.dustThreshold',
  refreshInterval: 'balances.refreshInterval',
  statusBar: 'statusBar.visible',
  liveUpdates: 'live.updates',
  typeAbove: 'transfer.typeAbove',
  keepSnapshots: 'portfolio.keepSnapshots',
  executeTransfers: 'assistants.executeTransfers',
  executeLiveTransfers: 'assistants.executeLiveTransfers',
  codingDiagnostics: 'coding.diagnostics',
  codingHover: 'coding.hover',
  codingCodeLens: 'coding.codeLens',
  codingCompletion: 'coding.completion',
  codingSecrets: 'coding.secrets',
  codingLanguages: 'coding.languages',
};

/** Reads all settings; a value of the wrong form counts as not set, whoever wrote it. */
export function readSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration(section);
  const get = (name: keyof Settings): unknown => configuration.get(settingNames[name]);
  const currency = get('valuationCurrency');
  const dust = get('dustThreshold');
  const interval = get('refreshInterval');
  return {
    valuationCurrency: typeof currency === 'string' && isValuationCurrency(currency) ? currency : 'USD',
    sortBy: get('sortBy') === 'name' ? 'name' : 'value',
    hideSmall: get('hideSmall') === true,
    dustThreshold: typeof dust === 'string' && isDecimal(dust) && !dust.startsWith('-') ? dust : decimal('1'),
    refreshInterval: readInterval(interval),
    statusBar: get('statusBar') !== false,
    liveUpdates: liveModes.find((mode) => mode === get('liveUpdates')) ?? 'whileVisible',
    typeAbove: readThreshold(get('typeAbove')),
    keepSnapshots: get('keepSnapshots') === true,
    executeTransfers: get('executeTransfers') === true,
    executeLiveTransfers: get('executeLiveTransfers') === true,
    codingDiagnostics: get('codingDiagnostics') !== false,
    codingHover: get('codingHover') !== false,
    codingCodeLens: get('codingCodeLens') !== false,
    codingCompletion: get('codingCompletion') !== false,
    codingSecrets: get('codingSecrets') !== false,
    codingLanguages: readLanguages(get('codingLanguages')),
  };
}

/** The form of a code; whether it has a price is the exchange's to say. */
export function isValuationCurrency(code: string): boolean {
  return /^[A-Z0-9]{2,10}$/.test(code);
}

/** Names that are not known are left out, so that a newer version's settings do no harm. */
function readLanguages(value: unknown): readonly CodingLanguage[] {
  return Array.isArray(value)
    ? codingLanguageNames.filter((name) => value.includes(name))
    : codingLanguageNames;
}

/** Empty switches it off; what is no amount counts as not set. */
function readThreshold(value: unknown): Decimal | undefined {
  if (value === '') return undefined;
  return typeof value === 'string' && isDecimal(value) && !value.startsWith('-') ? value : decimal('1000');
}

function readInterval(value: unknown): number {
  if (typeof value !== 'number' || Number.isNaN(value)) return 60;
  // A timer cannot count further than some weeks: what is beyond a day is a day.
  return value > 0 ? Math.min(Math.max(value, 10), 86_400) : 0;
}

/** Writes a setting back to where it came from, the user's settings where it is not set yet. */
export async function writeSetting<K extends keyof Settings>(name: K, value: Settings[K]): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(section);
  const found = configuration.inspect(settingNames[name]);
  const target =
    found?.workspaceValue === undefined
      ? vscode.ConfigurationTarget.Global
      : vscode.ConfigurationTarget.Workspace;
  await configuration.update(settingNames[name], value, target);
}

export function onDidChangeSettings(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(section)) listener();
  });
}
