import assert from 'node:assert/strict';
import * as v from 'valibot';
import { catalogue, type EndpointName } from '../../../../src/kucoin/catalogue';
import type { Endpoint } from '../../../../src/kucoin/endpoint';
import { explainEndpoint, findEndpoints } from '../../../../src/ui/tools/endpoints';
import { outputs } from '../../../../src/ui/tools/schemas';

const all = Object.entries(catalogue) as unknown as [EndpointName, Endpoint][];
const namesFor = (text: string): string[] => findEndpoints(text).map(([name]) => name);

describe('a call that a tool explains', () => {
  for (const [name, entry] of all) {
    it(`is found by path and by name, and fits its schema: ${name}`, () => {
      assert.ok(namesFor(`${entry.method} ${entry.path}`).includes(name));
      assert.deepEqual(namesFor(name), [name]);
      for (const world of ['seed', 'today'] as const) {
        const explained = explainEndpoint(name, entry, world, ['General']);
        assert.deepEqual(
          v.parse(outputs.kucoin_explain_endpoint, { about: '-', endpoints: [explained] }).endpoints,
          [explained],
        );
        assert.ok(explained.parameters.every((each) => each.type !== ''));
      }
    });
  }

  it('is found with a host, a query, other cases, filled-in parameters, and without a method', () => {
    assert.deepEqual(namesFor('get https://api.kucoin.com/api/v1/accounts/transferable?currency=BTC'), [
      'getTransferQuotas',
    ]);
    assert.deepEqual(namesFor('/api/v1/accounts/transferable'), ['getTransferQuotas']);
    assert.deepEqual(namesFor('DELETE /api/v1/accounts/transferable'), []);
    assert.ok(namesFor('/api/v1/sub-accounts/65aa0000000000000000b001').includes('getSubAccountBalance'));
  });

  it('is found by words of its title, and by none where nothing fits', () => {
    assert.equal(namesFor('flex transfer')[0], 'flexTransfer');
    assert.ok(findEndpoints('transfer').length <= 5);
    for (const text of ['xqzzy', '??', '/api/v9/nothing', '-'.repeat(200)])
      assert.deepEqual(namesFor(text), []);
  });

  it('says whether the key may call it, in the world of the profile', () => {
    const flex: Endpoint = catalogue.flexTransfer;
    assert.match(explainEndpoint('flexTransfer', flex, 'today', ['General']).mayBeCalled, /^no,/);
    assert.match(explainEndpoint('flexTransfer', flex, 'today', ['InnerTransfer']).mayBeCalled, /^yes,/);
    assert.match(explainEndpoint('flexTransfer', flex, 'today', undefined).mayBeCalled, /^not known/);
    assert.match(explainEndpoint('flexTransfer', flex, 'today', []).repeat, /^Never send it again/);
    assert.equal(explainEndpoint('innerTransfer', catalogue.innerTransfer, 'today', []).state, 'superseded');
  });
});
