import { fake } from '../support/fakeVscode';
import assert from 'node:assert/strict';
import { KucoinError } from '../../../src/kucoin/errors';
import { CommandRunner } from '../../../src/ui/commandRunner';
import { commandIds, type CommandHandler, type CommandId } from '../../../src/ui/commandTable';
import { FakeLog } from '../host/support';
import { profile } from '../profiles/support';
import { FakeSessions } from './support';

describe('a command', () => {
  let sessions: FakeSessions;
  let log: FakeLog;
  let calls: string[];

  beforeEach(() => {
    fake.reset();
    sessions = new FakeSessions();
    log = new FakeLog();
    calls = [];
  });

  const runnerWith = (handlers: Partial<Record<CommandId, CommandHandler>>): CommandRunner => {
    const all = Object.fromEntries(
      commandIds.map((id): [string, CommandHandler] => [id, handlers[id] ?? (() => calls.push(id))]),
    ) as Record<CommandId, CommandHandler>;
    return new CommandRunner(all, sessions.asSessions, log);
  };

  it('gets the row that it was called on', async () => {
    const row = { kind: 'profile' };
    const runner = runnerWith({ 'kucoin.log.show': (argument) => assert.equal(argument, row) });
    await runner.run('kucoin.log.show', row);
    assert.deepEqual(fake.messages, []);
  });

  it('that moves funds is refused on a read-only profile, and all others are not', async () => {
    sessions.profile = profile({ readOnly: true });
    const runner = runnerWith({});
    for (const id of commandIds) await runner.run(id, undefined);
    assert.deepEqual(
      commandIds.filter((id) => !calls.includes(id)),
      [
        'kucoin.transfer.funds',
        'kucoin.transfer.inner',
        'kucoin.transfer.flex',
        'kucoin.transfer.sub',
        'kucoin.transfer.futuresOut',
        'kucoin.transfer.futuresIn',
        'kucoin.transfer.repeat',
        'kucoin.transfer.collect',
        'kucoin.transfer.distribute',
        'kucoin.transfer.resumeBatch',
        'kucoin.transfer.runSaved',
        'kucoin.history.goOn',
        'kucoin.history.bringBack',
      ],
    );
    assert.equal(fake.messages.length, 13);
    assert.match(fake.messages[0] ?? '', /read-only: nothing was moved\. Allow transfers/);
  });

  it('that moves funds runs on a profile that allows it', async () => {
    sessions.profile = profile({ readOnly: false });
    await runnerWith({}).run('kucoin.transfer.inner', undefined);
    assert.deepEqual(calls, ['kucoin.transfer.inner']);
  });

  it('is not run twice at once by a second click, and again when it has ended', async () => {
    let finish: () => void = () => undefined;
    let started = 0;
    const runner = runnerWith({
      'kucoin.balances.refresh': () => {
        started += 1;
        return new Promise<void>((resolve) => (finish = resolve));
      },
    });
    const first = runner.run('kucoin.balances.refresh', undefined);
    await runner.run('kucoin.balances.refresh', undefined);
    assert.equal(started, 1);
    finish();
    await first;
    const second = runner.run('kucoin.balances.refresh', undefined);
    finish();
    await second;
    assert.equal(started, 2);
  });

  it('ends quietly when the user leaves', async () => {
    const runner = runnerWith({
      'kucoin.profile.add': () => {
        throw new KucoinError({ kind: 'cancelled', outcome: 'notExecuted' });
      },
    });
    await runner.run('kucoin.profile.add', undefined);
    assert.deepEqual(fake.messages, []);
  });

  it('says what went wrong and what to do, once, and can be run again', async () => {
    let runs = 0;
    const runner = runnerWith({
      'kucoin.profile.check': () => {
        runs += 1;
        return Promise.reject(
          new KucoinError({ kind: 'network', outcome: 'notExecuted', detail: 'ENOTFOUND' }),
        );
      },
    });
    await runner.run('kucoin.profile.check', undefined);
    assert.equal(fake.messages.length, 1);
    assert.match(fake.messages[0] ?? '', /^The exchange could not be reached: ENOTFOUND.* Check the network/);
    assert.equal(log.lines.filter((line) => line.includes('failed')).length, 1);
    await runner.run('kucoin.profile.check', undefined);
    assert.equal(runs, 2);
  });

  it('leads to the log after a failure of this side', async () => {
    const runner = runnerWith({ 'kucoin.sandbox.start': () => Promise.reject(new Error('no port')) });
    await runner.run('kucoin.sandbox.start', undefined);
    assert.match(fake.messages[0] ?? '', /^Something went wrong: no port.* The log has the details\.$/);
  });
});
