import type { World } from './vocabulary';

/**
 * The logical accounts of a KuCoin user and how each family of endpoints spells them.
 * Lower case belongs to account list and inner transfer, upper case to transfer quotas, Flex Transfer and sub transfer.
 */
export interface AccountType {
  /** Name on screen. */
  readonly title: string;
  /** One line for tooltips: what the account is for. */
  readonly purpose: string;
  /** `type` in the account list. Absent: other endpoints list it. */
  readonly list?: string;
  /** `from` and `to` of inner transfer. */
  readonly inner?: string;
  /** Roles that inner transfer gives it; `both` where left out. */
  readonly innerRole?: 'target';
  /** Spelling in transfer quotas, Flex Transfer and sub transfer. */
  readonly upper: string;
  /** Worlds in which `GET /accounts/transferable` takes it; CONTRACT is no type there. */
  readonly quotas: readonly World[];
  /** Needs a trading pair as tag. */
  readonly tagged?: boolean;
  /** Worlds that know it; both where left out. */
  readonly worlds?: readonly World[];
}

const both: readonly World[] = ['seed', 'today'];

export const accountTypes = {
  main: {
    title: 'Funding',
    purpose: 'Deposits, withdrawals and funds at rest. Orders never draw on it.',
    list: 'main',
    inner: 'main',
    upper: 'MAIN',
    quotas: both,
  },
  trade: {
    title: 'Spot',
    purpose: 'Funds that spot orders draw on.',
    list: 'trade',
    inner: 'trade',
    upper: 'TRADE',
    quotas: both,
  },
  trade_hf: {
    title: 'Spot HF',
    purpose: 'The separate high-frequency account of users who opened it before the merge of 2024.',
    list: 'trade_hf',
    inner: 'trade_hf',
    upper: 'TRADE_HF',
    quotas: ['seed'],
  },
  margin: {
    title: 'Cross Margin',
    purpose: 'Collateral and loans of cross-margin trading.',
    list: 'margin',
    inner: 'margin',
    upper: 'MARGIN',
    quotas: both,
  },
  isolated: {
    title: 'Isolated Margin',
    purpose: 'Collateral and loans of one trading pair.',
    list: 'isolated',
    inner: 'isolated',
    upper: 'ISOLATED',
    quotas: both,
    tagged: true,
  },
  margin_v2: {
    title: 'Cross Margin HF',
    purpose: 'High-frequency cross margin; one with Cross Margin since the merge of 2026.',
    inner: 'margin_v2',
    upper: 'MARGIN_V2',
    quotas: ['today'],
  },
  isolated_v2: {
    title: 'Isolated Margin HF',
    purpose: 'High-frequency isolated margin; one with Isolated Margin since the merge of 2026.',
    inner: 'isolated_v2',
    upper: 'ISOLATED_V2',
    quotas: ['today'],
    tagged: true,
  },
  contract: {
    title: 'Futures',
    purpose: 'Margin of futures positions.',
    inner: 'contract',
    innerRole: 'target',
    upper: 'CONTRACT',
    quotas: [],
  },
  option: {
    title: 'Options',
    purpose: 'Funds of options trading.',
    list: 'option',
    inner: 'option',
    upper: 'OPTION',
    quotas: ['today'],
    worlds: ['today'],
  },
} as const satisfies Record<string, AccountType>;

export type AccountTypeId = keyof typeof accountTypes;

export const accountTypeIds = Object.keys(accountTypes) as AccountTypeId[];

export function accountType(id: AccountTypeId): AccountType {
  return accountTypes[id];
}

export function isAccountTypeId(text: string): text is AccountTypeId {
  return Object.hasOwn(accountTypes, text);
}

/** Whether a world knows an account type. */
export function existsIn(world: World, id: AccountTypeId): boolean {
  return accountType(id).worlds?.includes(world) ?? true;
}
