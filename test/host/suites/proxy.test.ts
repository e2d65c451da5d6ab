import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ErrorKind, KucoinError } from '../../../src/kucoin/errors';
import { getApiKeyInfo } from '../../../src/kucoin/endpoints/account';
import type { Transport } from '../../../src/kucoin/transport';
import { demoKeys } from '../../../src/sandbox/demo';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import type { Services } from '../../../src/services';
import { makeCertificate } from '../../unit/kucoin/localServer';
import {
  cleanUp,
  drawTree,
  eventually,
  extension,
  Messages,
  Script,
  services,
  setUserSetting,
} from './support/host';
import { Front, TunnelProxy, type Certificate } from './support/proxy';

const spotName = 'spot.kucoin.invalid';
const futuresName = 'futures.kucoin.invalid';
const { key, secret, passphrase } = demoKeys.demo;
/** The class of the bundle is another than the one of this file. */
const isKucoinError = (error: unknown): error is KucoinError =>
  error instanceof Error && error.name === 'KucoinError';
const loadTransport = (): { readonly send: Transport } =>
  createRequire(__filename)(path.join(extension().extensionPath, 'dist', 'transport.js')) as {
    readonly send: Transport;
  };
const credentials = { key, secret, passphrase, version: '3' } as const;

/**
 * The names end in `.invalid`, which never resolves (RFC 6761): whoever reaches them went through the proxy, and who
 * goes straight fails at the name. `SSL_CERT_FILE` of this run trusts one certificate (scripts/host-tests.mjs).
 */
describe('behind a proxy', () => {
  const site = { kind: 'custom', spot: `https://${spotName}`, futures: `https://${futuresName}` } as const;
  const trusted = JSON.parse(process.env['KUCOIN_TRUSTED'] ?? '{}') as Certificate;
  let exchange: Sandbox;
  let own: Services;
  let messages: Messages;
  let proxy: TunnelProxy;
  let fronts: Front[];
  let [spot, futures]: Partial<[Front, Front]> = [];

  const set = async (values: Readonly<Record<string, unknown>>): Promise<void> => {
    for (const [name, value] of Object.entries(values)) {
      await setUserSetting('http', name, value);
      await eventually(
        () => JSON.stringify(vscode.workspace.getConfiguration('http').get(name)),
        (now) => value === undefined || now === JSON.stringify(value),
        `http.${name}`,
      );
    }
  };
  const frontsOf = async (pair: Certificate): Promise<[Front, Front]> => [
    await new Front(pair, exchange.spot, `wss://${spotName}`).listen(),
    await new Front(pair, exchange.futures, `wss://${futuresName}`).listen(),
  ];
  const use = (pair: [Front, Front]): void => {
    fronts.push(...pair);
    [spot, futures] = pair;
  };

  before(async function () {
    // A desktop takes its certificates from the system; only the server's can be told by a variable.
    if (!process.env['KUCOIN_SERVER'] || !trusted.cert) return this.skip();
    exchange = await startSandbox({ world: 'today' });
    own = await services();
  });
  after(() => exchange.stop());

  beforeEach(async () => {
    await exchange.reset();
    await cleanUp();
    messages = new Messages();
    fronts = [];
    use(await frontsOf(trusted));
    proxy = await new TunnelProxy({
      [`${spotName}:443`]: () => spot!,
      [`${futuresName}:443`]: () => futures!,
    }).listen();
    await set({ proxy: proxy.address, proxySupport: 'override', noProxy: [], systemCertificatesNode: true });
  });
  afterEach(async () => {
    messages.dispose();
    await cleanUp();
    await set({
      proxy: undefined,
      proxySupport: undefined,
      noProxy: undefined,
      systemCertificatesNode: undefined,
    });
    await setUserSetting('kucoin', 'live.updates', 'never');
    for (const each of [proxy, ...fronts]) await each.stop();
  });

  const addMain = async (): Promise<string> => {
    const { id } = await own.profiles.add({ name: 'Main', site, readOnly: false }, credentials);
    await own.sessions.switchTo(id);
    return id;
  };
  /** One signed call as a new key makes it, at other hosts where they are given. */
  const ask = async (at: { readonly spot: string } = site): Promise<void> => {
    const client = await own.sessions.trial({ kind: 'custom', ...at }, credentials);
    try {
      await client.call(getApiKeyInfo, {});
    } finally {
      client.retire();
    }
  };
  /** A bare request below the client: its failure and whether it is certain that nothing was sent, or its status. */
  const post = async (headers: Record<string, string> = {}): Promise<unknown> => {
    const url = `${site.spot}/api/v3/accounts/universal-transfer`;
    const reply = await loadTransport().send({ method: 'POST', url, headers, body: '{}', timeoutMs: 1_000 });
    return reply.ok ? reply.status : [reply.failure, reply.unsent];
  };
  const fails = (kind: ErrorKind, detail: RegExp, asked = ask()): Promise<void> =>
    assert.rejects(asked, (error) => {
      assert.ok(isKucoinError(error), String(error));
      assert.deepEqual([error.kind, error.outcome], [kind, 'notExecuted'], error.message);
      assert.match(error.message, detail);
      return true;
    });

  it('reads balances of both hosts and hears the feeds, all through tunnels', async () => {
    await addMain();
    await own.accounts.refresh();
    const rows = await drawTree();
    assert.ok(
      rows.some((row) => /^ *Funding /.test(row)),
      rows.join('\n'),
    );
    assert.ok(
      rows.some((row) => row.includes('Futures') && !row.includes('could not be read')),
      rows.join('\n'),
    );
    await setUserSetting('kucoin', 'live.updates', 'always');
    for (const front of [spot!, futures!]) {
      await eventually(
        () => front.arrived.filter((line) => line.startsWith('UPGRADE')).length,
        (count) => count > 0,
        'a socket through the proxy',
      );
    }
    const total = (): string | undefined =>
      own.sessions.opened?.portfolio.accounts.value
        ?.find(({ type }) => type === 'main')
        ?.balances.find(({ currency }) => currency === 'USDT')?.total;
    const before = Number(total());
    await eventually(
      () => {
        exchange.credit({ currency: 'USDT', amount: '1' });
        return Number(total());
      },
      (now) => now > before,
      'a balance that was pushed',
    );
    assert.deepEqual(new Set(proxy.asked), new Set([`${spotName}:443`, `${futuresName}:443`]));
    assert.deepEqual(proxy.others, []);
  });

  it('signs in with what the setting says', async () => {
    proxy.manner = 'login';
    await set({ proxy: proxy.address.replace('//', '//invented:login@') });
    await ask();
    assert.equal(spot!.arrived.at(-1), 'GET /api/v1/user/api-key');
  });

  it('goes straight where http.noProxy or http.proxySupport says so', async () => {
    await set({ noProxy: ['kucoin.invalid'] });
    assert.deepEqual(await post(), ['network', true]);
    await set({ noProxy: [], proxySupport: 'off' });
    assert.deepEqual(await post(), ['network', true]);
    assert.deepEqual(proxy.asked, []);
  });

  it('reaches an address of http.noProxy', async function () {
    const near = new Front(trusted, exchange.spot, 'wss://127.0.0.2');
    try {
      await near.listen('127.0.0.2');
    } catch {
      return this.skip(); // not every system has more than one loopback address
    }
    fronts.push(near);
    await set({ noProxy: ['127.0.0.2'] });
    await ask({ spot: `https://127.0.0.2:${near.port}` });
    assert.deepEqual(proxy.asked, []);
  });

  it('says that a certificate is not trusted, and what to do', async () => {
    use(await frontsOf(makeCertificate(spotName, futuresName)));
    await fails('certificate', /DEPTH_ZERO_SELF_SIGNED_CERT/);
    assert.deepEqual(spot!.arrived, []);
    await addMain();
    await own.accounts.refresh();
    assert.match(
      (await drawTree()).join('\n'),
      /^ *The certificate of the exchange is not trusted: DEPTH_ZERO/m,
    );
  });

  it('follows no redirect with a signed request', async () => {
    const elsewhere = await new Front(trusted, exchange.spot, '').listen();
    fronts.push(elsewhere);
    spot!.redirectTo = `https://127.0.0.1:${elsewhere.port}`;
    assert.equal(await post({ 'KC-API-SIGN': 'invented' }), 302);
    assert.deepEqual(elsewhere.arrived, []);
  });

  it('tells of every refusal of a proxy that nothing was sent', async () => {
    proxy.manner = 'mute';
    assert.deepEqual(await post(), ['timeout', true]);
    proxy.manner = 'login';
    assert.deepEqual(await post(), ['proxyLogin', true]);
    proxy.manner = 'forbid';
    assert.deepEqual(await post(), ['proxy', true]);
    await proxy.stop();
    assert.deepEqual(await post(), ['proxy', true]);
    assert.deepEqual(spot!.arrived, []);
  });

  it('moves nothing when the proxy wants a login, and says so', async () => {
    await addMain();
    await own.accounts.refresh();
    own.answerWith({
      prompt: new Script('USDT', 'Funding', 'Spot', '12.5', 'Continue to the confirmation…'),
      confirm: () => {
        proxy.manner = 'login';
        return Promise.resolve(true);
      },
    });
    await vscode.commands.executeCommand('kucoin.transfer.inner');
    await messages.waitFor(
      /^The proxy asks for a name and a password\. No money moved\. Write them into the setting http\.proxy/,
    );
    const [newest] = await own.desk.history();
    assert.deepEqual([newest?.state, newest?.moved], ['rejected', 'notMoved']);
    assert.ok(!spot!.arrived.some((line) => line.startsWith('POST')));
  });

  it('leaves the sandbox alone: what is local needs no proxy', async () => {
    await proxy.stop();
    proxy = await new TunnelProxy({}).listen();
    await ask({ spot: exchange.spot });
    assert.deepEqual(proxy.asked, []);
  });
});
