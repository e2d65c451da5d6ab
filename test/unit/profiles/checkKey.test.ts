import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { brands, type Site } from '../../../src/kucoin/brands';
import { KucoinClient } from '../../../src/kucoin/client';
import { KucoinError, type ErrorKind } from '../../../src/kucoin/errors';
import { english, explain } from '../../../src/kucoin/explain';
import type { Credentials } from '../../../src/kucoin/sign';
import { send, type Transport, type TransportReply } from '../../../src/kucoin/transport';
import { checkKey } from '../../../src/profiles/checkKey';
import type { ProfileSite } from '../../../src/profiles/profile';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import { HurriedTime } from '../support/fakeTime';
import { credentials } from './support';

const checkedAt = 1_766_000_000_000;
const globalSite: ProfileSite = { kind: 'brand', brand: 'global' };
const info = {
  remark: 'bot',
  apiKey: credentials.key,
  apiVersion: 3,
  permission: 'General, Spot,',
  ipWhitelist: '203.0.113.7',
  createdAt: 1_690_000_000_000,
  uid: 700100200,
  isMaster: true,
  siteType: 'global',
};

function reply(body: unknown, status = 200): TransportReply {
  return { ok: true, status, headers: {}, text: typeof body === 'string' ? body : JSON.stringify(body) };
}

interface Asked {
  readonly client: KucoinClient;
  /** How often the key, and how often the time was asked for. */
  readonly count: { key: number; time: number };
}

/** A client whose question about the key gets this answer. */
function asking(answer: TransportReply, site: Site = brands.global): Asked {
  const time = new HurriedTime();
  const count = { key: 0, time: 0 };
  const transport: Transport = ({ url }) => {
    if (!url.endsWith('/api/v1/timestamp')) {
      count.key += 1;
      return Promise.resolve(answer);
    }
    count.time += 1;
    return Promise.resolve(reply({ code: '200000', data: time.now() }));
  };
  const client = new KucoinClient({ site, time, transport, credentials: () => Promise.resolve(credentials) });
  return { client, count };
}

async function failureOf(work: Promise<unknown>): Promise<KucoinError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(KucoinError.is(error), inspect(error));
  return error;
}

function sentences(error: KucoinError): string {
  const { what, todo } = explain(error, 'General');
  return `${english(what)} ${english(todo)}`;
}

describe('checking a key', () => {
  it('tells what the exchange knows of it', async () => {
    const { client } = asking(reply({ code: '200000', data: { ...info, subName: null } }));
    assert.deepEqual(await checkKey(client, globalSite, checkedAt), {
      uid: 700100200,
      isMaster: true,
      subName: undefined,
      permissions: ['General', 'Spot'],
      ipRestricted: true,
      expiresAt: undefined,
      siteType: 'global',
      checkedAt,
    });
  });

  it('takes a key without an IP list, of a sub-account, that expires', async () => {
    const data = {
      ...info,
      ipWhitelist: '',
      isMaster: false,
      subName: 'robot',
      expiredAt: 1_800_000_000_000,
    };
    const facts = await checkKey(asking(reply({ code: '200000', data })).client, globalSite, checkedAt);
    assert.equal(facts.ipRestricted, false);
    assert.equal(facts.subName, 'robot');
    assert.equal(facts.expiresAt, 1_800_000_000_000);
  });

  it('believes a key that does not say which site it is of', async () => {
    const { client } = asking(reply({ code: '200000', data: { ...info, siteType: null } }));
    assert.equal((await checkKey(client, { kind: 'brand', brand: 'europe' }, checkedAt)).siteType, undefined);
  });

  it('does not compare the site of a custom host', async () => {
    const { client } = asking(reply({ code: '200000', data: { ...info, siteType: 'turkey' } }));
    const site: ProfileSite = { kind: 'custom', spot: 'https://proxy.example' };
    assert.equal((await checkKey(client, site, checkedAt)).siteType, 'turkey');
  });

  it('refuses a key of another brand and names both', async () => {
    const { client } = asking(reply({ code: '200000', data: { ...info, siteType: 'australia' } }));
    const error = await failureOf(checkKey(client, globalSite, checkedAt));
    assert.equal(error.outcome, 'notExecuted');
    assert.match(error.detail ?? '', /"australia".*"global"/);
    assert.match(sentences(error), /site/);
  });

  const refusals: [what: string, code: string, msg: string, kind: ErrorKind, sentence: RegExp][] = [
    ['an unknown key', '400003', 'KC-API-KEY not exists', 'keyUnknown', /does not know this API key/],
    [
      'a wrong passphrase',
      '400004',
      'Invalid KC-API-PASSPHRASE',
      'passphrase',
      /passphrase .* not the login/,
    ],
    ['a wrong secret', '400005', 'Invalid KC-API-SIGN', 'signature', /copy the secret again/],
    [
      'an address that is not listed',
      '400006',
      'The IP address is not in the API whitelist: 198.51.100.7',
      'ip',
      /198\.51\.100\.7.*IP list/,
    ],
    ['a key without General', '400007', 'Access denied', 'permission', /the permission General/],
    ['a wrong version', '400008', 'KC-API-KEY-VERSION is invalid', 'keyVersion', /version/],
    ['a version that is no longer taken', '400009', 'version', 'keyVersion', /new keys are version 3/],
    ['a key that was frozen', '411100', 'User is frozen', 'frozen', /restricted/],
    ['a country that is not served', '400302', 'not available in your country', 'region', /region/],
    ['a time that is refused again and again', '400002', 'KC-API-TIMESTAMP Invalid', 'clock', /clock/],
  ];
  for (const [what, code, msg, kind, sentence] of refusals) {
    it(`has a sentence for ${what}`, async () => {
      const { client, count } = asking(reply({ code, msg }, 401));
      const error = await failureOf(checkKey(client, globalSite, checkedAt));
      assert.equal(error.kind, kind);
      assert.equal(error.code, code);
      assert.match(sentences(error), sentence);
      assert.doesNotMatch(sentences(error), /[{}]/);
      assert.equal(count.key, kind === 'clock' ? 2 : 1);
    });
  }

  const broken: [what: string, answer: TransportReply, kind: ErrorKind][] = [
    ['HTML in place of JSON', reply('<html>hello</html>'), 'malformedReply'],
    ['a page of the edge', reply('<html>Access denied</html>', 403), 'unavailable'],
    ['JSON that ends early', reply('{"code":"200000","data":{"uid":1'), 'malformedReply'],
    [
      'a missing field',
      reply({ code: '200000', data: { ...info, permission: undefined } }),
      'malformedReply',
    ],
    ['maintenance', reply({ code: '503000', msg: 'maintenance' }, 503), 'unavailable'],
    ['no network', { ok: false, failure: 'network', unsent: true, code: 'ENOTFOUND' }, 'network'],
    ['silence', { ok: false, failure: 'timeout', unsent: false, code: 'ECONNABORTED' }, 'timeout'],
    ['an overload', reply({ code: '429000', msg: 'Too many requests' }, 429), 'rateLimit'],
  ];
  for (const [what, answer, kind] of broken) {
    it(`gives up in good order at ${what}`, async () => {
      const error = await failureOf(checkKey(asking(answer).client, globalSite, checkedAt));
      assert.equal(error.kind, kind);
      assert.doesNotMatch(sentences(error), /[{}]/);
    });
  }

  it('shows no secret in an error that is printed whole', async () => {
    const echo = `Invalid ${credentials.key} ${credentials.passphrase}`;
    const error = await failureOf(
      checkKey(asking(reply({ code: '400004', msg: echo }, 401)).client, globalSite, checkedAt),
    );
    const printed = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error);
    assert.ok(!printed.includes(credentials.key));
    assert.ok(!printed.includes(credentials.secret));
  });
});

describe('checking a key at the sandbox', () => {
  let sandbox: Sandbox;
  let good: Credentials;
  const clients: KucoinClient[] = [];
  const check = (use: Credentials): Promise<unknown> => {
    const site = { hosts: { spot: sandbox.spot, futures: sandbox.futures } };
    const client = new KucoinClient({
      site,
      time: new HurriedTime(Date.now()),
      transport: send,
      credentials: () => Promise.resolve(use),
    });
    clients.push(client);
    return checkKey(client, { kind: 'sandbox', world: 'today' }, checkedAt);
  };
  before(async () => {
    sandbox = await startSandbox();
    const { key, secret, passphrase, keyVersion } = sandbox.credentials;
    good = { key, secret, passphrase, version: keyVersion };
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.retire();
    sandbox.setClock({ skewMs: 0 });
  });
  after(() => sandbox.stop());

  const wrong: [what: string, change: () => Credentials, kind: ErrorKind][] = [
    ['wrong key', () => ({ ...good, key: '000000000000000000000000' }), 'keyUnknown'],
    ['wrong passphrase', () => ({ ...good, passphrase: 'not the one' }), 'passphrase'],
    [
      'key without General',
      () => {
        const { keyVersion, ...made } = sandbox.addKey({ permissions: ['Spot'] });
        return { ...made, version: keyVersion };
      },
      'permission',
    ],
    [
      'key for another address',
      () => {
        const { keyVersion, ...made } = sandbox.addKey({ ips: ['198.51.100.7'] });
        return { ...made, version: keyVersion };
      },
      'ip',
    ],
    [
      'expired key',
      () => {
        const { keyVersion, ...made } = sandbox.addKey({ expiresAt: 1 });
        return { ...made, version: keyVersion };
      },
      'keyUnknown',
    ],
  ];
  for (const [what, change, kind] of wrong) {
    it(`names the ${what}`, async () => {
      assert.equal((await failureOf(check(change()))).kind, kind);
    });
  }

  it('names the signature for a wrong secret of a version 1 key', async () => {
    const { keyVersion, ...made } = sandbox.addKey({ version: 1 });
    const wrongSecret = { ...made, secret: credentials.secret, version: keyVersion };
    assert.equal((await failureOf(check(wrongSecret))).kind, 'signature');
  });

  it('names the passphrase for a wrong secret of a newer key, which encrypts it', async () => {
    const error = await failureOf(check({ ...good, secret: credentials.secret }));
    assert.equal(error.kind, 'passphrase');
  });

  it('names a wrong version, or the passphrase that it spoils', async () => {
    const { kind } = await failureOf(check({ ...good, version: '1' }));
    assert.ok(['keyVersion', 'passphrase'].includes(kind), kind);
  });

  it('works although the clock of this computer is one hour off', async () => {
    sandbox.setClock({ skewMs: 3_600_000 });
    await check(good);
    sandbox.setClock({ skewMs: -3_600_000 });
    await check(good);
  });
});
