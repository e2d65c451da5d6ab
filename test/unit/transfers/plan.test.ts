import assert from 'node:assert/strict';
import { decimal } from '../../../src/kucoin/decimal';
import { english } from '../../../src/kucoin/explain';
import { own, type Intent } from '../../../src/transfers/intent';
import { plan, planLines, type Plan, type PlanFacts } from '../../../src/transfers/plan';
import { intent, madePlan, planFacts, startOfTime } from './support';

function refusal(wanted: Partial<Intent>, facts: Partial<PlanFacts> = {}): string {
  const planned = plan(intent(wanted), planFacts(facts));
  return 'refused' in planned ? planned.refused.code : 'planned';
}

function codes(made: Plan): { checks: string[]; unknowns: string[] } {
  return { checks: made.checks.map(({ code }) => code), unknowns: made.unknowns.map(({ code }) => code) };
}

describe('plan', () => {
  it('holds the exact body that will be sent', () => {
    const made = madePlan();
    const [leg] = made.legs;
    assert.equal(
      leg!.body,
      `{"clientOid":"${made.clientOid}","currency":"USDT","from":"main","to":"trade","amount":"12.5"}`,
    );
    assert.equal(leg!.request.body, leg!.body);
    assert.equal(leg!.clientOid, made.clientOid);
  });

  it('names endpoint, weight, permission and path', () => {
    const { endpoint, title, weight, permission, method, path } = madePlan().legs[0]!;
    assert.deepEqual(
      { endpoint, title, weight, permission, method, path },
      {
        endpoint: 'innerTransfer',
        title: 'Internal Transfer',
        weight: 10,
        permission: 'Spot',
        method: 'POST',
        path: '/api/v2/accounts/inner-transfer',
      },
    );
  });

  it('sends the pairs of both sides and amounts without needless zeros', () => {
    const made = madePlan(
      { profile: { ...planFacts().profile, world: 'seed' } },
      intent({
        from: own('isolated', 'BTC-USDT'),
        to: own('isolated_v2', 'BTC-USDT'),
        amount: decimal('0012.500000'),
      }),
    );
    const { clientOid, ...rest } = JSON.parse(made.legs[0]!.body) as Record<string, unknown>;
    assert.equal(clientOid, made.clientOid);
    assert.deepEqual(rest, {
      currency: 'USDT',
      from: 'isolated',
      to: 'isolated_v2',
      fromTag: 'BTC-USDT',
      toTag: 'BTC-USDT',
      amount: '12.5',
    });
  });

  it('never writes an exponent', () => {
    const made = madePlan(
      { precision: 18, transferable: undefined },
      intent({ amount: decimal('0.000000000000000001') }),
    );
    assert.match(made.legs[0]!.body, /"amount":"0\.000000000000000001"/);
  });

  it('is frozen to its last member', () => {
    const made = madePlan();
    const walk = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      assert.ok(Object.isFrozen(value), path);
      // The entry of the catalogue is shared by all and frozen by itself.
      for (const [key, part] of Object.entries(value)) if (key !== 'endpoint') walk(part, `${path}.${key}`);
    };
    walk(made, 'plan');
  });

  it('does not freeze what it was made from', () => {
    const wanted = intent();
    madePlan({}, wanted);
    assert.ok(!Object.isFrozen(wanted));
    assert.ok(!Object.isFrozen(wanted.from));
  });

  it('has a new id and a new clientOid each time', () => {
    const facts = planFacts();
    const made = [plan(intent(), facts), plan(intent(), facts)].map((planned) => {
      assert.ok('plan' in planned);
      return planned.plan;
    });
    assert.equal(new Set(made.flatMap(({ id, clientOid }) => [id, clientOid])).size, 4);
  });

  it('knows the balances before and after on both sides', () => {
    const { balances } = madePlan();
    assert.deepEqual([balances.from.before, balances.from.after], ['100', '87.5']);
    assert.deepEqual([balances.to.before, balances.to.after], ['7.5', '20']);
  });

  it('does not guess a balance that is not known', () => {
    const made = madePlan({ balances: { from: undefined, to: decimal('1') } });
    assert.equal(made.balances.from.after, undefined);
    assert.ok(codes(made).unknowns.includes('balances'));
  });

  it('says what it has checked and what cannot be known', () => {
    assert.deepEqual(codes(madePlan()), {
      checks: ['writable', 'routeDocumented', 'permission', 'precision', 'transferable'],
      unknowns: ['superseded', 'noIdempotency'],
    });
  });

  it('turns every check that could not be made into something not known', () => {
    const made = madePlan({ permissions: undefined, precision: undefined, transferable: undefined });
    assert.deepEqual(codes(made), {
      checks: ['writable', 'routeDocumented'],
      unknowns: ['permission', 'ipList', 'precision', 'transferable', 'noIdempotency'],
    });
  });

  it('does not call the endpoint superseded in the world of the seed', () => {
    const made = madePlan({ profile: { ...planFacts().profile, world: 'seed' } });
    assert.deepEqual(codes(made).unknowns, ['noIdempotency']);
  });

  const targets: [string, Partial<Intent>, Partial<PlanFacts>, 'seed' | 'today', string[]][] = [
    ['a first transfer into trade_hf', { to: own('trade_hf') }, {}, 'seed', ['opensAccount', 'hfAllowed']],
    ['a later one into trade_hf', { to: own('trade_hf') }, { hasTradeHf: true }, 'seed', []],
    ['margin_v2', { from: own('margin'), to: own('margin_v2') }, {}, 'seed', ['opensAccount']],
    ['margin', { to: own('margin') }, {}, 'seed', ['marginOpened']],
    ['futures with a settlement coin', { to: own('contract') }, {}, 'seed', []],
    ['futures with another coin', { to: own('contract'), currency: 'KCS' }, {}, 'seed', ['futuresCurrency']],
    [
      'an undocumented pair',
      { from: own('margin'), to: own('option') },
      {},
      'today',
      ['superseded', 'routeUnconfirmed'],
    ],
  ];
  for (const [name, wanted, facts, world, expected] of targets) {
    it(`warns of what the target may object to: ${name}`, () => {
      const made = madePlan({ ...facts, profile: { ...planFacts().profile, world } }, intent(wanted));
      assert.deepEqual(codes(made).unknowns, [...expected, 'noIdempotency']);
    });
  }

  const refusals: [string, Partial<Intent>, Partial<PlanFacts>, string][] = [
    ['a read-only profile', {}, { profile: { ...planFacts().profile, readOnly: true } }, 'readOnly'],
    ['another profile', { profileId: 'p2' }, {}, 'otherProfile'],
    ['a currency that is none', { currency: 'US DT' }, {}, 'currencyMalformed'],
    ['zero', { amount: decimal('0.0') }, {}, 'amountNotPositive'],
    ['a negative amount', { amount: decimal('-1') }, {}, 'amountNotPositive'],
    ['no amount at all', { amount: '1e3' as never }, {}, 'amountNotPositive'],
    ['too many decimals', { amount: decimal('1.1234567') }, {}, 'amountPrecision'],
    ['more than transferable', { amount: decimal('100.000001') }, {}, 'amountTooMuch'],
    ['anything from nothing', {}, { transferable: decimal('0') }, 'amountTooMuch'],
    ['a pair that the route refuses', { from: own('contract') }, {}, 'permissionMissing'],
    [
      'one endpoint that cannot do it',
      { from: own('contract') },
      { only: 'innerTransfer' },
      'contractNotSource',
    ],
    ['a pair without the currency', { to: own('isolated', 'BTC-ETH') }, {}, 'tagCurrency'],
  ];
  for (const [name, wanted, facts, code] of refusals) {
    it(`refuses ${name}: ${code}`, () => assert.equal(refusal(wanted, facts), code));
  }

  it('is made in the moment it was given', () => assert.equal(madePlan().createdAt, startOfTime));
});

describe('the lines of a plan', () => {
  it('reads as plain lines', () => {
    assert.deepEqual(planLines(madePlan()).map(english), [
      'LIVE: real funds of the profile Main.',
      'Transfer 12.5 USDT from Funding to Spot.',
      'Funding: 100 USDT available now, 87.5 USDT afterwards.',
      'Spot: 7.5 USDT available now, 20 USDT afterwards.',
      'Internal Transfer: POST /api/v2/accounts/inner-transfer',
      'KuCoin has marked Internal Transfer as superseded; it still answers, but that may end.',
      'KuCoin does not promise that sending this twice moves the funds once, so it is sent exactly once.',
    ]);
  });

  it('says DEMO for the sandbox and what is not known', () => {
    const made = madePlan({
      profile: { ...planFacts().profile, environment: 'DEMO', name: 'Demo' },
      balances: { from: undefined, to: undefined },
    });
    assert.deepEqual(planLines(made).map(english).slice(0, 4), [
      'DEMO: play money of the profile Demo.',
      'Transfer 12.5 USDT from Funding to Spot.',
      'Funding: the available USDT is not known.',
      'Spot: the available USDT is not known.',
    ]);
  });

  it('leaves no placeholder unfilled in any statement', () => {
    const made = madePlan({ permissions: undefined, precision: undefined, transferable: undefined });
    for (const { sentence } of [...made.checks, ...made.unknowns])
      assert.doesNotMatch(english(sentence), /[{}]/);
  });
});
