import type { Sentence } from '../kucoin/explain';
import type { World } from '../kucoin/vocabulary';

/**
 * What is known about high-frequency (HF) trading of one account holder, from what was read elsewhere: a pure
 * table, no calls. Source: kucoin-api 7.2. `GET /api/v1/hf/accounts/opened` answers `false` for most users of
 * today although their trade account is HF-backed, so `false` alone never means "not activated".
 */
export type HfKind = 'spot' | 'cross' | 'isolated';

/** A reading that failed: code of the exchange, or a word for it, such as `offline`. */
export interface NotRead {
  readonly code: string;
}

/** Everything is optional: what was not read is not known. */
export interface HfFacts {
  readonly kind: HfKind;
  readonly world: World;
  /** Answer of `GET /api/v1/hf/accounts/opened`. */
  readonly opened?: boolean | NotRead;
  /** Status of `GET /api/v3/migrate/user/account/status` for this uid: 0 not migrated, 1 migrating, 2 migrated. */
  readonly migration?: number;
  /** Rows of `GET /api/v1/accounts`, of every currency. An account row exists once a currency was held there. */
  readonly accounts?: readonly { readonly type: string; readonly id: string }[] | NotRead;
  /** Number of rows that `GET /api/v1/hf/accounts/ledgers` showed. */
  readonly ledgerRows?: number;
  /** Of a sub-account read with the master's key: number of rows in `tradeHFAccounts`. */
  readonly tradeHfRows?: number;
  /**
   * Margin kinds: what `GET /api/v3/margin/accounts` with `queryType=MARGIN_V2`, or `GET /api/v3/isolated/accounts`
   * with `queryType=ISOLATED_V2`, shows: number of rows with a total that is not zero.
   */
  readonly marginRows?: number | NotRead;
  /** Margin kinds: number of rows in `GET /api/v3/hf/margin/account/ledgers` of this kind. */
  readonly marginLedgerRows?: number;
  /** Outcome of the last order test, or code with which the exchange refused it. */
  readonly orderTest?: 'accepted' | NotRead;
  /** Code with which the last transfer into the HF account was refused. */
  readonly transferRefused?: string;
}

export type HfState =
  /** A separate HF account exists: `trade_hf`, or `margin_v2` and `isolated_v2` of before the margin merge. */
  | 'separate'
  /** The ordinary account is the HF account. */
  | 'merged'
  /** Not activated, or merged without a trace: the two cannot be told apart. */
  | 'undecided'
  /** Only in the world of 2023: a first transfer opens it. */
  | 'notActivated'
  /** The exchange refuses HF to this user, for a reason that it named. */
  | 'refused'
  /** The readings failed. */
  | 'unknown';

export interface HfStatus {
  readonly state: HfState;
  /** Account type that HF orders draw on and that transfers name; absent while it is not known. */
  readonly drawsOn?: string;
  readonly evidence: readonly Sentence[];
  readonly meaning: Sentence;
  readonly next: { readonly action: HfNext; readonly sentence: Sentence };
}

/** What can be done next, for a button. */
export type HfNext = 'nothing' | 'orderTest' | 'activate' | 'fixKey' | 'readAgain' | 'seeWebsite';

/** English templates with named placeholders; the template is the key for translation. */
export const hfEvidence = {
  openedTrue: 'KuCoin says that you have a separate HF account (opened is true).',
  openedFalse:
    'KuCoin says that you have no separate HF account of the old kind (opened is false). It says so of most users, whose Spot account serves HF orders.',
  openedNotRead: 'The account type could not be read: KuCoin answered {code}.',
  openedAbsent: 'This KuCoin has no call that tells the account type.',
  migrated: 'KuCoin says that the separate HF account has been migrated into Spot.',
  migrating: 'KuCoin is migrating the separate HF account into Spot.',
  notMigrated: 'KuCoin says that nothing has been migrated.',
  digitId: 'A Spot account has an id of digits alone, as only HF-backed accounts have: {id}',
  hexIds: 'No Spot account has an id of digits alone.',
  tradeHfRow: 'The list of accounts holds a separate HF account (trade_hf).',
  noTradeHfRow: 'The list of accounts holds no separate HF account (trade_hf).',
  accountsNotRead: 'The list of accounts could not be read: KuCoin answered {code}.',
  ledgerRows: 'The HF ledger holds movements.',
  noLedgerRows: 'The HF ledger of the last days is empty.',
  subTradeHf: 'The balances of the sub-account name a separate HF account.',
  subNoTradeHf: 'The balances of the sub-account name no separate HF account.',
  marginMerge: 'Since the margin merge of 2026 the margin account and its HF account are one.',
  marginRows: 'The HF margin account holds funds.',
  noMarginRows: 'The HF margin account holds no funds.',
  marginNotRead: 'The HF margin account could not be read: KuCoin answered {code}.',
  marginLedgerRows: 'The HF margin ledger holds movements.',
  noMarginLedgerRows: 'The HF margin ledger of the last days is empty.',
  orderTestAccepted: 'KuCoin accepted a test of an HF order.',
  orderTestRefused: 'KuCoin refused a test of an HF order: {code}.',
  transferRefused: 'KuCoin refused a transfer into the HF account: {code}.',
} as const;

export const hfMeanings = {
  separate:
    'HF orders draw on the separate HF account. Transfer to it with Internal Transfer and the type {type}; Flex Transfer does not know it.',
  separateSeed: 'HF orders draw on the separate HF account. Transfer to it with the type {type}.',
  separateMargin: 'HF orders draw on {type}. It exchanges funds with {partner} only.',
  mergedSpot:
    'The Spot account is the HF account: HF orders draw on trade. There is nothing to activate, and trade_hf must not be used.',
  mergedMargin:
    'There is nothing to activate: HF orders draw on {type}. Send {type} in transfers; {synonym} is an old name of the same account.',
  undecided:
    'Either the Spot account is the HF account and has no history yet, or HF was never used. For code both are the same: transfer to trade, and place HF orders.',
  notActivatedSpot:
    'The HF account is not open. The first transfer into it opens it; HF orders are refused until then.',
  notActivatedMargin:
    'The HF margin account is not open, or it is empty. The first transfer from {partner} opens it.',
  whitelist: 'KuCoin opens HF only for users on its list, and you are not on it yet.',
  kyc: 'KuCoin wants the identity verification to be completed before HF orders.',
  kycMaster: 'KuCoin wants the identity verification to be completed by the master account before HF orders.',
  region: 'KuCoin does not serve HF orders from this place.',
  risk: 'KuCoin has suspended trading of this account because of a risk.',
  marginClosed: 'Margin trading has not been opened for this account.',
  permission: 'The key may not read this, so nothing can be said about HF.',
  callGone: 'KuCoin does not offer the call that tells it, so nothing can be said about HF.',
  unreadable: 'Nothing could be read, so nothing can be said about HF.',
} as const;

export const hfNextSteps = {
  nothing: 'Nothing needs to be done.',
  orderTest: 'Run the order test: it shows that HF orders are accepted, and moves nothing.',
  activate: 'Transfer the smallest amount into the HF account to open it. This cannot be undone.',
  activateMargin: 'Transfer the smallest amount from {partner} to open it. This cannot be undone.',
  fixPermission: 'Give the key the permission General on the KuCoin website, then check it again.',
  readAgain: 'Check again when KuCoin can be reached.',
  orderTestInstead: 'Run the order test: it shows without this call whether HF orders are accepted.',
  waitForMigration: 'Wait until the migration has ended, then check again.',
  askWhitelist: 'Send the uids of your accounts to KuCoin to be put on the list.',
  website: 'Settle this on the KuCoin website, then check again.',
} as const;

const texts = { ...hfEvidence, ...hfMeanings, ...hfNextSteps } as const;

function say(template: string, values: Readonly<Record<string, string>> = {}): Sentence {
  return Object.freeze({ template, values: Object.freeze({ ...values }) });
}

/** Codes by which the exchange says why HF is refused to a user (kucoin-api 2.9, 3.4). */
const refusals: Readonly<Record<string, readonly [keyof typeof hfMeanings, keyof typeof hfNextSteps]>> = {
  '126001': ['whitelist', 'askWhitelist'],
  '126047': ['kyc', 'website'],
  '400303': ['kyc', 'website'],
  '126048': ['kycMaster', 'website'],
  '400304': ['kycMaster', 'website'],
  '400301': ['region', 'website'],
  '400302': ['region', 'website'],
  '600004': ['region', 'website'],
  '126002': ['risk', 'website'],
  '400700': ['risk', 'website'],
  '101030': ['marginClosed', 'website'],
  '130201': ['marginClosed', 'website'],
  '130306': ['marginClosed', 'website'],
};

/** Codes of a reading that failed, to the reason that is shown; any other is "could not be read". */
const unreadable: Readonly<Record<string, readonly [keyof typeof hfMeanings, keyof typeof hfNextSteps]>> = {
  '400007': ['permission', 'fixPermission'],
  '400010': ['permission', 'fixPermission'],
  '404000': ['callGone', 'orderTestInstead'],
  '401000': ['callGone', 'orderTestInstead'],
};

const actions: Readonly<Record<keyof typeof hfNextSteps, HfNext>> = {
  nothing: 'nothing',
  orderTest: 'orderTest',
  orderTestInstead: 'orderTest',
  activate: 'activate',
  activateMargin: 'activate',
  fixPermission: 'fixKey',
  readAgain: 'readAgain',
  waitForMigration: 'readAgain',
  askWhitelist: 'seeWebsite',
  website: 'seeWebsite',
};

/** Names of the accounts of each margin kind in requests with lower-case types. */
const marginNames = {
  cross: { plain: 'margin', hf: 'margin_v2' },
  isolated: { plain: 'isolated', hf: 'isolated_v2' },
} as const;

/** State, evidence, meaning for code, and what to do next. Never "not activated" from `opened === false` alone. */
export function hfStatus(facts: HfFacts): HfStatus {
  return facts.kind === 'spot' ? spot(facts) : margin(facts, facts.kind);
}

function spot(facts: HfFacts): HfStatus {
  const { world, opened, accounts, migration } = facts;
  const evidence: Sentence[] = [];
  const note = (id: keyof typeof hfEvidence, values?: Record<string, string>): void =>
    void evidence.push(say(hfEvidence[id], values));

  if (opened === true) note('openedTrue');
  else if (opened === false) note('openedFalse');
  else if (opened) note(absent(world, opened) ? 'openedAbsent' : 'openedNotRead', { code: opened.code });

  const rows = read(accounts);
  const tradeHfRow = rows?.some(({ type }) => type === 'trade_hf');
  const digitId = rows?.find(({ type, id }) => type === 'trade' && /^\d+$/.test(id))?.id;
  if (notRead(accounts)) note('accountsNotRead', { code: accounts.code });
  if (tradeHfRow !== undefined) note(tradeHfRow ? 'tradeHfRow' : 'noTradeHfRow');
  if (facts.tradeHfRows !== undefined) note(facts.tradeHfRows > 0 ? 'subTradeHf' : 'subNoTradeHf');
  if (migration !== undefined)
    note((['notMigrated', 'migrating', 'migrated'] as const)[migration] ?? 'notMigrated');
  if (world === 'today' && rows?.some(({ type }) => type === 'trade')) {
    if (digitId) note('digitId', { id: digitId });
    else note('hexIds');
  }
  if (facts.ledgerRows !== undefined) note(facts.ledgerRows > 0 ? 'ledgerRows' : 'noLedgerRows');
  noteAttempts(facts, note);

  const found = (
    state: HfState,
    meaning: Sentence,
    next: keyof typeof hfNextSteps,
    drawsOn?: string,
  ): HfStatus => status(state, evidence, meaning, next, {}, drawsOn);

  // A separate account outweighs everything: `opened` names it, and so does a row in a list.
  if (opened === true || tradeHfRow || (opened !== false && (facts.tradeHfRows ?? 0) > 0))
    return found(
      'separate',
      say(world === 'seed' ? hfMeanings.separateSeed : hfMeanings.separate, { type: 'trade_hf' }),
      migration === 1 ? 'waitForMigration' : proofOr(facts, 'orderTest'),
      'trade_hf',
    );
  const refused = refusal(facts);
  if (refused) return found('refused', say(hfMeanings[refused[0]]), refused[1]);
  if (world === 'seed') {
    if (facts.orderTest === 'accepted' || (facts.ledgerRows ?? 0) > 0)
      return found('separate', say(hfMeanings.separateSeed, { type: 'trade_hf' }), 'nothing', 'trade_hf');
    // Before the merge an opened account shows in the list, so its absence there is an answer.
    if (tradeHfRow === false) return found('notActivated', say(hfMeanings.notActivatedSpot), 'activate');
  } else {
    const trace = migration === 2 || digitId !== undefined || (facts.ledgerRows ?? 0) > 0;
    if (opened === false && (trace || facts.orderTest === 'accepted'))
      return found('merged', say(hfMeanings.mergedSpot), proofOr(facts, 'orderTest'), 'trade');
    if (opened === false) return found('undecided', say(hfMeanings.undecided), 'orderTest', 'trade');
  }
  const why = unreadable[code(opened) ?? code(accounts) ?? ''] ?? (['unreadable', 'readAgain'] as const);
  return found('unknown', say(hfMeanings[why[0]]), why[1]);
}

function margin(facts: HfFacts, kind: 'cross' | 'isolated'): HfStatus {
  const { plain, hf } = marginNames[kind];
  const { world, marginRows, marginLedgerRows } = facts;
  const evidence: Sentence[] = [];
  const note = (id: keyof typeof hfEvidence, values?: Record<string, string>): void =>
    void evidence.push(say(hfEvidence[id], values));

  if (world === 'today') note('marginMerge');
  if (notRead(marginRows)) note('marginNotRead', { code: marginRows.code });
  const rows = read(marginRows);
  if (rows !== undefined) note(rows > 0 ? 'marginRows' : 'noMarginRows');
  if (marginLedgerRows !== undefined) note(marginLedgerRows > 0 ? 'marginLedgerRows' : 'noMarginLedgerRows');
  noteAttempts(facts, note);

  const refused = refusal(facts) ?? (world === 'today' ? refusals[code(marginRows) ?? ''] : undefined);
  if (refused) return status('refused', evidence, say(hfMeanings[refused[0]]), refused[1]);
  if (world === 'today')
    return status(
      'merged',
      evidence,
      say(hfMeanings.mergedMargin, { type: plain, synonym: hf }),
      'nothing',
      {},
      plain,
    );
  if ((rows ?? 0) > 0 || (marginLedgerRows ?? 0) > 0)
    return status(
      'separate',
      evidence,
      say(hfMeanings.separateMargin, { type: hf, partner: plain }),
      'nothing',
      {},
      hf,
    );
  if (rows !== undefined)
    return status(
      'notActivated',
      evidence,
      say(hfMeanings.notActivatedMargin, { partner: plain }),
      'activateMargin',
      { partner: plain },
    );
  const why = unreadable[code(marginRows) ?? ''] ?? (['unreadable', 'readAgain'] as const);
  // The order test of the reference is one of spot; it proves nothing about margin.
  const next = why[1] === 'orderTestInstead' ? 'readAgain' : why[1];
  return status('unknown', evidence, say(hfMeanings[why[0]]), next);
}

function noteAttempts(
  { orderTest, transferRefused }: HfFacts,
  note: (id: keyof typeof hfEvidence, values?: Record<string, string>) => void,
): void {
  if (orderTest === 'accepted') note('orderTestAccepted');
  else if (orderTest) note('orderTestRefused', { code: orderTest.code });
  if (transferRefused !== undefined) note('transferRefused', { code: transferRefused });
}

function status(
  state: HfState,
  evidence: readonly Sentence[],
  meaning: Sentence,
  next: keyof typeof hfNextSteps,
  values: Readonly<Record<string, string>> = {},
  drawsOn?: string,
): HfStatus {
  return {
    state,
    ...(drawsOn !== undefined && { drawsOn }),
    evidence,
    meaning,
    next: { action: actions[next], sentence: say(texts[next], values) },
  };
}

/** An order test that was accepted leaves nothing to prove. */
function proofOr(facts: HfFacts, otherwise: keyof typeof hfNextSteps): keyof typeof hfNextSteps {
  return facts.orderTest === 'accepted' ? 'nothing' : otherwise;
}

/** A refusal that says something about HF, not about the balance or the form of a request. */
function refusal({
  orderTest,
  transferRefused,
}: HfFacts): readonly [keyof typeof hfMeanings, keyof typeof hfNextSteps] | undefined {
  if (orderTest === 'accepted') return undefined;
  return refusals[transferRefused ?? ''] ?? refusals[code(orderTest) ?? ''];
}

/** The documentation of 2023 did not know the call, so a refusal there says nothing about the user. */
function absent(world: World, { code }: NotRead): boolean {
  return world === 'seed' && (code === '404000' || code === '401000');
}

function notRead(value: unknown): value is NotRead {
  return typeof value === 'object' && value !== null && 'code' in value;
}

function read<T>(value: T | NotRead | undefined): T | undefined {
  return notRead(value) ? undefined : value;
}

function code(value: unknown): string | undefined {
  return notRead(value) ? value.code : undefined;
}
