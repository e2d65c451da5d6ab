import { fake } from '../support/fakeVscode';
import assert from 'node:assert/strict';
import type { Sessions } from '../../../src/host/sessions';
import { KucoinClient } from '../../../src/kucoin/client';
import type { Credentials } from '../../../src/kucoin/sign';
import type { TransportReply } from '../../../src/kucoin/transport';
import type { ProfileSite } from '../../../src/profiles/profile';
import { askForKey, emptyEntry, keySteps, siteSteps, type CheckedKey } from '../../../src/ui/keyWizard';
import type { Answer, InputBox, PickBox, Prompt } from '../../../src/ui/wizard';
import { reply } from '../portfolio/support';
import { credentials } from '../profiles/support';
import { HurriedTime } from '../support/fakeTime';

const info = {
  apiKey: credentials.key,
  apiVersion: 3,
  permission: 'General,Spot',
  createdAt: 1,
  uid: 7,
  isMaster: true,
  siteType: 'global',
};
const good = reply({ code: '200000', data: info });
const refused = reply({ code: '400004', msg: 'Invalid KC-API-PASSPHRASE' }, 401);
const unreachable: TransportReply = { ok: false, failure: 'network', unsent: true, code: 'ENOTFOUND' };

/** Types the same each time, or leaves at a box of this title or prompt. */
class Typist implements Prompt {
  readonly boxes: { readonly prompt: string; readonly value: string; readonly password: boolean }[] = [];

  constructor(
    private readonly choices: readonly string[],
    private readonly typed: Readonly<Record<string, string>>,
  ) {}

  async pick<T>(box: PickBox<T>): Promise<Answer<T>> {
    const item = (await box.items).find(({ label }) => this.choices.includes(label));
    return item ? { kind: 'value', value: item.value } : { kind: 'cancelled' };
  }

  pickMany(): Promise<Answer<never>> {
    return Promise.resolve({ kind: 'cancelled' });
  }

  input(box: InputBox): Promise<Answer<string>> {
    const prompt = box.prompt();
    this.boxes.push({ prompt, value: box.value, password: box.password });
    const text = this.typed[prompt];
    if (text === undefined) return Promise.resolve({ kind: 'cancelled' });
    assert.equal(box.validate(text), undefined, prompt);
    return Promise.resolve({ kind: 'value', value: text });
  }
}

const secrets = {
  'API key': `  ${credentials.key} `,
  'API secret': credentials.secret,
  'Passphrase of the API key': credentials.passphrase,
};

describe('asking for a key', () => {
  let answers: TransportReply[];
  let trials: {
    readonly site: ProfileSite;
    readonly credentials: Credentials;
    readonly client: KucoinClient;
  }[];
  beforeEach(() => {
    fake.reset();
    answers = [];
    trials = [];
  });

  const sessions = {
    trial: (site: ProfileSite, given: Credentials): Promise<KucoinClient> => {
      const time = new HurriedTime();
      const answer = answers.shift();
      assert.ok(answer);
      const client = new KucoinClient({
        site: { hosts: { spot: 'https://fake', futures: undefined } },
        time,
        credentials: () => Promise.resolve(given),
        transport: ({ url }) =>
          Promise.resolve(url.endsWith('/timestamp') ? reply({ code: '200000', data: time.now() }) : answer),
      });
      trials.push({ site, credentials: given, client });
      return Promise.resolve(client);
    },
  } as unknown as Sessions;
  const ask = (prompt: Prompt): Promise<CheckedKey | undefined> =>
    askForKey(prompt, sessions, 'Add API Key', [...siteSteps(), ...keySteps()], emptyEntry);

  it('checks it at once, and answers with what the exchange knows of it', async () => {
    answers = [good];
    const checked = await ask(new Typist(['KuCoin (global)', '3'], secrets));
    assert.deepEqual(checked?.site, { kind: 'brand', brand: 'global' });
    assert.deepEqual(checked.credentials, credentials);
    assert.equal(checked.facts?.uid, 7);
    assert.equal(trials.length, 1);
    assert.equal(trials[0]?.client.retired, true);
    assert.deepEqual(fake.messages, []);
  });

  it('takes all three secrets in password boxes that are empty at first', async () => {
    answers = [good];
    const typist = new Typist(['KuCoin (global)', '3'], secrets);
    await ask(typist);
    assert.deepEqual(
      typist.boxes.map(({ value, password }) => [value, password]),
      [
        ['', true],
        ['', true],
        ['', true],
      ],
    );
  });

  it('asks for no version where there is only one', async () => {
    answers = [reply({ code: '200000', data: { ...info, siteType: 'turkey' } })];
    const checked = await ask(new Typist(['KuCoin Türkiye'], secrets));
    assert.equal(checked?.credentials.version, '3');
  });

  it('takes a host of its own, by its origin, with or without futures', async () => {
    answers = [good];
    const checked = await ask(
      new Typist(['Another host…', '2'], {
        ...secrets,
        'Base URL of the spot host': 'http://127.0.0.1:8080/',
        'Base URL of the futures host; leave it empty if there is none': '',
      }),
    );
    assert.deepEqual(checked?.site, { kind: 'custom', spot: 'http://127.0.0.1:8080' });
    assert.equal(checked.credentials.version, '2');
  });

  it('says what is wrong with the key, and keeps what was typed when the user corrects it', async () => {
    answers = [refused, good];
    fake.click = ([first]) => first;
    const typist = new Typist(['KuCoin (global)', '3'], secrets);
    const checked = await ask(typist);
    assert.equal(fake.messages.length, 1);
    assert.match(fake.messages[0] ?? '', /^The key was not saved\. The exchange refused the passphrase\./);
    assert.deepEqual(
      typist.boxes.slice(3).map(({ value }) => value),
      [credentials.key, credentials.secret, credentials.passphrase],
    );
    assert.equal(checked?.facts?.uid, 7);
    assert.ok(trials.every(({ client }) => client.retired));
  });

  it('never saves a key that the exchange refuses', async () => {
    answers = [refused];
    let offered: readonly string[] = [];
    fake.click = (buttons) => {
      offered = buttons;
      return undefined;
    };
    assert.equal(await ask(new Typist(['KuCoin (global)', '3'], secrets)), undefined);
    assert.deepEqual(offered, ['Correct…']);
  });

  it('saves a key without a check only when the exchange cannot be asked and the user wants it', async () => {
    answers = [unreachable];
    fake.click = (buttons) => buttons.find((button) => button.startsWith('Save'));
    const checked = await ask(new Typist(['KuCoin (global)', '3'], secrets));
    assert.deepEqual(checked?.credentials, credentials);
    assert.equal(checked.facts, undefined);
    assert.match(fake.messages[0] ?? '', /could not be reached/);
  });

  it('shows no secret in any message', async () => {
    answers = [reply({ code: '400003', msg: `not exists: ${credentials.key} ${credentials.secret}` }, 401)];
    await ask(new Typist(['KuCoin (global)', '3'], secrets));
    for (const secret of [credentials.key, credentials.secret, credentials.passphrase]) {
      assert.ok(!fake.messages.join('\n').includes(secret));
    }
  });

  for (const box of ['API key', 'API secret', 'Passphrase of the API key'] as const) {
    it(`asks the exchange nothing when the user leaves at: ${box}`, async () => {
      const typed = Object.fromEntries(Object.entries(secrets).filter(([prompt]) => prompt !== box));
      assert.equal(await ask(new Typist(['KuCoin (global)', '3'], typed)), undefined);
      assert.deepEqual(trials, []);
      assert.deepEqual(fake.messages, []);
    });
  }
});
