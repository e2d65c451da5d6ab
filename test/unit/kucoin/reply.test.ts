import assert from 'node:assert/strict';
import * as v from 'valibot';
import { classify } from '../../../src/kucoin/codes';
import { endpoint, type Endpoint } from '../../../src/kucoin/endpoint';
import { getAccountList } from '../../../src/kucoin/endpoints/account';
import { innerTransfer } from '../../../src/kucoin/endpoints/transfer';
import { KucoinError, tidy, type ErrorKind, type Outcome } from '../../../src/kucoin/errors';
import { interpret, rateLimitHeaders } from '../../../src/kucoin/reply';
import { decimalNumber } from '../../../src/kucoin/schema';
import type { TransportReply } from '../../../src/kucoin/transport';

const transferIn = endpoint({ ...innerTransfer, path: '/api/v1/transfer-in', reply: v.null() });

function answer(text: string, status = 200, headers: Record<string, unknown> = {}): TransportReply {
  return { ok: true, status, headers, text };
}

function envelope(code: string | number, msg: string, status = 200): TransportReply {
  return answer(JSON.stringify({ code, msg }), status);
}

function failureOf(reply: TransportReply, entry: Endpoint = innerTransfer): KucoinError {
  try {
    interpret(entry, reply);
  } catch (error) {
    assert.ok(KucoinError.is(error));
    assert.equal(error.endpoint, entry.title);
    return error;
  }
  return assert.fail('was taken as a success');
}

type Row = readonly [code: string, kind: ErrorKind, outcome: Outcome, message?: string, status?: number];

/** kucoin-api 2.9 */
const access: readonly Row[] = [
  ['400001', 'headers', 'notExecuted', 'Please check the header of your request', 400],
  ['400002', 'clock', 'notExecuted', 'Invalid KC-API-TIMESTAMP', 400],
  ['400003', 'keyUnknown', 'notExecuted', 'KC-API-KEY not exists', 401],
  ['400004', 'passphrase', 'notExecuted', 'Invalid KC-API-PASSPHRASE', 401],
  ['400005', 'signature', 'notExecuted', 'Invalid KC-API-SIGN', 401],
  ['400006', 'ip', 'notExecuted', 'Invalid request ip, the current clientIp is:203.0.113.9', 403],
  ['400007', 'permission', 'notExecuted', 'Access denied, require more permission', 403],
  ['400008', 'keyVersion', 'notExecuted', 'create a version-3 key', 400],
  ['400009', 'keyVersion', 'notExecuted', 'invalid key version', 400],
  ['400010', 'permission', 'notExecuted'],
  ['400200', 'refused', 'notExecuted'],
  ['400201', 'refused', 'notExecuted'],
  ['400202', 'refused', 'notExecuted'],
  ['400301', 'region', 'notExecuted'],
  ['400302', 'region', 'notExecuted'],
  ['400303', 'kyc', 'notExecuted'],
  ['400304', 'kyc', 'notExecuted'],
  ['400401', 'keyUnknown', 'notExecuted'],
  ['411100', 'frozen', 'notExecuted'],
  ['411200', 'permission', 'notExecuted'],
  ['404000', 'notFound', 'notExecuted', 'URL not found', 404],
  ['404', 'notFound', 'notExecuted', 'Not Found', 200],
  ['415000', 'parameter', 'notExecuted', 'Unsupported Media Type', 415],
];

/** kucoin-api 3.4 */
const business: readonly Row[] = [
  ['1015', 'rateLimit', 'notExecuted'],
  ['100001', 'parameter', 'notExecuted'],
  ['101030', 'notOpened', 'notExecuted'],
  ['102426', 'duplicate', 'notExecuted'],
  ['106151', 'duplicate', 'notExecuted'],
  ['110003', 'refused', 'notExecuted'],
  ['112010', 'unifiedMode', 'notExecuted', 'Invalid Unified Account user.'],
  ['115007', 'refused', 'notExecuted'],
  ['126001', 'hfNotAllowed', 'notExecuted'],
  ['126002', 'frozen', 'notExecuted'],
  ['126013', 'insufficientBalance', 'notExecuted'],
  ['126033', 'duplicate', 'notExecuted'],
  ['126044', 'duplicate', 'notExecuted'],
  ['126047', 'kyc', 'notExecuted'],
  ['126048', 'kyc', 'notExecuted'],
  ['130201', 'notOpened', 'notExecuted'],
  ['130202', 'unavailable', 'unknown', 'The system is processing, try later'],
  ['130203', 'insufficientBalance', 'notExecuted'],
  ['130301', 'insufficientBalance', 'notExecuted'],
  ['130302', 'permission', 'notExecuted'],
  ['130303', 'parameter', 'notExecuted'],
  ['130305', 'parameter', 'notExecuted'],
  ['130306', 'notOpened', 'notExecuted'],
  ['130307', 'notOpened', 'notExecuted'],
  ['130308', 'unavailable', 'notExecuted'],
  ['130309', 'unavailable', 'notExecuted'],
  ['130316', 'unavailable', 'notExecuted'],
  ['200002', 'rateLimit', 'notExecuted'],
  ['200004', 'insufficientBalance', 'notExecuted'],
  ['200005', 'insufficientBalance', 'notExecuted'],
  ['200009', 'kyc', 'notExecuted'],
  ['210021', 'insufficientBalance', 'notExecuted', 'Balance not enough'],
  ['230003', 'insufficientBalance', 'notExecuted', 'Balance insufficient!'],
  ['230005', 'unavailable', 'unknown', 'system is busy'],
  ['260100', 'insufficientBalance', 'notExecuted', 'account.noBalance'],
  ['260210', 'refused', 'notExecuted'],
  ['260325', 'refused', 'notExecuted'],
  ['300003', 'insufficientBalance', 'notExecuted'],
  ['300018', 'duplicate', 'notExecuted'],
  ['330005', 'refused', 'notExecuted'],
  ['400100', 'parameter', 'notExecuted', 'Invalid Parameter.'],
  ['400100', 'parameter', 'notExecuted', 'from not in the given range!'],
  ['400100', 'parameter', 'notExecuted', 'recAccountType not in the given range'],
  ['400100', 'parameter', 'notExecuted', 'pageSize should not greater than 500'],
  ['400100', 'parameter', 'notExecuted', 'The amount increment is invalid.'],
  ['400100', 'insufficientBalance', 'notExecuted', 'account.available.amount'],
  ['400100', 'duplicate', 'notExecuted', 'validation.createOrder.clientOidDuplicated'],
  ['400100', 'duplicate', 'notExecuted', 'clientOid duplicated'],
  ['400400', 'parameter', 'notExecuted'],
  ['400444', 'frozen', 'notExecuted'],
  ['400500', 'region', 'notExecuted'],
  ['400700', 'frozen', 'notExecuted'],
  ['401000', 'removed', 'notExecuted', 'The interface has been deprecated'],
  ['408000', 'unavailable', 'unknown'],
  ['429000', 'rateLimit', 'notExecuted', 'Too many requests. User-level rate limit exceeded.', 429],
  ['429000', 'rateLimit', 'notExecuted', 'Too Many Requests', 200],
  ['429001', 'rateLimit', 'notExecuted'],
  ['429002', 'rateLimit', 'notExecuted'],
  ['500000', 'unavailable', 'unknown', 'Internal Server Error', 500],
  ['500000', 'unavailable', 'unknown', 'Internal Server Error', 200],
  ['501000', 'unavailable', 'unknown'],
  ['503000', 'unavailable', 'unknown', 'Service busy', 503],
  ['504000', 'unavailable', 'unknown', 'Gateway timeout', 504],
  ['505000', 'unavailable', 'unknown'],
  ['600004', 'region', 'notExecuted'],
  ['600100', 'parameter', 'notExecuted'],
  ['900001', 'parameter', 'notExecuted'],
  ['900014', 'parameter', 'notExecuted'],
  ['999999', 'refused', 'notExecuted', 'never heard of'],
  ['507000', 'unavailable', 'unknown', 'a gateway code of tomorrow'],
];

describe('codes of the exchange', () => {
  for (const [code, kind, outcome, message = 'text', status = 200] of [...access, ...business]) {
    it(`reads ${code} "${message}" with HTTP ${status} as ${kind}, ${outcome}`, () => {
      const error = failureOf(envelope(code, message, status));
      assert.deepEqual([error.kind, error.outcome], [kind, outcome]);
      assert.deepEqual([error.code, error.httpStatus, error.detail], [code, status, message]);
    });
  }

  it('takes a 5xx as unknown whatever the code says', () => {
    assert.equal(classify('400100', 'Invalid Parameter.', 500).outcome, 'unknown');
    assert.equal(classify('999999', '', 502).kind, 'unavailable');
  });

  it('takes a code of success with a status of failure as unknown', () => {
    for (const status of [302, 404, 500]) {
      const error = failureOf(answer('{"code":"200000","data":{"orderId":"1"}}', status));
      assert.equal(error.outcome, 'unknown');
    }
  });
});

describe('an answer to a transfer', () => {
  const rows: readonly (readonly [string, TransportReply, Outcome, ErrorKind])[] = [
    [
      'a refused connection',
      { ok: false, failure: 'network', unsent: true, code: 'ECONNREFUSED' },
      'notExecuted',
      'network',
    ],
    [
      'a reset after sending',
      { ok: false, failure: 'network', unsent: false, code: 'ECONNRESET' },
      'unknown',
      'network',
    ],
    [
      'a timeout',
      { ok: false, failure: 'timeout', unsent: false, code: 'ECONNABORTED' },
      'unknown',
      'timeout',
    ],
    ['HTTP 500 without JSON', answer('oops', 500), 'unknown', 'unavailable'],
    ['HTTP 502 with HTML', answer('<html>Bad gateway</html>', 502), 'unknown', 'unavailable'],
    ['HTTP 200 with HTML', answer('<!doctype html>', 200), 'unknown', 'malformedReply'],
    ['HTTP 403 with HTML', answer('<html>Access denied</html>', 403), 'unknown', 'unavailable'],
    ['an edge limit', answer('error code: 1015', 429), 'notExecuted', 'rateLimit'],
    ['an edge limit page', answer('<html>Error 1015 Ray</html>', 403), 'notExecuted', 'rateLimit'],
    ['truncated JSON', answer('{"code":"200000","data":{"ord', 200), 'unknown', 'malformedReply'],
    ['an empty body', answer('', 200), 'unknown', 'malformedReply'],
    ['an empty body with 504', answer('', 504), 'unknown', 'unavailable'],
    ['a redirect', answer('', 302, { location: 'https://elsewhere.example' }), 'unknown', 'malformedReply'],
    ['JSON without a code', answer('{"data":{"orderId":"1"}}'), 'unknown', 'malformedReply'],
    ['JSON that is no object', answer('"200000"'), 'unknown', 'malformedReply'],
    ['429000 with HTTP 200', envelope('429000', 'Too Many Requests'), 'notExecuted', 'rateLimit'],
    ['data without its fields', answer('{"code":"200000","data":{}}'), 'executed', 'malformedReply'],
    ['a bare success', answer('{"code":"200000"}'), 'unknown', 'malformedReply'],
    ['the success-code trap', envelope('200000', 'Position does not exist'), 'notExecuted', 'refused'],
  ];
  for (const [what, reply, outcome, kind] of rows) {
    it(`reads ${what} as ${outcome}`, () => {
      const error = failureOf(reply);
      assert.deepEqual([error.outcome, error.kind], [outcome, kind]);
    });
  }

  for (const text of [
    'Failed to transfer out. The amount exceeds the upper limit',
    'Unsuccessful! Exceeded the max. funds out-transfer limit',
  ]) {
    it(`reads a success with "${text}" as a lack of funds`, () => {
      for (const data of ['', ',"data":null']) {
        const error = failureOf(answer(`{"code":"200000","msg":"${text}"${data}}`));
        assert.deepEqual([error.kind, error.outcome], ['insufficientBalance', 'notExecuted']);
        assert.equal(error.detail, text);
      }
    });
  }

  it('reads a success with "The interface is offline" as a removed call', () => {
    assert.equal(failureOf(envelope('200000', 'The interface is offline')).kind, 'removed');
  });

  it('reads data as executed, whatever text stands beside it', () => {
    const text = '{"msg":"fine","code":"200000","data":{"orderId":"7"},"success":true}';
    assert.deepEqual(interpret(innerTransfer, answer(text)), { orderId: '7' });
  });

  it('takes the older "200" and a code as number for a success', () => {
    for (const code of ['"200"', '200', '200000']) {
      const text = `{"success":true,"code":${code},"msg":"success","retry":false,"data":{"orderId":"7"}}`;
      assert.deepEqual(interpret(innerTransfer, answer(text)), { orderId: '7' });
    }
  });

  it('takes null for an answer where the entry says so, unless a message says otherwise', () => {
    for (const rest of ['', ',"msg":""', ',"msg":"success"', ',"msg":null']) {
      assert.equal(interpret(transferIn, answer(`{"code":"200000","data":null${rest}}`)), null);
    }
    const refusal = answer('{"code":"200000","data":null,"msg":"Balance insufficient."}');
    assert.equal(failureOf(refusal, transferIn).kind, 'insufficientBalance');
  });

  it('reads the envelope of the inner gateway', () => {
    const text = '{"code":"404","msg":"Not Found","retry":false,"success":false}';
    for (const status of [200, 404]) {
      const error = failureOf(answer(text, status));
      assert.deepEqual([error.kind, error.outcome, error.code], ['notFound', 'notExecuted', '404']);
    }
  });
});

describe('the data of an answer', () => {
  const row = { id: '1', currency: 'USDT', type: 'main', balance: '1', available: '0.5', holds: '0.5' };
  const list = (...rows: unknown[]): TransportReply => answer(JSON.stringify({ code: '200000', data: rows }));

  it('ignores members that it does not know', () => {
    assert.deepEqual(interpret(getAccountList, list({ ...row, tag: 'new' })), [row]);
  });

  it('keeps an account type that it does not know', () => {
    const rows = interpret(getAccountList, list({ ...row, type: 'quantum' }));
    assert.equal(rows[0]?.type, 'quantum');
  });

  it('names the field that is missing or wrong', () => {
    const missing = failureOf(list(row, { ...row, holds: undefined }), getAccountList);
    assert.equal(missing.kind, 'malformedReply');
    assert.equal(missing.detail, 'data.1.holds: is missing');
    const wrong = failureOf(list({ ...row, balance: 1.5 }), getAccountList);
    assert.equal(wrong.detail, 'data.0.balance: expected decimal text, received number');
  });

  it('keeps numbers exact where the entry asks for decimals', () => {
    const entry = endpoint({
      ...getAccountList,
      path: '/api/v1/account-overview',
      reply: v.object({ accountEquity: decimalNumber, currency: v.string() }),
    });
    const text = '{"code":"200000","data":{"accountEquity":12345678901234567.10,"currency":"XBT"}}';
    assert.deepEqual(interpret(entry, answer(text)), {
      accountEquity: '12345678901234567.10',
      currency: 'XBT',
    });
  });

  it('holds the message of the exchange in one short line', () => {
    const { detail } = failureOf(envelope('400100', `a\r\nb\u202e${'x'.repeat(1000)}`));
    assert.ok(detail && /^a b.*x+…$/u.test(detail) && detail.length < 310);
    assert.equal(tidy(' a\u0000\u2028b '), 'a⟨U+0000⟩ b');
  });
});

describe('the rate-limit headers', () => {
  const headers = (limit: unknown, remaining: unknown, reset: unknown): Record<string, unknown> => ({
    'gw-ratelimit-limit': limit,
    'gw-ratelimit-remaining': remaining,
    'gw-ratelimit-reset': reset,
  });

  it('are read when all three make sense', () => {
    assert.deepEqual(rateLimitHeaders(headers('2000', '0', '8412')), {
      limit: 2000,
      remaining: 0,
      reset: 8412,
    });
  });

  for (const bad of [
    headers('2000', '1', undefined),
    headers('0', '0', '1'),
    headers('2000, 2000', '1', '1'),
    headers('2000', '-1', '1'),
    headers('2000', '1', '1.5'),
    headers('2000', '1', '99999999999'),
    headers(2000, 1, 1),
    headers('', '', ''),
    {},
  ]) {
    it(`are ignored as ${JSON.stringify(bad)}`, () => assert.equal(rateLimitHeaders(bad), undefined));
  }

  it('say how long to wait only on a refusal for quota', () => {
    const told = headers('2000', '0', '8412');
    const refusal = failureOf(answer('{"code":"429000","msg":"Too many requests"}', 429, told));
    assert.equal(refusal.retryAfterMs, 8412);
    assert.equal(failureOf(answer('{"code":"200002","msg":"slow down"}', 200, told)).retryAfterMs, undefined);
    assert.equal(failureOf(answer('{"code":"400100","msg":"no"}', 200, told)).retryAfterMs, undefined);
  });
});
