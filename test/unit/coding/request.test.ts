import assert from 'node:assert/strict';
import { analyse } from '../../../src/coding/analyse';
import { requestOf, typed, type RequestParameter } from '../../../src/coding/request';

/** What the first call of a text gives each of its parameters; nothing where the program makes it when it runs. */
function given(text: string, languageId = 'typescript'): Readonly<Record<string, string | undefined>> {
  const [call] = analyse(text, languageId).calls;
  assert.ok(call, 'there is a call');
  return Object.fromEntries(
    requestOf(text, languageId, call).map(({ name, value }) => [name, value] as const),
  );
}

const base = 'https://api.kucoin.com';

describe('coding: the request that a call stands for', () => {
  it('has the values of the query', () => {
    assert.deepEqual(given(`get('${base}/api/v1/accounts?currency=USDT&type=trade')`), {
      currency: 'USDT',
      type: 'trade',
    });
  });

  it('has the values of the body, in every language the same', () => {
    const wanted = { currency: 'USDT', amount: '1.5', fromAccountType: 'MAIN', toAccountType: 'TRADE' };
    const texts: readonly (readonly [languageId: string, text: string])[] = [
      [
        'typescript',
        `post('${base}/api/v3/accounts/universal-transfer', { currency: 'USDT', amount: '1.5', fromAccountType: 'MAIN', toAccountType: 'TRADE' })`,
      ],
      [
        'python',
        `requests.post("${base}/api/v3/accounts/universal-transfer", json={"currency": "USDT", "amount": "1.5", "fromAccountType": "MAIN", "toAccountType": "TRADE"})`,
      ],
      [
        'shellscript',
        `curl -X POST ${base}/api/v3/accounts/universal-transfer -d '{"currency":"USDT","amount":"1.5","fromAccountType":"MAIN","toAccountType":"TRADE"}'`,
      ],
      [
        'http',
        `POST ${base}/api/v3/accounts/universal-transfer\n\n{"currency":"USDT","amount":"1.5","fromAccountType":"MAIN","toAccountType":"TRADE"}`,
      ],
    ];
    for (const [languageId, text] of texts) {
      const all = given(text, languageId);
      for (const [name, value] of Object.entries(wanted))
        assert.equal(all[name], value, `${languageId}: ${name}`);
    }
  });

  it('has a value that stands in the path, and none where a name does', () => {
    assert.equal(
      given(`get('${base}/api/v1/accounts/65f0c1a2b3d4e5f60718293a')`)['accountId'],
      '65f0c1a2b3d4e5f60718293a',
    );
    assert.equal(given('get(`https://api.kucoin.com/api/v1/accounts/${id}`)')['accountId'], undefined);
  });

  it('takes no code, no template and no placeholder for a value', () => {
    const all = given(
      `post('${base}/api/v3/accounts/universal-transfer', { clientOid: newId(), currency, amount: \`\${amount}\`, fromAccountType: '{{from}}' })`,
    );
    for (const name of ['clientOid', 'currency', 'amount', 'fromAccountType'])
      assert.equal(all[name], undefined, name);
  });

  it('tells what is required, and of which kind it is', () => {
    const text = `get('${base}/api/v2/sub/user?pageSize=20')`;
    const [call] = analyse(text, 'typescript').calls;
    assert.ok(call);
    const pageSize = requestOf(text, 'typescript', call).find(({ name }) => name === 'pageSize');
    assert.deepEqual(pageSize, { name: 'pageSize', kind: 'number', required: false, value: '20' });
    const transfer = `post('${base}/api/v3/accounts/universal-transfer')`;
    const [second] = analyse(transfer, 'typescript').calls;
    assert.ok(second);
    const required = requestOf(transfer, 'typescript', second).filter((one) => one.required);
    assert.ok(required.some(({ name }) => name === 'amount'));
  });

  it('makes each value what the schema wants', () => {
    const one = (kind: RequestParameter['kind']): RequestParameter => ({ name: 'x', kind, required: true });
    assert.equal(typed(one('number'), '20'), 20);
    assert.equal(typed(one('truth'), 'true'), true);
    assert.equal(typed(one('truth'), 'no'), false);
    assert.deepEqual(typed(one('list'), 'BTC, ETH'), ['BTC', 'ETH']);
    assert.equal(typed(one('text'), '1.50'), '1.50');
  });
});
