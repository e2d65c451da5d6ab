import * as v from 'valibot';

/** What a refusal looks like on the wire. */
export interface RefusalForm {
  /** HTTP status: 200 for the refusals of the business, 4xx and 5xx for those of the gateway (kucoin-api 3.1). */
  readonly http: number;
  readonly code: string;
  /** Words in braces are filled in. */
  readonly msg: string;
  /** Further members of the envelope. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/**
 * Every refusal of the sandbox, once. Many codes are UNCONFIRMED (kucoin-api 13), so the switch `refusals` can
 * give any of them another code, text or status.
 */
export const refusalTable = {
  // Gateway (kucoin-api 2.9), in the order of its checks.
  notFound: { http: 404, code: '404000', msg: 'Url Not Found' },
  methodNotAllowed: { http: 405, code: '405000', msg: 'Method Not Allowed' },
  mediaType: { http: 415, code: '415000', msg: 'Unsupported Media Type' },
  missingHeader: {
    http: 400,
    code: '400001',
    msg: 'Please check the header of your request for KC-API-KEY, KC-API-SIGN, KC-API-TIMESTAMP, KC-API-PASSPHRASE',
  },
  timestamp: { http: 400, code: '400002', msg: 'Invalid KC-API-TIMESTAMP' },
  unknownKey: { http: 401, code: '400003', msg: 'KC-API-KEY not exists' },
  keyVersion: { http: 401, code: '400009', msg: 'Invalid KC-API-KEY-VERSION' },
  oldKey: {
    http: 403,
    code: '400008',
    msg: 'Version 1 and version 2 keys are not supported by this API, please create a version 3 key',
  },
  passphrase: { http: 401, code: '400004', msg: 'Invalid KC-API-PASSPHRASE' },
  signature: { http: 401, code: '400005', msg: 'Invalid KC-API-SIGN' },
  ip: { http: 403, code: '400006', msg: 'Invalid request ip, the current clientIp is:{ip}' },
  permission: { http: 403, code: '400007', msg: 'Access denied, require more permission' },
  masterOnly: { http: 403, code: '400007', msg: 'Access denied, require more permission' },
  ipListMissing: {
    http: 403,
    code: '400007',
    msg: 'Access denied, FlexTransfers needs a key that is bound to IP addresses',
  },
  userFrozen: { http: 403, code: '411100', msg: 'User is frozen' },
  // From an inner gateway of the futures host.
  futuresNotFound: { http: 404, code: '404', msg: 'Not Found', more: { retry: false, success: false } },
  quota: { http: 429, code: '429000', msg: 'Too many requests. User-level rate limit exceeded.' },
  maintenance: { http: 503, code: '503000', msg: 'Service is under maintenance, please try again later' },
  deprecated: { http: 200, code: '401000', msg: 'The interface has been deprecated' },
  malformed: { http: 400, code: '400100', msg: 'Invalid Parameter.' },
  // Parameters (400100, kucoin-api 3.4 sub-table and 13).
  parameter: { http: 200, code: '400100', msg: 'Invalid Parameter. {field}' },
  typeRange: { http: 200, code: '400100', msg: 'type not in the given range!' },
  range: { http: 200, code: '400100', msg: '{field} not in the given range!' },
  fromRange: { http: 200, code: '400100', msg: 'from not in the given range!' },
  toRange: { http: 200, code: '400100', msg: 'to not in the given range!' },
  tagMissing: { http: 200, code: '400100', msg: 'Invalid Parameter. {field} is required' },
  tagUnknown: { http: 200, code: '400100', msg: 'Invalid Parameter. {field} is no isolated margin pair' },
  sameAccount: { http: 200, code: '400100', msg: 'from and to must not be the same account' },
  unknownCurrency: { http: 200, code: '400100', msg: 'currency not exist' },
  unknownFiat: { http: 200, code: '400100', msg: 'base not in the given range!' },
  currencyNotInPair: {
    http: 200,
    code: '400100',
    msg: 'The currency does not belong to the isolated margin pair',
  },
  currencyNotSettled: {
    http: 200,
    code: '400100',
    msg: 'The currency is not supported by the futures account',
  },
  currencyNotMargin: {
    http: 200,
    code: '400100',
    msg: 'The currency is not supported by the margin account',
  },
  amountNotPositive: { http: 200, code: '400100', msg: 'amount not in the given range!' },
  amountIncrement: { http: 200, code: '400100', msg: 'The amount increment is invalid.' },
  duplicateClientOid: { http: 200, code: '400100', msg: 'clientOid duplicated' },
  unknownAccount: { http: 200, code: '400100', msg: 'account not exist' },
  unknownSymbol: { http: 200, code: '900001', msg: 'symbol not exists' },
  userIdMissing: { http: 200, code: '400100', msg: 'Invalid Parameter. {field} is required' },
  unknownSub: { http: 200, code: '400100', msg: 'The sub-account does not exist' },
  pageSizeTooLarge: { http: 200, code: '400100', msg: 'pageSize should not greater than {most}' },
  pageSizeTooSmall: { http: 200, code: '400100', msg: 'pageSize should not less than {least}' },
  windowOrder: { http: 200, code: '400100', msg: 'startAt must be before endAt' },
  windowTooWide: { http: 200, code: '400100', msg: 'The time range must not exceed 24 hours' },
  queryScope: { http: 200, code: '200001', msg: 'Query scope too large' },
  recAccountTypeRange: { http: 200, code: '400100', msg: 'recAccountType not in the given range' },
  // Orders (kucoin-api 3.4).
  clientOidMissing: { http: 200, code: '400100', msg: 'validation.createOrder.clientOidIsRequired' },
  orderClientOid: { http: 200, code: '400100', msg: 'validation.createOrder.clientOidDuplicated' },
  orderFigure: { http: 200, code: '400100', msg: 'Invalid Parameter. {field}' },
  orderIncrement: { http: 200, code: '600100', msg: 'The {field} increment is invalid.' },
  orderTooSmall: { http: 200, code: '400100', msg: 'Order size below the minimum requirement.' },
  orderTooLarge: { http: 200, code: '400100', msg: 'Order size above the maximum.' },
  orderHidden: { http: 200, code: '400413', msg: 'Hidden and iceberg orders are no longer supported' },
  orderPostOnly: { http: 200, code: '400100', msg: 'postOnly does not go with IOC or FOK' },
  orderLate: { http: 200, code: '400100', msg: 'The order came later than its time window' },
  orderBalance: { http: 200, code: '200004', msg: 'Balance insufficient!' },
  orderHfNotOpened: {
    http: 200,
    code: '400200',
    msg: 'Forbidden to place an order: the high-frequency account is not open',
  },
  orderNotFound: { http: 200, code: '400100', msg: 'order not exist' },
  orderNotCancellable: { http: 200, code: '400100', msg: 'order_not_exist_or_not_allow_to_cancel' },
  tooManyOrders: { http: 200, code: '200003', msg: 'Too many active orders' },
  // Business.
  insufficientBalance: { http: 200, code: '230003', msg: 'Balance insufficient!' },
  // A success code, a message and no data: failures all the same (kucoin-api 3.2).
  transferOutLimit: {
    http: 200,
    code: '200000',
    msg: 'Failed to transfer out. The amount exceeds the upper limit',
  },
  transferOutMaximum: {
    http: 200,
    code: '200000',
    msg: 'Unsuccessful! Exceeded the max. funds out-transfer limit',
  },
  subFrozen: { http: 200, code: '411100', msg: 'User is frozen' },
  hfNotWhitelisted: {
    http: 200,
    code: '126001',
    msg: 'The user does not support high-frequency trading yet',
  },
  marginNotOpened: { http: 200, code: '101030', msg: 'You have not enabled margin trading yet' },
  subNotOpened: { http: 200, code: '400100', msg: 'The sub-account has not opened this trade type' },
  unified: { http: 200, code: '400100', msg: 'The account is in unified mode' },
  notUnified: { http: 200, code: '112010', msg: 'Invalid Unified Account user.' },
  futuresNotOpened: { http: 200, code: '400100', msg: 'You have not opened futures trading yet' },
} as const satisfies Record<string, RefusalForm>;

export type RefusalName = keyof typeof refusalTable;

export const refusalNames = Object.keys(refusalTable) as [RefusalName, ...RefusalName[]];

/** Shape of the switch `refusals`: other codes, texts or statuses for refusals by name. */
export const refusalOverrides = v.record(
  v.picklist(refusalNames),
  v.partial(
    v.strictObject({
      http: v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599)),
      code: v.string(),
      msg: v.string(),
    }),
  ),
);

/** Thrown by checks and rules: the exchange says no, and nothing has changed. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly reason: RefusalName,
    readonly fill: Readonly<Record<string, string>> = {},
  ) {
    super(reason);
  }
}

/** The wire form of a refusal, with the overrides of the switch applied. */
export function formOf(refusal: Refusal, overrides: v.InferOutput<typeof refusalOverrides>): RefusalForm {
  const standard: RefusalForm = refusalTable[refusal.reason];
  const other = overrides[refusal.reason];
  return {
    http: other?.http ?? standard.http,
    code: other?.code ?? standard.code,
    msg: (other?.msg ?? standard.msg).replace(/\{(\w+)\}/g, (_, word: string) => refusal.fill[word] ?? ''),
    ...(standard.more && { more: standard.more }),
  };
}
