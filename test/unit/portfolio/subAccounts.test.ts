import assert from 'node:assert/strict';
import type { Place } from '../../../src/portfolio/accounts';
import { SubAccounts } from '../../../src/portfolio/subAccounts';
import { overviewAll, subRows, userId } from './family';

type List = Parameters<SubAccounts['putList']>[0];
type Balances = Parameters<SubAccounts['putBalances']>[0];
type Futures = Parameters<SubAccounts['putFutures']>[1];

const list = (subs: number): List => subRows({ subs, currencies: 1 }, 'list') as List;
const balances = (subs: number, currencies = 1): Balances =>
  subRows({ subs, currencies }, 'balances') as Balances;
const futures = (subs: number): Futures =>
  overviewAll({ subs, currencies: 1 }, 'USDT').accounts as unknown as Futures;

describe('the sub-accounts', () => {
  const steps: Readonly<Record<string, (subs: SubAccounts) => void>> = {
    list: (subs) => subs.putList(list(3)),
    balances: (subs) => subs.putBalances(balances(3), 1),
    futures: (subs) => subs.putFutures('USDT', futures(3), 1),
  };
  for (const order of [
    ['list', 'balances', 'futures'],
    ['futures', 'balances', 'list'],
    ['balances', 'futures', 'list'],
    ['futures', 'list', 'balances'],
  ]) {
    it(`are the same whatever list comes first: ${order.join(', ')}`, () => {
      const subs = new SubAccounts();
      for (const step of order) steps[step]?.(subs);
      assert.deepEqual(
        subs.all.map(({ name, accounts }) => [name, accounts.map(({ type }) => type)]),
        ['sub0', 'sub1', 'sub2'].map((name) => [name, ['main', 'contract']]),
      );
      assert.equal(subs.find(userId(1))?.remarks, 'desk 1');
    });
  }

  it('without balances have none, and are there', () => {
    const subs = new SubAccounts();
    subs.putList(list(1));
    assert.deepEqual(subs.all[0]?.accounts, []);
  });

  it('that are not in the complete list are gone', () => {
    const subs = new SubAccounts();
    subs.putList(list(3));
    const before = subs.revision;
    subs.retain(new Set([userId(1)]));
    assert.deepEqual(
      subs.all.map(({ name }) => name),
      ['sub1'],
    );
    assert.ok(subs.revision > before);
  });

  it('stay the same objects when they are read again, under a new name too', () => {
    const subs = new SubAccounts();
    subs.putList(list(2));
    const known = subs.find(userId(0));
    subs.putList(list(2).map((row) => ({ ...row, subName: `new-${row.subName}` })));
    assert.equal(subs.find(userId(0)), known);
    assert.equal(known?.name, 'new-sub0');
    subs.putFutures('USDT', [{ ...futures(1)[1]!, accountName: 'new-sub0' }], 1);
    assert.equal(known.accounts[0]?.type, 'contract');
  });

  it('say what has changed, but not of a first reading', () => {
    const changes: string[] = [];
    const subs = new SubAccounts((place: Place, before, now) =>
      changes.push(`${place.subUserId} ${place.type} ${before?.total} → ${now?.total}`),
    );
    subs.putBalances(balances(1), 1);
    assert.deepEqual(changes, []);
    const [row] = balances(1);
    const [balance] = row!.mainAccounts;
    const more = { ...balance!, balance: '7' as never, available: '7' as never };
    subs.putBalances([{ ...row!, mainAccounts: [more] }], 2);
    assert.deepEqual(changes, [`${userId(0)} main 0.05 → 7`]);
  });
});
