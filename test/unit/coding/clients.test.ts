import assert from 'node:assert/strict';
import ccxt from 'ccxt';
import { catalogue } from '../../../src/kucoin/catalogue';
import { documented, replacements } from '../../../src/coding/documented';
import { implicitName, methodOf } from '../../../src/coding/clients';
import { endpointsAt, hole, knownById, knownEndpoints } from '../../../src/coding/known';

describe('coding: what is known of endpoints', () => {
  it('holds every entry of the catalogue, once', () => {
    for (const [name, entry] of Object.entries(catalogue)) {
      const known = knownEndpoints.filter(
        (one) => one.path === entry.path && one.method === entry.method && one.host === entry.host,
      );
      assert.deepEqual(
        known.map((one) => one.name),
        [name],
      );
    }
  });

  it('finds every endpoint by its path, with its parameters filled in or left open', () => {
    for (const known of knownEndpoints) {
      for (const value of [hole, 'x1'])
        assert.ok(
          endpointsAt(known.path.replace(/\{\w+\}/g, value)).includes(known),
          `${known.id} with ${value}`,
        );
      assert.ok(
        endpointsAt(`${known.path.replace(/\{\w+\}/g, hole)}/`).includes(known),
        `${known.id} with a slash`,
      );
    }
    assert.deepEqual(endpointsAt('/api/v1/accounts/a/b/c'), []);
    assert.deepEqual(endpointsAt('/api/v9/accounts'), []);
    assert.deepEqual(endpointsAt('/api/v1/accounts//'), []);
  });

  it('replaces old endpoints by ones that are known and current', () => {
    for (const [old, { by, same }] of Object.entries(replacements)) {
      assert.ok(
        knownEndpoints.some(({ id }) => id === old),
        old,
      );
      if (by === undefined) continue;
      const better = knownById(by);
      assert.equal(better?.fate, 'current', `${old} -> ${by}`);
      if (same) assert.equal(better.method, old.split(' ')[0]);
    }
  });

  it('has the calls that the documentation marks as abandoned as superseded, and the others not', () => {
    for (const line of documented.split('\n').filter((one) => one.includes(' | '))) {
      const [, , , method, host, path, , , old] = line.trim().split(' | ')[0]!.split(' ');
      const known = knownEndpoints.find((one) => one.host === host && one.id === `${method!} ${path!}`);
      assert.ok(known, line);
      if (old) assert.notEqual(known.fate, 'current', line);
    }
  });
});

describe('coding: the clients', () => {
  it('names the direct calls of ccxt as ccxt does', () => {
    const exchange = new ccxt.kucoin() as unknown as Record<string, unknown>;
    const wanted = [
      'GET /api/v1/accounts',
      'GET /api/v1/hf/accounts/opened',
      'POST /api/v2/accounts/inner-transfer',
      'POST /api/v3/accounts/universal-transfer',
      'GET /api/v1/account-overview',
      'POST /api/v1/hf/orders',
      'GET /api/v2/sub/user',
      'POST /api/v1/bullet-private',
      'GET /api/v1/accounts/{accountId}',
      'GET /api/v1/market/orderbook/level1',
    ];
    for (const id of wanted) {
      const name = implicitName(knownById(id)!);
      assert.equal(typeof exchange[name], 'function', `${id}: ${name}`);
      assert.equal(methodOf('ccxt', name)?.id, id);
    }
  });

  it('knows the version that ccxt calls under a name that several versions share', () => {
    const { options } = new ccxt.kucoin() as unknown as {
      options: { versions: Record<string, Record<string, Record<string, string>>> };
    };
    const access: Record<string, string> = {
      private: 'private',
      public: 'public',
      futuresPrivate: 'futuresPrivate',
      futuresPublic: 'futuresPublic',
    };
    let compared = 0;
    for (const [group, methods] of Object.entries(options.versions))
      for (const [method, paths] of Object.entries(methods))
        for (const [path, version] of Object.entries(paths)) {
          const prefix = access[group];
          if (!prefix) continue;
          const words = [method.toLowerCase(), ...path.split(/[^A-Za-z0-9]+/).filter(Boolean)];
          const name = prefix + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
          const id = methodOf('ccxt', name)?.id;
          if (id === undefined) continue;
          compared++;
          assert.equal(id, `${method} /api/${version}/${path}`, name);
        }
    assert.ok(compared > 40, `${compared} names`);
  });

  it('takes the spelling of each language', () => {
    for (const name of ['fetchBalance', 'fetch_balance', 'FetchBalance'])
      assert.equal(methodOf('ccxt', name)?.id, 'GET /api/v1/accounts');
    assert.equal(methodOf('spotClient', 'constructor'), undefined);
    assert.equal(methodOf('ccxt', 'toString'), undefined);
  });

  it('maps every method of every table to an endpoint that is known', () => {
    for (const [client, names] of [
      ['spotClient', ['getBalances', 'submitFlexTransfer', 'getUserType', 'submitInnerTransfer']],
      ['futuresClient', ['getBalance', 'submitTransferOut', 'getTransactions']],
      ['kucoinPython', ['get_account_list', 'inner_transfer', 'get_hf_account_ledgers']],
    ] as const)
      for (const name of names) assert.ok(knownById(methodOf(client, name)?.id ?? ''), `${client}.${name}`);
  });
});
