import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import type { Services } from '../../../src/services';
import {
  cleanUp,
  escape,
  eventually,
  Messages,
  run,
  Script,
  services,
  setUserSetting,
  useKey,
} from './support/host';

const command = 'kucoin.hf.placeOrder';
const goOn = 'Continue to the confirmation…';

describe('an HF order', () => {
  let exchange: Sandbox;
  let own: Services;
  let messages: Messages;
  let profileId: string;

  before(async () => {
    exchange = await startSandbox({ world: 'today' });
    own = await services();
  });
  after(() => exchange.stop());
  beforeEach(async () => {
    await exchange.reset();
    exchange.clearFaults();
    await cleanUp();
    messages = new Messages();
    profileId = await useKey(exchange);
    await own.accounts.refresh();
    const { opened } = own.sessions;
    await eventually(
      () => own.accounts.tree.getChildren().length > 0 && opened?.portfolio.accounts.state,
      (state) => state === 'ready',
      'the balances',
    );
  });
  afterEach(async () => {
    messages.dispose();
    await cleanUp();
  });

  const answers = (...more: (string | typeof escape)[]): Script =>
    new Script('KCS-USDT', 'Buy', 'Limit', '5', '1', ...more);
  const held = (): string | undefined =>
    exchange.ledger().rows.find(({ type, currency }) => type === 'trade' && currency === 'USDT')?.held;
  const planOf = (script: Script): string => script.offered.at(-1)?.join('\n') ?? '';

  it('shows its plan with the rules of the pair and the test, asks once as LIVE, and can be cancelled', async () => {
    const before = held();
    messages.press = 'Cancel Order';
    const script = answers(goOn);
    const [question] = await run(command, script);
    const plan = planOf(script);
    assert.match(
      plan,
      /^Continue to the confirmation…\nLIVE: this order trades real funds of Main\.\nOrder: buy 1 KCS-USDT at 5\.\n/,
    );
    assert.match(
      plan,
      /The price is a multiple of 0\.\d+\.\nThe amount is a multiple of \S+ and at least \S+ KCS\.\n/,
    );
    assert.match(plan, /Order test: KuCoin would take the order\.$/);
    assert.equal(question?.message, 'LIVE: buy 1 KCS-USDT at 5?');
    assert.match(question.detail, /^LIVE: this order trades real funds of Main\.\n/);
    await messages.waitFor(/^Order placed: buy 1 KCS-USDT at 5\. Order id: /);
    await messages.waitFor(/^Order ended: buy 1 KCS-USDT at 5\./);
    assert.equal(held(), before);
  });

  it('is typed above the threshold', async () => {
    await setUserSetting('kucoin', 'transfer.typeAbove', '1');
    try {
      const before = held();
      const script = answers(goOn, escape);
      await run(command, script);
      assert.equal(script.asked.at(-1), 'Type KCS-USDT to place the order. Nothing has been sent yet.');
      assert.equal(held(), before);
    } finally {
      await setUserSetting('kucoin', 'transfer.typeAbove', undefined);
    }
  });

  it('is only tested on a read-only profile', async () => {
    await own.profiles.setReadOnly(profileId, true);
    const script = answers(escape);
    assert.deepEqual(await run(command, script), []);
    assert.match(
      planOf(script),
      /KuCoin would take the order\.\nThe profile is read-only: orders are only tested, none is placed\.$/,
    );
    assert.doesNotMatch(planOf(script), /Continue/);
  });

  const refusals: [code: string, words: RegExp][] = [
    ['126001', /may not open the high-frequency account\.\nAsk KuCoin to put the uid on the list/],
    ['126047', /asks for identity verification first\.\nComplete it on the KuCoin website\./],
    ['400301', /does not serve this region or IP address/],
    ['400007', /The key lacks a permission for this: .*\nGive the key the permission Spot/],
  ];
  for (const [code, words] of refusals) {
    it(`is not placed when its test is refused with ${code}, which has its sentence`, async () => {
      exchange.addFault({
        kind: 'envelope',
        when: 'before',
        body: { code, msg: 'refused' },
        match: { path: '/api/v1/hf/orders/test' },
      });
      const script = answers(escape);
      assert.deepEqual(await run(command, script), []);
      assert.match(planOf(script), /Order test: refused\. No order was placed\./);
      assert.match(planOf(script), words);
      assert.doesNotMatch(planOf(script), /Continue/);
    });
  }

  it('whose answer gets lost is found by its clientOid, and placed once', async () => {
    exchange.addFault({ kind: 'reset', when: 'after', match: { method: 'POST', path: '/api/v1/hf/orders' } });
    await run(command, answers(goOn));
    await messages.waitFor(/^Order placed: buy 1 KCS-USDT at 5\./);
    const sent = exchange
      .requests()
      .recent.filter(({ method, endpoint }) => method === 'POST' && endpoint === 'addHfOrder');
    assert.equal(
      sent.reduce((sum, { executed }) => sum + executed, 0),
      1,
    );
  });
});

describe('the guided activation of HF', () => {
  let own: Services;
  let messages: Messages;

  beforeEach(async () => {
    own = await services();
    await cleanUp();
    messages = new Messages();
    await own.sandboxes.ensure('seed');
    await own.sandboxes.reset('seed');
    await vscode.commands.executeCommand('kucoin.demo.openSeed');
  });
  afterEach(async () => {
    messages.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await own.sandboxes.reset('seed');
    await cleanUp();
  });

  const document = (): string =>
    vscode.workspace.textDocuments
      .find(({ uri }) => uri.scheme === 'kucoin-answer' && uri.path === '/HF Activation.txt')
      ?.getText() ?? '';

  it('opens isolated margin HF of one pair, and tells each step as it happens', async () => {
    let during = '';
    const script = new Script('Open Isolated Margin HF by a Transfer', 'BTC-USDT', goOn);
    own.answerWith({
      prompt: script,
      confirm: async ({ message }) => {
        assert.match(
          message,
          /^DEMO: transfer \S+ USDT from Isolated Margin BTC-USDT to Isolated Margin HF BTC-USDT\?$/,
        );
        during = await eventually(document, (text) => /Transfer: +in progress/.test(text), 'the step');
        return true;
      },
    });
    await vscode.commands.executeCommand('kucoin.hf.activate');
    assert.match(
      during,
      /1\. Isolated margin: +not open\n2\. Funds: .*Isolated Margin BTC-USDT\n3\. Transfer: +in progress…/,
    );
    const text = await eventually(
      document,
      (now) => now.includes('High-frequency (HF) trading'),
      'the report',
    );
    assert.match(
      text,
      /3\. Transfer: +\S+ USDT from Isolated Margin BTC-USDT to Isolated Margin\s+HF BTC-USDT\n4\. Waiting: +KuCoin lists the HF account/,
    );
    assert.match(text, /Isolated margin\n +State: +separate HF account/);
    assert.doesNotMatch(text, /Order test:/);
  });

  it('says where it was stopped by an error, and no longer that it is in progress', async () => {
    const { control } = await own.sandboxes.ensure('seed');
    const body = { code: '400100', msg: 'currency not exist' };
    const fault = { kind: 'envelope', body, match: { endpoint: 'getCurrency' } };
    const taken = await fetch(`${control}/faults`, { method: 'POST', body: JSON.stringify(fault) });
    assert.equal(taken.status, 200);
    await run('kucoin.hf.activate', new Script('Open Spot HF by a Transfer'));
    const text = await eventually(document, (now) => now.includes('stopped by an error'), 'the end');
    assert.match(text, /2\. Funds: +stopped by an error: The exchange refused a value: currency/);
    assert.doesNotMatch(text, /in progress/);
  });

  it('says what was left, and sends nothing', async () => {
    await run('kucoin.hf.activate', new Script('Open Spot HF by a Transfer', escape));
    const text = await eventually(
      document,
      (now) => now.includes('High-frequency (HF) trading'),
      'the report',
    );
    assert.match(text, /3\. Transfer: +you left it; nothing was sent\n/);
    assert.match(text, /Spot\n +State: +not open/);
  });
});
