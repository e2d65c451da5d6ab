import '../support/fakeVscode';
import assert from 'node:assert/strict';
import { analyse } from '../../../src/coding/analyse';
import { HfDesk } from '../../../src/host/hfDesk';
import type { Session } from '../../../src/host/sessions';
import { hfStatus } from '../../../src/portfolio/hf';
import type { World } from '../../../src/kucoin/vocabulary';
import { codingSource, type CodingSource } from '../../../src/ui/codingSource';
import { FakeLog } from '../host/support';
import { accountsPath, pricesPath, row, type Answers } from '../portfolio/support';
import { profile as profileOf } from '../profiles/support';
import { settled } from '../support/fakeTime';
import { FakeSessions, sessionOf } from './support';

const transfer = `import { kucoin } from './kucoin';
kucoin.post('/api/v2/accounts/inner-transfer', { from: 'main', to: 'trade_hf', amount: '1' });
`;

describe('what the features for code know of the active profile', () => {
  let sessions: FakeSessions;
  let hf: HfDesk;
  let source: CodingSource & { dispose(): void };

  beforeEach(() => {
    sessions = new FakeSessions();
    hf = new HfDesk({ sessions, log: new FakeLog() });
    source = codingSource(sessions, hf);
  });
  afterEach(() => {
    source.dispose();
    hf.dispose();
  });

  /** A profile whose account list and HF verdict have been read. */
  async function opened(world: World, answers: Answers): Promise<Session> {
    const { session } = sessionOf(profileOf({ name: 'Bot', site: { kind: 'sandbox', world } }), {
      [accountsPath]: [row('trade', 'USDT', '1')],
      [pricesPath]: {},
      '/api/v1/hf/accounts/ledgers': [],
      ...answers,
    });
    sessions.profile = session.profile;
    sessions.opened = session;
    sessions.fire();
    await session.portfolio.refresh();
    for (let turn = 0; turn < 60; turn++) await settled();
    return session;
  }
  const codes = (): readonly string[] =>
    analyse(transfer, 'typescript', { facts: source.now().facts }).findings.map(({ code }) => code);

  it('is nothing without a profile', () => {
    assert.deepEqual(source.now(), { facts: {} });
    assert.deepEqual(codes(), ['KC101']);
  });

  it('takes the verdict on HF from where everything else has it', async () => {
    for (const [world, answers] of [
      ['today', { '/api/v1/hf/accounts/opened': false }],
      ['today', { '/api/v1/hf/accounts/opened': true }],
      ['seed', {}],
    ] as const) {
      await opened(world, answers);
      const state = hf.status('spot')?.state;
      assert.ok(state);
      assert.equal(source.now().facts.spotHf, state);
    }
  });

  it('reports trade_hf where Spot serves HF orders itself', async () => {
    await opened('today', {
      '/api/v1/hf/accounts/opened': false,
      [accountsPath]: [{ ...row('trade', 'USDT', '1'), id: '1234567890' }],
    });
    assert.equal(source.now().facts.spotHf, 'merged');
    assert.deepEqual(codes(), ['KC101', 'KC109']);
  });

  it('does not report it for an old HF user, in the world of 2023, and while nothing was read', async () => {
    await opened('today', { '/api/v1/hf/accounts/opened': true });
    assert.equal(source.now().facts.spotHf, 'separate');
    assert.deepEqual(codes(), ['KC101']);
    await opened('seed', {});
    assert.equal(source.now().facts.spotHf, 'notActivated');
    assert.deepEqual(codes(), []);
    sessions.switchTo(profileOf({ name: 'Other' }));
    assert.equal(source.now().facts.spotHf, undefined);
    assert.deepEqual(codes(), ['KC101']);
  });

  it('does not report it where the verdict is open', async () => {
    const undecided = hfStatus({ kind: 'spot', world: 'today', opened: false, accounts: [] });
    assert.equal(undecided.state, 'undecided');
    await opened('today', { '/api/v1/hf/accounts/opened': false, [accountsPath]: [] });
    assert.equal(source.now().facts.spotHf, 'undecided');
    assert.deepEqual(codes(), ['KC101']);
  });

  it('tells of a change once, and of none when nothing of it has changed', async () => {
    let told = 0;
    source.onDidChange(() => told++);
    await opened('today', { '/api/v1/hf/accounts/opened': true });
    const before = told;
    assert.ok(before > 0);
    sessions.fire();
    assert.equal(told, before);
    sessions.switchTo(undefined);
    assert.equal(told, before + 1);
    source.dispose();
    sessions.switchTo(profileOf({ name: 'Late' }));
    assert.equal(told, before + 1);
  });
});
