import { fake } from '../support/fakeVscode';
import assert from 'node:assert/strict';
import { KeyFactsReader } from '../../../src/host/keyFacts';
import type { KeyFacts, Profile } from '../../../src/profiles/profile';
import { accountsPath, refusal, row, type Answers, type FakeExchange } from '../portfolio/support';
import { profile as profileOf } from '../profiles/support';
import { settled } from '../support/fakeTime';
import { FakeSessions, sessionOf } from '../ui/support';
import { FakeLog } from './support';

const keyPath = '/api/v1/user/api-key';
const told = {
  uid: 7,
  apiKey: 'k'.repeat(24),
  apiVersion: 3,
  permission: 'General,Spot',
  createdAt: 1_700_000_000_000,
  isMaster: true,
};

describe('what a key that was saved without a check may do', () => {
  let sessions: FakeSessions;
  let exchange: FakeExchange;
  let log: FakeLog;
  let kept: [string, KeyFacts][];
  let reader: KeyFactsReader;

  beforeEach(() => {
    fake.reset();
    sessions = new FakeSessions();
    log = new FakeLog();
    kept = [];
    reader = new KeyFactsReader({
      sessions: sessions.asSessions,
      profiles: {
        setFacts: (profile: Profile, facts: KeyFacts) => {
          kept.push([profile.id, facts]);
          sessions.profile = { ...profile, facts };
          if (sessions.opened) sessions.opened = { ...sessions.opened, profile: sessions.profile };
          sessions.fire();
          return Promise.resolve();
        },
      },
      now: () => 5,
      log,
    });
  });
  afterEach(() => {
    reader.dispose();
    sessions.opened?.client.retire();
  });

  const open = (profile: Profile, answers: Answers = {}): void => {
    const made = sessionOf(profile, {
      [accountsPath]: [row('main', 'USDT', '5')],
      [keyPath]: told,
      ...answers,
    });
    ({ exchange } = made);
    sessions.profile = profile;
    sessions.opened = made.session;
    sessions.fire();
  };
  const use = async (): Promise<void> => {
    await sessions.opened?.portfolio.refresh();
    for (let count = 0; count < 60; count += 1) await settled();
  };

  it('is read with the first balances, once, and told to nobody', async () => {
    open(profileOf({ id: 'new' }));
    assert.equal(exchange.askedFor(keyPath), 0);
    await use();
    await use();
    assert.equal(exchange.askedFor(keyPath), 1);
    assert.deepEqual(
      kept.map(([id, { permissions, checkedAt }]) => [id, permissions, checkedAt]),
      [['new', ['General', 'Spot'], 5]],
    );
    assert.deepEqual(fake.messages, []);
    assert.equal(reader.failed, false);
  });

  it('is not asked for where it is known', async () => {
    const facts = { uid: 7, isMaster: true, permissions: ['General'], ipRestricted: false, checkedAt: 1 };
    open(profileOf({ facts }));
    await use();
    assert.equal(exchange.askedFor(keyPath), 0);
  });

  it('is not asked for while nothing works', async () => {
    open(profileOf(), { [accountsPath]: refusal });
    await use();
    assert.equal(exchange.askedFor(keyPath), 0);
    assert.equal(reader.failed, false);
  });

  it('is said to be unknown where KuCoin does not tell, and is asked for again only on request', async () => {
    let changes = 0;
    reader.onDidChange(() => (changes += 1));
    open(profileOf(), { [keyPath]: refusal });
    await use();
    assert.equal(reader.failed, true);
    assert.equal(changes, 1);
    assert.equal(log.lines.length, 1);
    await use();
    assert.equal(exchange.askedFor(keyPath), 1);
    exchange.answers[keyPath] = told;
    assert.ok(sessions.opened);
    await reader.read(sessions.opened);
    assert.equal(reader.failed, false);
    assert.equal(kept.length, 1);
  });

  it('shows that the key is of a sub-account: what only masters have is not asked for any more', async () => {
    open(profileOf(), { [keyPath]: { ...told, isMaster: false, subName: 'bot1' } });
    await use();
    assert.equal(kept[0]?.[1].isMaster, false);
    assert.equal(exchange.askedFor(accountsPath), 2);
  });
});
