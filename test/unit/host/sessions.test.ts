import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { Redactor } from '../../../src/host/log';
import { Sessions } from '../../../src/host/sessions';
import { getAccountList } from '../../../src/kucoin/endpoints/account';
import { KucoinError } from '../../../src/kucoin/errors';
import type { Profile } from '../../../src/profiles/profile';
import { json, LocalServer } from '../kucoin/localServer';
import { credentials, MemorySecrets, otherCredentials, TempFolder, until, Window } from '../profiles/support';
import { FakeLog, freePorts, sandboxHost, type HostOfTest } from './support';

const rows = (available: string): unknown => ({
  code: '200000',
  data: [{ id: '1', currency: 'USDT', type: 'main', balance: available, available, holds: '0' }],
});

/** Answers everything with one balance; holds the account list back when told to. */
class Exchange extends LocalServer {
  private waiting: (() => void)[] | undefined;

  constructor(available: string) {
    super();
    this.answer = ({ url }, response) => {
      const send = (): void => this.send(url, response, available);
      if (url === '/api/v1/accounts' && this.waiting) this.waiting.push(send);
      else send();
    };
  }

  hold(): void {
    this.waiting = [];
  }

  letGo(): void {
    for (const send of this.waiting ?? []) send();
    this.waiting = undefined;
  }

  async asked(path: string): Promise<void> {
    while (!this.calls.some(({ url }) => url === path)) await new Promise((resolve) => setImmediate(resolve));
  }

  private send(url: string, response: ServerResponse, available: string): void {
    if (url === '/api/v1/accounts') json(response, rows(available));
    else if (url === '/api/v1/hf/accounts/opened') json(response, { code: '200000', data: false });
    else json(response, { code: '200000', data: {} });
  }
}

describe('the session of the active profile', () => {
  const folder = new TempFolder();
  let secrets: MemorySecrets;
  let window: Window;
  let other: Window;
  let sandboxes: HostOfTest;
  let sessions: Sessions;
  let log: FakeLog;
  let exchanges: readonly [Exchange, Exchange];
  let remembered: string | undefined;
  let events: (string | undefined)[];

  beforeEach(async () => {
    await folder.make();
    secrets = new MemorySecrets();
    window = new Window(folder.root, secrets);
    other = new Window(folder.root, secrets);
    sandboxes = sandboxHost(folder.root, { today: await freePorts(), seed: await freePorts() });
    exchanges = [new Exchange('111'), new Exchange('222')];
    await Promise.all(exchanges.map((exchange) => exchange.start()));
    log = new FakeLog();
    remembered = undefined;
    events = [];
    sessions = new Sessions({
      profiles: window.profiles,
      sandboxes: sandboxes.host,
      redactor: new Redactor(),
      log,
      valuationCurrency: () => 'USD',
      remembered: {
        get: () => remembered,
        set: (id) => {
          remembered = id;
          return Promise.resolve();
        },
      },
    });
    sessions.onDidChange(() => events.push(sessions.profile?.name));
  });
  afterEach(async () => {
    sessions.dispose();
    for (const { profiles } of [window, other]) profiles.dispose();
    await Promise.all([sandboxes.host.dispose(), ...exchanges.map((exchange) => exchange.stop())]);
    await folder.remove();
  });

  const add = (name: string, exchange: Exchange): Promise<Profile> =>
    window.profiles.add({ name, site: { kind: 'custom', spot: exchange.url }, readOnly: false }, credentials);
  const addDemo = (): Promise<Profile> =>
    window.profiles.add(
      { name: 'Demo', site: { kind: 'sandbox', world: 'today' }, readOnly: false },
      { ...credentials },
    );
  const figure = (): string | undefined =>
    sessions.opened?.portfolio.accounts.value?.find(({ type }) => type === 'main')?.balances[0]?.total;

  it('is none without a profile, and nothing is asked', async () => {
    sessions.restore();
    assert.equal(sessions.profile, undefined);
    assert.equal(await sessions.open(), undefined);
  });

  it('asks for no secret before the first signed call', async () => {
    await add('A', exchanges[0]);
    secrets.broken = true;
    sessions.restore();
    assert.ok(await sessions.open());
  });

  it('is shared by all who open it', async () => {
    await add('A', exchanges[0]);
    sessions.restore();
    const [first, second] = await Promise.all([sessions.open(), sessions.open()]);
    assert.ok(first);
    assert.equal(first.client, second?.client);
    assert.equal(sessions.opened?.client, first.client);
  });

  it('starts with the profile of this window, else the one used last anywhere, else any', async () => {
    const a = await add('A', exchanges[0]);
    const b = await add('B', exchanges[1]);
    remembered = a.id;
    sessions.restore();
    assert.equal(sessions.profile?.name, 'A');
    remembered = 'gone';
    sessions.restore();
    assert.equal(sessions.profile.id, b.id);
    await window.profiles.remove(b.id);
    sessions.restore();
    assert.equal(sessions.profile.id, a.id);
  });

  it('remembers a switch for this window and for the next one', async () => {
    const a = await add('A', exchanges[0]);
    await add('B', exchanges[1]);
    sessions.restore();
    await sessions.switchTo(a.id);
    assert.equal(remembered, a.id);
    assert.equal(window.profiles.lastUsed, a.id);
    await sessions.switchTo('unknown');
    assert.equal(sessions.profile?.id, a.id);
  });

  it('ends with a switch: the old client is retired before anybody hears of the new profile', async () => {
    const a = await add('A', exchanges[0]);
    const b = await add('B', exchanges[1]);
    await sessions.switchTo(a.id);
    const old = await sessions.open();
    const seen: unknown[] = [];
    sessions.onDidChange(() => seen.push([sessions.profile?.name, sessions.opened, old?.client.retired]));
    await sessions.switchTo(b.id);
    assert.deepEqual(seen[0], ['B', undefined, true]);
    const fresh = await sessions.open();
    assert.equal(fresh?.profile.id, b.id);
    assert.equal(fresh.client.retired, false);
  });

  it('never shows what was read for the profile before', async () => {
    const a = await add('A', exchanges[0]);
    const b = await add('B', exchanges[1]);
    await sessions.switchTo(a.id);
    exchanges[0].hold();
    const old = await sessions.open();
    const late = old!.portfolio.refresh();
    await exchanges[0].asked('/api/v1/accounts');
    await sessions.switchTo(b.id);
    const fresh = await sessions.open();
    await fresh!.portfolio.refresh();
    exchanges[0].letGo();
    await late;
    assert.equal(figure(), '222');
    assert.equal(old!.portfolio.accounts.value, undefined);
    await assert.rejects(old!.client.call(getAccountList, {}), (error) => KucoinError.is(error, 'stale'));
  });

  it('goes to the profile that was chosen last when two switches overlap', async () => {
    const demo = await addDemo();
    const b = await add('B', exchanges[1]);
    await sessions.switchTo(demo.id);
    const slow = sessions.open();
    await sessions.switchTo(b.id);
    const [first, second] = await Promise.all([slow, sessions.open()]);
    assert.equal(first?.profile.id, b.id);
    assert.equal(second?.client, first.client);
  });

  it('lives on when its profile gets another name or another access', async () => {
    const a = await add('A', exchanges[0]);
    await sessions.switchTo(a.id);
    const before = await sessions.open();
    await before!.portfolio.refresh();
    await window.profiles.rename(a.id, 'Renamed');
    await window.profiles.setReadOnly(a.id, true);
    assert.equal(sessions.opened?.client, before!.client);
    assert.equal(sessions.opened.profile.name, 'Renamed');
    assert.equal(sessions.opened.profile.readOnly, true);
    assert.equal(before!.client.retired, false);
    assert.equal(figure(), '111');
    assert.equal(events.at(-1), 'Renamed');
  });

  it('ends when another window replaces the key', async () => {
    const a = await add('A', exchanges[0]);
    await sessions.switchTo(a.id);
    const before = await sessions.open();
    await before!.portfolio.refresh();
    await other.profiles.load();
    await other.profiles.replaceKey(a.id, otherCredentials, undefined);
    await until(
      () => sessions.profile?.generation === 2,
      (look) => sessions.onDidChange(look),
    );
    assert.equal(before!.client.retired, true);
    assert.equal(figure(), undefined);
    await (await sessions.open())!.portfolio.refresh();
    const keys = exchanges[0].calls.map(({ headers }) => headers['kc-api-key']).filter(Boolean);
    assert.equal(keys[0], credentials.key);
    assert.equal(keys.at(-1), otherCredentials.key);
  });

  it('goes over to another profile when another window removes its own', async () => {
    const a = await add('A', exchanges[0]);
    await add('B', exchanges[1]);
    await sessions.switchTo(a.id);
    const before = await sessions.open();
    await other.profiles.load();
    await other.profiles.remove(a.id);
    await until(
      () => sessions.profile?.name === 'B',
      (look) => sessions.onDidChange(look),
    );
    assert.equal(before!.client.retired, true);
    assert.equal(sessions.opened, undefined);
  });

  it('is none any more when the last profile is removed', async () => {
    const a = await add('A', exchanges[0]);
    await sessions.switchTo(a.id);
    const before = await sessions.open();
    await window.profiles.remove(a.id);
    assert.equal(sessions.profile, undefined);
    assert.equal(sessions.opened, undefined);
    assert.equal(before!.client.retired, true);
    assert.equal(await sessions.open(), undefined);
  });

  it('asks for the key when the secret is gone, and never for that of a demo', async () => {
    const a = await add('A', exchanges[0]);
    const demo = await addDemo();
    secrets.values.clear();
    await sessions.switchTo(a.id);
    await (await sessions.open())!.portfolio.refresh();
    assert.equal(sessions.opened?.portfolio.accounts.error?.kind, 'secretMissing');
    await sessions.switchTo(demo.id);
    await (await sessions.open())!.portfolio.refresh();
    assert.equal(sessions.opened.portfolio.accounts.state, 'ready');
    assert.ok(figure());
  });

  it('of a demo is made anew when its sandbox has moved', async () => {
    const demo = await addDemo();
    secrets.values.clear();
    await sessions.switchTo(demo.id);
    const before = await sessions.open();
    assert.equal((await sessions.open())?.client, before?.client);
    await sandboxes.host.stop('today');
    const moved = sandboxHost(folder.root, { today: await freePorts(), seed: [0, 0] });
    // Somebody else sits at the old address now.
    const squatter = createServer((socket) => socket.destroy());
    const { port } = new URL(before!.site.hosts.spot!);
    await new Promise<void>((resolve) => squatter.listen(Number(port), '127.0.0.1', resolve));
    try {
      const after = await moved.host.ensure('today');
      const fresh = await sessions.open();
      assert.equal(fresh?.site.hosts.spot, after.spot);
      assert.equal(before!.client.retired, true);
    } finally {
      await moved.host.dispose();
      await new Promise((resolve) => squatter.close(resolve));
    }
  });

  it('says in the log which calls it makes, and nothing of keys', async () => {
    const a = await add('A', exchanges[0]);
    await sessions.switchTo(a.id);
    await (await sessions.open())!.portfolio.refresh();
    const text = log.lines.join('\n');
    assert.match(text, /GET \/api\/v1\/accounts 200 \d+ ms ok/);
    for (const secret of [credentials.key, credentials.secret, credentials.passphrase]) {
      assert.ok(!text.includes(secret));
    }
  });

  it('for a trial uses the given key and leaves the active one alone', async () => {
    const a = await add('A', exchanges[0]);
    await sessions.switchTo(a.id);
    const session = await sessions.open();
    const client = await sessions.trial({ kind: 'custom', spot: exchanges[1].url }, otherCredentials);
    await client.call(getAccountList, {});
    client.retire();
    assert.equal(exchanges[1].calls.at(-1)?.headers['kc-api-key'], otherCredentials.key);
    assert.equal(sessions.opened?.client, session!.client);
    assert.equal(session!.client.retired, false);
    assert.equal(exchanges[0].calls.length, 0);
  });

  it('ends with the window', async () => {
    const a = await add('A', exchanges[0]);
    await sessions.switchTo(a.id);
    const session = await sessions.open();
    sessions.dispose();
    assert.equal(session!.client.retired, true);
  });
});
