import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { SandboxAddress, SandboxHostOptions } from '../../../src/host/sandboxHost';
import { TempFolder } from '../profiles/support';
import { freePorts, sandboxHost, type HostOfTest } from './support';

interface Row {
  readonly type: string;
  readonly currency: string;
  readonly total: string;
}

async function control(address: SandboxAddress, path: string, body?: unknown): Promise<unknown> {
  const reply = await fetch(`${address.control}/${path}`, {
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
  assert.ok(reply.ok, `${path}: HTTP ${reply.status}`);
  return reply.json();
}

async function total(address: SandboxAddress): Promise<string | undefined> {
  const { rows } = (await control(address, 'ledger')) as { readonly rows: readonly Row[] };
  return rows.find(({ type, currency }) => type === 'main' && currency === 'USDT')?.total;
}

const isUp = (address: SandboxAddress): Promise<boolean> =>
  fetch(`${address.spot}/api/v1/timestamp`).then(
    ({ ok }) => ok,
    () => false,
  );

describe('the sandbox of all windows', () => {
  const folder = new TempFolder();
  const windows: HostOfTest[] = [];
  let ports: NonNullable<SandboxHostOptions['ports']>;
  const openWindow = (): HostOfTest => {
    const window = sandboxHost(folder.root, ports);
    windows.push(window);
    return window;
  };
  beforeEach(async () => {
    await folder.make();
    ports = { today: await freePorts(), seed: await freePorts() };
  });
  afterEach(async () => {
    await Promise.all(windows.splice(0).map(({ host }) => host.dispose()));
    await folder.remove();
  });

  it('does not run before somebody needs it', async () => {
    assert.deepEqual(openWindow().host.running, []);
    assert.deepEqual(await folder.files(), []);
  });

  it('starts at its ports, once for all who ask at the same time', async () => {
    const { host } = openWindow();
    let changes = 0;
    host.onDidChange(() => (changes += 1));
    const [first, second] = await Promise.all([host.ensure('today'), host.ensure('today')]);
    assert.deepEqual(first, second);
    assert.equal(first.spot, `http://127.0.0.1:${ports.today[0]}`);
    assert.equal(first.futures, `http://127.0.0.1:${ports.today[1]}`);
    assert.equal(first.credentials.version, '3');
    assert.deepEqual(host.running, ['today']);
    assert.equal(changes, 1);
    assert.ok(await isUp(first));
  });

  it('has its two worlds side by side', async () => {
    const { host } = openWindow();
    const [today, seed] = await Promise.all([host.ensure('today'), host.ensure('seed')]);
    assert.notEqual(today.spot, seed.spot);
    assert.deepEqual([...host.running].sort(), ['seed', 'today']);
  });

  it('is found by another window, which starts no second one', async () => {
    const [first, second] = [openWindow(), openWindow()];
    const started = await first.host.ensure('today');
    assert.deepEqual(await second.host.ensure('today'), started);
    assert.deepEqual(second.host.running, []);
    assert.equal(await second.host.stop('today'), false);
    assert.ok(await isUp(started));
  });

  it('is started once by two windows that need it at the same time', async () => {
    const all = [openWindow(), openWindow(), openWindow()];
    const addresses = await Promise.all(all.map(({ host }) => host.ensure('today')));
    assert.equal(new Set(addresses.map(({ spot }) => spot)).size, 1);
    assert.equal(all.flatMap(({ host }) => host.running).length, 1);
  });

  it('is taken over at the same address with the same money when its window closes', async () => {
    const [first, second] = [openWindow(), openWindow()];
    const before = await first.host.ensure('today');
    const money = await total(before);
    await control(before, 'credit', { currency: 'USDT', amount: '0.5' });
    const richer = await total(before);
    assert.notEqual(richer, money);
    await second.host.ensure('today');
    await first.host.dispose();
    assert.equal(await isUp(before), false);
    const after = await second.host.ensure('today');
    assert.deepEqual([after.spot, after.futures], [before.spot, before.futures]);
    assert.deepEqual(second.host.running, ['today']);
    assert.equal(await total(after), richer);
  });

  it('is taken over by a window that uses it as soon as its own one has gone, without being asked', async () => {
    const [first, second, third] = [openWindow(), openWindow(), openWindow()];
    const before = await first.host.ensure('today');
    await control(before, 'credit', { currency: 'USDT', amount: '0.5' });
    const money = await total(before);
    const heard = (window: HostOfTest): Promise<void> =>
      new Promise((resolve) => window.host.onDidChange(resolve));
    await second.host.ensure('today');
    await third.host.ensure('today');
    const told = Promise.all([heard(second), heard(third)]);
    await first.host.dispose();
    await told;
    const running = [second, third].filter(({ host }) => host.running.length > 0);
    assert.equal(running.length, 1);
    assert.ok(await isUp(before), 'at the same address');
    assert.equal(await total(await second.host.ensure('today')), money);
  });

  it('is not taken over when a person has stopped it', async () => {
    const [first, second] = [openWindow(), openWindow()];
    const before = await first.host.ensure('today');
    await second.host.ensure('today');
    const noted = new Promise<void>((resolve) => {
      const { warn } = second.log;
      Object.assign(second.log, {
        warn: (text: string) => {
          warn(text);
          resolve();
        },
      });
    });
    await first.host.stop('today');
    await noted;
    assert.match(second.log.lines.join('\n'), /the today sandbox was not taken over/);
    assert.equal(await isUp(before), false);
    assert.deepEqual(second.host.running, []);
  });

  it('lets balances move by themselves, wherever it runs, until it is told to be quiet, reset or stopped', async () => {
    const [first, second] = [openWindow(), openWindow()];
    const address = await first.host.ensure('today');
    const jobs = async (): Promise<number> =>
      ((await control(address, 'sockets')) as { readonly jobs: number }).jobs;
    let changes = 0;
    second.host.onDidChange(() => (changes += 1));
    const quiet = await jobs();
    await second.host.setActivity('today', 60_000);
    assert.deepEqual([await jobs(), second.host.active, first.host.active], [quiet + 1, ['today'], []]);
    await second.host.setActivity('today', 0);
    assert.deepEqual([await jobs(), second.host.active, changes], [quiet, [], 2]);
    await first.host.setActivity('today', 60_000);
    await first.host.reset('today');
    assert.deepEqual([await jobs(), first.host.active], [quiet, []]);
    await first.host.setActivity('today', 60_000);
    await first.host.stop('today');
    assert.deepEqual(first.host.active, []);
    await first.host.ensure('today');
    assert.deepEqual(first.host.active, []);
  });

  it('takes any free ports when its own are taken, and comes back to the same ones', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(ports.today[0], '127.0.0.1', resolve));
    const { host, log } = openWindow();
    const before = await host.ensure('today');
    assert.notEqual(before.spot, `http://127.0.0.1:${ports.today[0]}`);
    assert.ok(await isUp(before));
    assert.match(log.lines.join('\n'), /cannot have the ports/);
    await host.stop('today');
    await new Promise((resolve) => taken.close(resolve));
    const after = await openWindow().host.ensure('today');
    assert.deepEqual([after.spot, after.futures], [before.spot, before.futures]);
  });

  it('stops, frees its ports, and starts again with the same money', async () => {
    const { host } = openWindow();
    const before = await host.ensure('today');
    await control(before, 'credit', { currency: 'USDT', amount: '0.25' });
    const money = await total(before);
    assert.equal(await host.stop('today'), true);
    assert.deepEqual(host.running, []);
    assert.equal(await isUp(before), false);
    assert.equal(await host.stop('today'), false);
    const after = await host.ensure('today');
    assert.equal(after.spot, before.spot);
    assert.equal(await total(after), money);
  });

  it('is not started anew before it has stopped', async () => {
    const { host } = openWindow();
    const before = await host.ensure('today');
    const [, after] = await Promise.all([host.stop('today'), host.ensure('today')]);
    assert.equal(after.spot, before.spot);
    assert.ok(await isUp(after));
  });

  it('leaves nothing running when the window closes while it starts', async () => {
    const { host } = openWindow();
    const starting = host.ensure('today');
    await host.dispose();
    assert.deepEqual(host.running, []);
    assert.equal(await isUp(await starting), false);
  });

  for (const who of ['owner', 'another window'] as const) {
    it(`goes back to its first day at the word of: ${who}`, async () => {
      const [first, second] = [openWindow(), openWindow()];
      const address = await first.host.ensure('today');
      const money = await total(address);
      await control(address, 'credit', { currency: 'USDT', amount: '7' });
      assert.notEqual(await total(address), money);
      await (who === 'owner' ? first : second).host.reset('today');
      assert.equal(await total(address), money);
      assert.deepEqual(second.host.running, []);
    });
  }

  for (const [what, lease] of [
    ['is not JSON', '{"pid":'],
    ['is null', 'null'],
    ['lacks the addresses', '{"pid":1}'],
    ['has addresses that are none', '{"pid":1,"spot":1,"futures":2,"control":3}'],
    [
      'leads away from this computer',
      '{"pid":1,"spot":"https://evil.example","futures":"https://evil.example","control":"https://evil.example"}',
    ],
    [
      'is of a process that has died',
      '{"pid":99999999,"spot":"http://127.0.0.1:1","futures":"http://127.0.0.1:1","control":"http://127.0.0.1:1/x"}',
    ],
  ] as const) {
    it(`starts when the lease ${what}`, async () => {
      await writeFile(folder.path('sandbox-today.lease.json'), lease);
      const { host } = openWindow();
      const address = await host.ensure('today');
      assert.match(address.spot, /^http:\/\/127\.0\.0\.1:\d+$/);
      assert.ok(await isUp(address));
      assert.deepEqual(host.running, ['today']);
    });
  }

  it('does not take another sandbox at the address of an old lease for its own', async () => {
    const { host } = openWindow();
    const { spot, futures } = await host.ensure('seed');
    const lease = {
      pid: process.pid,
      spot,
      futures,
      control: `${spot}/__control/ffffffffffffffffffffffffffffffff`,
    };
    await writeFile(folder.path('sandbox-today.lease.json'), JSON.stringify(lease));
    const today = await host.ensure('today');
    assert.notEqual(today.spot, spot);
    assert.deepEqual([...host.running].sort(), ['seed', 'today']);
  });

  it('starts with the demo data when its state file is damaged, keeps the file, and says so', async () => {
    await writeFile(folder.path('sandbox-today.state.json'), '{"format":');
    const { host, notices } = openWindow();
    const address = await host.ensure('today');
    assert.ok(await total(address));
    assert.equal(notices.length, 1);
    assert.ok((await folder.files()).some((name) => name.includes('damaged')));
  });

  it('says why it cannot start, and tries again with the next call', async () => {
    const newer = '{"format":"kucoin-accounts-sandbox","version":99}';
    await writeFile(folder.path('sandbox-today.state.json'), newer);
    const { host } = openWindow();
    await assert.rejects(host.ensure('today'), { code: 'STATE_VERSION' });
    assert.deepEqual(host.running, []);
    await writeFile(folder.path('sandbox-today.state.json'), '');
    assert.ok(await isUp(await host.ensure('today')));
  });
});
