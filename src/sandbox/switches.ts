import * as v from 'valibot';
import { SandboxError } from './errors';
import { refusalOverrides } from './refusals';

interface Switch<S extends v.GenericSchema = v.GenericSchema> {
  readonly schema: S;
  readonly initial: v.InferOutput<S>;
  /** What it decides, with the section of kucoin-api that leaves it open. */
  readonly about: string;
}

function choice<const T extends readonly [string, ...string[]]>(
  values: T,
  about: string,
): Switch<v.PicklistSchema<T, undefined>> {
  return { schema: v.picklist(values), initial: values[0], about: `${values.join(' | ')}. ${about}` };
}

const milliseconds = v.pipe(v.number(), v.minValue(0), v.maxValue(600_000));

function yesNo(initial: boolean, about: string): Switch<v.BooleanSchema<undefined>> {
  return { schema: v.boolean(), initial, about };
}

/**
 * Where KuCoin's behaviour is unconfirmed, or differs between users and times, the sandbox has a switch.
 * The first value of a choice is the default.
 */
export const switchTable = {
  duplicateClientOid: choice(
    ['refuse', 'sameOrder', 'executeAgain'],
    'Repeating the clientOid of an executed transfer: refused with 400100, answered with the first orderId ' +
      'without moving funds, or executed again (10.1).',
  ),
  hfWhitelisted: yesNo(
    true,
    'seed: users are on the HF whitelist; without it a transfer into an HF account that is not open is refused ' +
      'with 126001 (7.2, 13).',
  ),
  hfOpened: yesNo(
    false,
    'Every user has the separate trade_hf account already. today: an "old HF user", for whom ' +
      '/hf/accounts/opened answers true and inner transfer knows trade_hf (7.2, 9.2).',
  ),
  absentEndpoints: choice(
    ['notFound', 'answer'],
    'Endpoints that the world does not document, such as /hf/accounts/opened in seed: 404000 or a normal ' +
      'answer (8.4, 13).',
  ),
  supersededAnswer: choice(
    ['works', 'removed', 'notFound', 'offlineTrap'],
    'Endpoints marked superseded in the world: still work, 401000, 404000, or code 200000 with ' +
      '"The interface is offline" and no data (1, 3.2).',
  ),
  unconfirmedPairs: choice(
    ['work', 'refused'],
    'Pairs of accounts marked with a question mark, or as unconfirmed, in the routing matrix (9.1 to 9.3).',
  ),
  isolatedV2Partner: choice(
    ['isolated', 'margin', 'both'],
    'seed: which account exchanges with isolated_v2 by inner transfer (9.1 note a).',
  ),
  versionHeader: choice(
    ['sameScheme', 'exact'],
    'KC-API-KEY-VERSION must be of a version with the same passphrase scheme (2 and 3 are one: common clients ' +
      'send 2 with every key), or exactly that of the key as documented (2.2).',
  ),
  internalUserIds: choice(
    ['refused', 'ignored', 'applied'],
    "Flex Transfer of type INTERNAL with a sub-account's fromUserId and toUserId: refused with 400100, done among " +
      "the caller's own accounts, or done within the sub-account (9.3).",
  ),
  flexNeedsIpList: choice(
    ['butDemoKey', 'everyKey', 'noKey'],
    'Which keys without an IP list Flex Transfer refuses with 400007. KuCoin: every one (2.7). The demo key has none, ' +
      'so that a bot can try all calls with it, and is let through as if it were bound to this computer.',
  ),
  bitcoinNames: choice(
    ['strict', 'either'],
    'XBT on the futures host and BTC elsewhere only, or both names wherever the futures account has a part (6.2).',
  ),
  ledgerDelayMs: {
    schema: milliseconds,
    initial: 300,
    about: 'Milliseconds between a transfer and its rows in the ledgers (10.3, 13).',
  },
  ledgerJitterMs: {
    schema: milliseconds,
    initial: 1700,
    about: 'What each row may need on top, by chance.',
  },
  bizTypeNames: choice(
    ['codes', 'display', 'mixed'],
    'bizType in the spot and margin ledger: TRANSFER, Transfer, or one or the other by row (8.11).',
  ),
  hfMarginLedger: choice(
    ['numbers', 'text', 'hugeNumbers'],
    'Ids and times of the HF margin ledger: numbers, text as in older examples, or numbers with ids beyond 2^53 (8.13).',
  ),
  hfMarginNames: choice(
    ['v2', 'plain'],
    'accountType in the HF margin ledger: MARGIN_V2 and ISOLATED_V2, or MARGIN and ISOLATED as announced (8.13).',
  ),
  futuresPendingRow: yesNo(
    false,
    'The futures ledger starts with a row of the running eight hours: status Pending, offset -1 (5.2).',
  ),
  futuresTypeFilter: choice(
    ['ignoreCase', 'exact'],
    'The filter `type` of the futures ledger; exact knows the documented Transferin only (8.14, 13).',
  ),
  transferOutSign: choice(
    ['positive', 'negative'],
    'Amount of a TransferOut in the futures ledger (8.14, 13).',
  ),
  transferOutMs: {
    schema: milliseconds,
    initial: 1000,
    about: 'Milliseconds until a transfer out of futures ends (8.19, 13).',
  },
  transferOutEnd: choice(
    ['SUCCESS', 'FAILURE', 'never'],
    'How transfers out of futures end: done, failed with the funds back, or PROCESSING for ever (8.19, 8.21).',
  ),
  transferOutRefusal: choice(
    ['upperLimit', 'maxFunds', 'insufficientBalance'],
    'A transfer out of futures above the limit: one of the two messages with code 200000, or 230003 (3.2, 13).',
  ),
  transferOutList: choice(
    ['transferOut', 'all'],
    'What the list of transfers out shows: those of transfer-out, or those of Flex Transfer too (8.21).',
  ),
  futuresAmountText: choice(
    ['refused', 'accepted'],
    'Text in place of the JSON number that transfer-in and transfer-out want as amount (8.19, 8.20).',
  ),
  futuresDenied: choice(
    ['notFound', 'permission'],
    'Reads of the futures host with a key that lacks Futures: the 404 of an inner gateway, or 400007 (2.9).',
  ),
  futuresNeverOpened: choice(
    ['zeros', 'refused'],
    'The futures overview of a user who never opened futures (8.9, 13).',
  ),
  oldEnvelope: choice(
    ['byWorld', 'never', 'always'],
    'Code "200" with success and retry: from transfer-in of seed; nowhere; or from transfer-in, the futures ' +
      'overview of all and the margin accounts (3.1).',
  ),
  unifiedMode: yesNo(
    false,
    'The account is in unified mode: the futures host answers 404, the margin accounts are empty, the account list ' +
      'shows the funding account alone, and spot, margin and futures are one unified account (2.9, 7.4, 8.37).',
  ),
  unifiedMargin: choice(
    ['empty', 'refused'],
    'Margin accounts in unified mode: empty, or refused with 400100 (7.4).',
  ),
  marginStatus: choice(
    ['byRatio', 'EFFECTIVE', 'BANKRUPTCY', 'LIQUIDATION', 'REPAY', 'BORROW'],
    'Status of the cross and isolated margin accounts: by their debt ratio, or as given (8.7).',
  ),
  futuresHost: choice(
    ['works', 'notFound'],
    'Private calls of the futures host: answered, or the 404 of an inner gateway for every key (2.9).',
  ),
  missingPrices: {
    schema: v.array(v.string()),
    initial: [],
    about: 'Currencies that /prices leaves out, on top of those that never have a price: ["KCS"] (8.27).',
  },
  unknownTicker: choice(['null', 'refused'], 'The ticker of an unknown symbol: data null, or 900001 (8.29).'),
  orderTestBalance: yesNo(true, 'The order test checks the balance, as a real order does (8.35, 13).'),
  unknownOrder: choice(
    ['refused', 'null'],
    'Asking for an order that does not exist: refused with 400100, or data null (unconfirmed).',
  ),
  orderClientOids: choice(
    ['byWorld', 'needed', 'optional'],
    'An order without clientOid: refused in seed and taken today, or always one of these (8.34).',
  ),
  marketSeed: {
    schema: v.pipe(v.number(), v.integer(), v.minValue(0)),
    initial: 1,
    about: 'Decides how prices move; taken at the start and at a reset.',
  },
  marketChanges: {
    schema: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5000)),
    initial: 4,
    about: 'Changes of every order book that is looked at, per 100 ms: 1000 are 10,000 a second.',
  },
  pushDelayMs: {
    schema: milliseconds,
    initial: 100,
    about:
      'Milliseconds between a change and the push that tells of it; 0: before the answer of the call (13).',
  },
  walletSubjects: choice(
    ['newer', 'both', 'older'],
    'Subjects of /contractAccount/wallet: walletBalance.change, with the three older ones, or those alone (11.5).',
  ),
  marginPushPrefix: choice(
    ['plain', 'v2'],
    'relationEvent of margin accounts: margin and isolated_PAIR, or marginV2 and isolatedV2_PAIR (7.1, 11.5).',
  ),
  optionPushes: yesNo(true, 'The options account has pushes, with the prefix option (7.1).'),
  privateChannelFlag: choice(
    ['needed', 'ignored'],
    'A private topic without privateChannel true: refused with 403, or taken all the same (11.3).',
  ),
  socketLimits: choice(
    ['byWorld', 'seed', 'today'],
    'Limits of the feeds: 50 connections, 30 new ones a minute and 300 topics, or 800, any and 400 (11.4).',
  ),
  socketSilenceMs: {
    schema: milliseconds,
    initial: 60_000,
    about: 'Milliseconds after which a client that says nothing is told "ping timeout" and closed (11.2).',
  },
  pingIntervalMs: {
    schema: milliseconds,
    initial: 18_000,
    about: 'pingInterval in the answer with a token (8.36).',
  },
  pingTimeoutMs: {
    schema: milliseconds,
    initial: 10_000,
    about: 'pingTimeout in the answer with a token (8.36).',
  },
  missingKeyVersion: choice(
    ['asVersion1', 'invalid'],
    'KC-API-KEY-VERSION left out: taken as version 1 (400004 for a newer key) or refused with 400009 (2.2).',
  ),
  oldKeys: choice(
    ['work', 'version1Refused', 'refused'],
    'Whether version 1, or versions 1 and 2, are refused with 400008 (2.6).',
  ),
  querySignature: choice(
    ['decoded', 'encoded', 'either'],
    'Which form of the query a signature must cover (2.4).',
  ),
  jsonNumbers: choice(
    ['accepted', 'refused'],
    'A JSON number where a body wants text, such as the amount of a transfer (13).',
  ),
  countRefused: yesNo(false, 'Calls refused with a 400xxx code are charged to the quota (13).'),
  accountOrder: choice(['insertion', 'shuffled'], 'Order of the rows of the account list (8.5, 13).'),
  zeroRows: choice(['listed', 'hidden'], 'Account rows with nothing in them (7.1).'),
  serviceStatus: choice(['open', 'close', 'cancelonly'], 'What /api/v1/status of both hosts says (8.1).'),
  serviceMessage: {
    schema: v.string(),
    initial: '',
    about: "The operator's remark in /api/v1/status (8.1).",
  },
  maintenance: choice(
    ['off', 'writes', 'all'],
    'Calls that answer 503 with 503000, nothing executed: none, everything but GET, or everything but server ' +
      'time and service status (3.3).',
  ),
  vipLevel: {
    schema: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(12)),
    initial: 0,
    about: 'VIP level of every user: quotas (4.1) and `level` of the account summary (8.2).',
  },
  clientIp: {
    schema: v.pipe(v.string(), v.ip()),
    initial: '127.0.0.1',
    about: 'The address that the exchange sees: for the IP lists of keys (2.9) and the Public pool (4.1).',
  },
  latencyMs: {
    schema: milliseconds,
    initial: 0,
    about: 'Milliseconds that every answer takes.',
  },
  refusals: {
    schema: refusalOverrides,
    initial: {},
    about:
      'Other codes, texts or HTTP statuses for refusals, by their name in refusals.ts: ' +
      '{"insufficientBalance":{"code":"260100","msg":"account.noBalance"}} (2.9, 3.4, 13).',
  },
} satisfies Record<string, Switch>;

export type SwitchName = keyof typeof switchTable;

export type Switches = {
  readonly [N in SwitchName]: v.InferOutput<(typeof switchTable)[N]['schema']>;
};

export const switchNames = Object.keys(switchTable) as SwitchName[];

export const initialSwitches = Object.fromEntries(
  switchNames.map((name) => [name, switchTable[name].initial]),
) as Switches;

/** The switches with some set anew. Throws a SandboxError BAD_OPTION that names the wrong one. */
export function withSwitches(current: Switches, patch: unknown): Switches {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) {
    throw new SandboxError('BAD_OPTION', 'Switches are an object of names and values.');
  }
  const next: Record<string, unknown> = { ...current };
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (!isSwitchName(name)) throw new SandboxError('BAD_OPTION', `There is no such switch: ${name}`);
    const schema: v.GenericSchema = switchTable[name].schema;
    const result = v.safeParse(schema, value);
    if (!result.success) {
      throw new SandboxError(
        'BAD_OPTION',
        `The switch ${name} does not take this value: ${JSON.stringify(value)}`,
      );
    }
    next[name] = result.output;
  }
  return next as Switches;
}

function isSwitchName(name: string): name is SwitchName {
  return Object.hasOwn(switchTable, name);
}
