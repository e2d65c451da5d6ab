import assert from 'node:assert/strict';
import { english } from '../../../src/kucoin/explain';
import { execute, type TransferClient } from '../../../src/transfers/gate';
import {
  findIdenticalUndecided,
  history,
  transferRecord,
  unknownTransfers,
  type TransferRecord,
} from '../../../src/transfers/history';
import type { TransferJournal } from '../../../src/transfers/journal';
import type { Plan } from '../../../src/transfers/plan';
import { markHappened, markNotExecuted } from '../../../src/transfers/settle';
import { Journalled } from './journalled';
import {
  FakeExchange,
  failed,
  idSource,
  intent,
  madePlan,
  openJournal,
  reply,
  startOfTime,
  TempFolder,
} from './support';

const folder = new TempFolder();
const dead = { isAlive: () => false };
const alive = { isAlive: () => true };
let newId: () => string;
let journal: TransferJournal;

function run(plan: Plan, client: TransferClient): Promise<unknown> {
  return execute({
    plan,
    client,
    journal,
    confirm: () => Promise.resolve(true),
    now: () => startOfTime,
    profileNow: () => ({ generation: 1, readOnly: false }),
    ...dead,
  });
}

/** Starts a transfer whose window is then gone: at `planned` or after `sent`. */
async function killedAt(state: 'planned' | 'sent'): Promise<string> {
  const plan = madePlan({ newId });
  const reached = new Promise<void>((resolve) => {
    const client = {
      send: async (_request: unknown, options?: { beforeSend?: (at: number) => Promise<void> }) => {
        if (state === 'sent') await options?.beforeSend?.(startOfTime);
        resolve();
        return new Promise(() => undefined);
      },
    };
    void run(plan, client as TransferClient);
  });
  await reached;
  return plan.id;
}

async function unknownOne(): Promise<string> {
  const exchange = new FakeExchange();
  exchange.answers = [() => failed('network', false, 'ECONNRESET')];
  const plan = madePlan({ newId });
  await run(plan, exchange.client);
  return plan.id;
}

async function afterRestart(options = dead): Promise<TransferRecord[]> {
  return history(await openJournal(folder.path('journal'), 'window-2'), options);
}

/** Hooks of one group of tests; at the root they would run for the tests of other files too. */
function fresh(): void {
  beforeEach(async () => {
    await folder.make();
    newId = idSource();
    journal = await openJournal(folder.path('journal'));
  });
  afterEach(() => folder.remove());
}

describe('history: a window that is gone', () => {
  fresh();
  it('left a sent transfer: its outcome is unknown', async () => {
    await killedAt('sent');
    const [record] = await afterRestart();
    assert.equal(record!.state, 'unknown');
    assert.equal(record!.moved, 'unknown');
    assert.equal(english(record!.report.what), 'The editor ended before the answer of the exchange arrived.');
    assert.equal(record!.legs[0]!.sentAt, startOfTime);
  });

  it('left a planned transfer: nothing was sent', async () => {
    await killedAt('planned');
    const [record] = await afterRestart();
    assert.equal(record!.state, 'rejected');
    assert.equal(record!.moved, 'notMoved');
    assert.equal(english(record!.report.what), 'The editor ended before the transfer was sent.');
  });
});

describe('history: a window that still runs', () => {
  fresh();
  it('has a sent transfer under way, which is not called unknown', async () => {
    await killedAt('sent');
    const [record] = await afterRestart(alive);
    assert.equal(record!.state, 'sent');
    assert.equal(english(record!.stateText), 'Sent, waiting for the answer');
  });

  it('is always the own one', async () => {
    const id = await killedAt('sent');
    assert.equal(transferRecord(journal, id, dead)!.state, 'sent');
  });

  it('has a planned transfer that is still to be sent', async () => {
    await killedAt('planned');
    assert.equal((await afterRestart(alive))[0]!.state, 'planned');
  });
});

describe('history: the list', () => {
  fresh();
  it('has the newest first', async () => {
    const ids = [await unknownOne(), await unknownOne(), await unknownOne()];
    assert.deepEqual(
      history(journal, dead).map(({ id }) => id),
      ids.reverse(),
    );
  });

  it('has everything that was intended and the ids to copy', async () => {
    const id = await unknownOne();
    const record = transferRecord(journal, id, dead)!;
    assert.deepEqual(record.intent, intent());
    assert.deepEqual(record.profile, { id: 'p1', name: 'Main', environment: 'LIVE', world: 'today' });
    assert.equal(record.createdAt, startOfTime);
    const [leg] = record.legs;
    assert.equal((JSON.parse(leg!.body) as { clientOid: string }).clientOid, leg!.clientOid);
    assert.deepEqual(leg!.error, { kind: 'network', detail: 'ECONNRESET', endpoint: 'Internal Transfer' });
  });

  it('has code and words of a refusal', async () => {
    const exchange = new FakeExchange();
    exchange.answers = [() => reply(200, { code: '230003', msg: 'Balance insufficient!' })];
    await run(madePlan({ newId }), exchange.client);
    const { error } = history(journal, dead)[0]!.legs[0]!;
    assert.deepEqual([error?.code, error?.detail], ['230003', 'Balance insufficient!']);
  });

  it('answers nothing for an id that it does not know', () => {
    assert.equal(transferRecord(journal, 'nobody', dead), undefined);
  });

  it('finds those with an unknown outcome, and identical ones among them', async () => {
    const unknown = await unknownOne();
    await run(madePlan({ newId }), new FakeExchange().client);
    const ids = (found: TransferRecord[]): string[] => found.map(({ id }) => id);
    assert.deepEqual(ids(unknownTransfers(journal, dead)), [unknown]);
    assert.deepEqual(ids(findIdenticalUndecided(journal, intent(), dead)), [unknown]);
    assert.deepEqual(ids(findIdenticalUndecided(journal, intent({ profileId: 'p2' }), dead)), []);
    const underway = await killedAt('sent');
    assert.deepEqual(ids(findIdenticalUndecided(journal, intent(), dead)).sort(), [unknown, underway].sort());
  });
});

describe('settling by hand', () => {
  fresh();
  const verdicts = [
    { mark: markHappened, moved: 'moved', text: 'Happened, as you recorded' },
    { mark: markNotExecuted, moved: 'notMoved', text: 'Did not happen, as you recorded' },
  ] as const;
  for (const { mark, moved, text } of verdicts) {
    it(`takes a person's word: ${moved}`, async () => {
      const id = await unknownOne();
      const settled = await mark({ journal, id, note: 'seen on the website' }, dead);
      assert.ok('record' in settled);
      assert.equal(settled.record.state, 'leftToUser');
      assert.equal(settled.record.moved, moved);
      assert.equal(english(settled.record.stateText), text);
      assert.equal(settled.record.legs[0]!.verdict?.note, 'seen on the website');
      assert.deepEqual(await afterRestart(), [settled.record]);
      assert.deepEqual(unknownTransfers(journal, dead), []);
    });
  }

  it('takes it for a transfer whose window is gone, and the journal tells both', async () => {
    const id = await killedAt('sent');
    const other = await openJournal(folder.path('journal'), 'window-2');
    await markNotExecuted({ journal: other, id, note: '' }, dead);
    assert.deepEqual(
      other.transfer(id)?.records.map(({ state }) => state),
      ['planned', 'sent', 'unknown', 'leftToUser'],
    );
  });

  it('lets a person correct what they said', async () => {
    const id = await unknownOne();
    await markHappened({ journal, id, note: '' }, dead);
    const settled = await markNotExecuted({ journal, id, note: 'wrong row' }, dead);
    assert.ok('record' in settled);
    assert.equal(settled.record.moved, 'notMoved');
  });

  it('takes it for what the exchange has taken and never finished, but not while that is young', async () => {
    const written = await Journalled.open();
    await written.add('stuck', ['sent', 'accepted']);
    const made = written.journal.transfer('stuck')!.records[0]!.at;
    const verdict = { journal: written.journal, id: 'stuck', note: '' };
    const minutes = (count: number) => ({ ...dead, now: () => made + count * 60_000 });
    for (const options of [minutes(9), dead]) {
      const early = await markNotExecuted(verdict, options);
      assert.ok('refused' in early);
      assert.equal(early.refused.code, 'notUndecided');
    }
    const settled = await markNotExecuted(verdict, minutes(10));
    assert.ok('record' in settled);
    assert.deepEqual([settled.record.state, settled.record.moved], ['leftToUser', 'notMoved']);
    await written.write('stuck', 'settled');
    assert.equal(transferRecord(written.journal, 'stuck', dead)!.moved, 'moved', 'the exchange knows better');
  });

  it('refuses what is decided, under way, or not there', async () => {
    await run(madePlan({ newId }), new FakeExchange().client);
    const settledId = history(journal, dead)[0]!.id;
    const underway = await killedAt('sent');
    for (const [id, code] of [
      [settledId, 'notUndecided'],
      [underway, 'notUndecided'],
      ['nobody', 'transferUnknown'],
    ] as const) {
      const settled = await markHappened({ journal, id, note: '' }, alive);
      assert.ok('refused' in settled);
      assert.equal(settled.refused.code, code);
    }
  });
});

describe('history: identical transfers of one user', () => {
  fresh();
  const ofOther = (): string[] =>
    findIdenticalUndecided(journal, intent({ profileId: 'p2' }), {
      ...dead,
      sameUser: (id) => (id === 'p2' ? ['p2', 'p1'] : [id]),
    }).map(({ id }) => id);

  it('are found under another profile of the same user, and under no other', async () => {
    const id = await killedAt('sent');
    assert.deepEqual(ofOther(), [id]);
    assert.deepEqual(findIdenticalUndecided(journal, intent({ profileId: 'p2' }), dead), []);
    assert.deepEqual(findIdenticalUndecided(journal, intent({ profileId: 'p3' }), dead), []);
  });

  it('are undecided between two legs, while their window lives', async () => {
    const plan = madePlan({ newId });
    await run(plan, new FakeExchange().client);
    const planned = journal.transfer(plan.id)!.records[0]!;
    assert.ok(planned.state === 'planned');
    const legs = [planned.legs[0]!, planned.legs[0]!];
    const chain = { ...planned, transfer: 'chain', legs };
    await journal.append(chain);
    await journal.append({
      transfer: 'chain',
      leg: 0,
      state: 'sent',
      exchangeTime: startOfTime,
      attempt: 1,
      available: {},
    });
    await journal.append({ transfer: 'chain', leg: 0, state: 'settled', by: 'reply' });
    assert.deepEqual(journal.undecidedIds(), []);
    assert.deepEqual(
      findIdenticalUndecided(journal, intent(), dead).map(({ id }) => id),
      ['chain'],
    );
    // Its window is gone: it stands half-way for good, and is offered to be gone on with.
    const later = await openJournal(folder.path('journal'), 'window-2');
    assert.deepEqual(findIdenticalUndecided(later, intent(), dead), []);
  });
});

describe('history: a writer that seems to run', () => {
  fresh();
  const minutes = (n: number) => ({ ...alive, now: () => startOfTime + n * 60_000 });

  it('is believed to be sending for five minutes, not for ever, whichever way the clock went', async () => {
    const id = await killedAt('sent');
    const other = await openJournal(folder.path('journal'), 'window-2');
    for (const [after, state] of [
      [0, 'sent'],
      [4.9, 'sent'],
      [-4.9, 'sent'],
      [5.1, 'unknown'],
      [-5.1, 'unknown'],
    ] as const) {
      assert.equal(transferRecord(other, id, minutes(after))?.state, state, `${after} minutes`);
    }
    assert.equal(transferRecord(other, id, alive)?.state, 'sent');
    assert.equal(transferRecord(other, id, minutes(6))?.legs[0]?.error?.kind, 'crash');
    // The own window always writes what became of its requests.
    assert.equal(transferRecord(journal, id, minutes(6))?.state, 'sent');
  });

  it('may rest as long as it likes before it sends', async () => {
    const id = await killedAt('planned');
    const other = await openJournal(folder.path('journal'), 'window-2');
    assert.equal(transferRecord(other, id, minutes(60))?.state, 'planned');
  });
});
