import { fake, FakeWebviewPanel, Uri } from '../../support/fakeVscode';
import assert from 'node:assert/strict';
import * as v from 'valibot';
import type * as vscode from 'vscode';
import { keptIn, Panel, panelHtml } from '../../../../src/ui/panels/panel';
import { FakeTime } from '../../support/fakeTime';

const time = new FakeTime();
const warned: string[] = [];
const failed: string[] = [];
const log = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: (text: string) => void warned.push(text),
  error: (text: string) => void failed.push(text),
};

interface Opened {
  readonly panel: Panel<string, { readonly type: 'choose'; readonly what: string }>;
  readonly page: FakeWebviewPanel;
  readonly heard: unknown[];
}

let count = 0;

function open(receive?: (message: unknown) => unknown): Opened {
  const heard: unknown[] = [];
  const panel = new Panel({
    viewType: 'kucoin.test',
    bundle: 'test',
    title: 'Test',
    extensionUri: Uri.file('/extension') as unknown as vscode.Uri,
    log,
    messages: v.object({ type: v.literal('choose'), what: v.pipe(v.string(), v.maxLength(10)) }),
    greeting: () => 'texts',
    state: () => `state ${++count}`,
    receive: receive ?? ((message) => void heard.push(message)),
    time,
  });
  const page = fake.panels.at(-1);
  assert.ok(page);
  return { panel, page, heard };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a panel', () => {
  beforeEach(() => {
    fake.reset();
    count = 0;
    warned.length = 0;
    failed.length = 0;
  });

  it('may run scripts, and reads nothing but its own files', () => {
    const { page } = open();
    const options = page.options as {
      readonly enableScripts: boolean;
      readonly localResourceRoots: readonly Uri[];
    };
    assert.equal(options.enableScripts, true);
    assert.deepEqual(
      options.localResourceRoots.map(({ path }) => path),
      ['/extension/dist/webview'],
    );
    assert.ok(!('retainContextWhenHidden' in options));
  });

  it('posts nothing before the page is ready, then its texts and its state', () => {
    const { panel, page } = open();
    panel.changed();
    assert.equal(panel.post('early'), false);
    assert.deepEqual(page.posted, []);
    page.send({ type: 'ready' });
    assert.deepEqual(page.posted, ['texts', 'state 1']);
  });

  it('makes one message of many changes, ten a second at most', async () => {
    const { panel, page } = open();
    page.send({ type: 'ready' });
    page.posted.length = 0;
    const start = time.monotonic();
    while (time.monotonic() - start < 1_000) {
      for (let i = 0; i < 50; i++) panel.changed();
      await time.advance(10);
    }
    await time.advance(100);
    assert.ok(page.posted.length >= 9 && page.posted.length <= 11, String(page.posted.length));
    const { length } = page.posted;
    await time.advance(1_000);
    assert.equal(page.posted.length, length);
  });

  it('posts nothing and has no timer while it is hidden, and everything when it is shown again', async () => {
    const { panel, page } = open();
    const seen: boolean[] = [];
    panel.onDidChangeVisibility((visible) => seen.push(visible));
    page.send({ type: 'ready' });
    panel.changed();
    page.show(false);
    assert.equal(time.sleeping, 0);
    page.posted.length = 0;
    panel.changed();
    await time.advance(1_000);
    assert.deepEqual(page.posted, []);
    page.show(true);
    panel.changed();
    assert.deepEqual(page.posted, []);
    page.send({ type: 'ready' });
    assert.equal(page.posted[0], 'texts');
    assert.equal(page.posted.length, 2);
    assert.deepEqual(seen, [false, true]);
  });

  it('is told everything again when the page was made anew without being hidden', () => {
    const { page } = open();
    page.send({ type: 'ready' });
    page.send({ type: 'ready' });
    assert.deepEqual(page.posted, ['texts', 'state 1', 'texts', 'state 2']);
  });

  it('does what the page asks for', async () => {
    const { page, heard } = open();
    page.send({ type: 'choose', what: 'this' });
    await settled();
    assert.deepEqual(heard, [{ type: 'choose', what: 'this' }]);
  });

  for (const hostile of [
    undefined,
    null,
    'ready',
    [],
    {},
    { type: 'other' },
    { type: 'choose' },
    { type: 'choose', what: 5 },
    { type: 'choose', what: 'far too long a text' },
    { type: ['ready'] },
    JSON.parse('{"__proto__":{"type":"ready"}}') as unknown,
  ]) {
    it(`drops what is no message of its protocol: ${JSON.stringify(hostile)}`, async () => {
      const { page, heard } = open();
      page.send(hostile);
      await settled();
      assert.deepEqual(heard, []);
      assert.deepEqual(page.posted, []);
      assert.equal(warned.length, 1);
      assert.doesNotMatch(warned[0] ?? '', /too long/);
    });
  }

  it('tells and logs what went wrong, and goes on', async () => {
    const { page } = open(() => {
      throw new Error('disk full');
    });
    page.send({ type: 'choose', what: 'this' });
    await settled();
    assert.equal(failed.length, 1);
    assert.equal(fake.messages.length, 1);
    page.send({ type: 'ready' });
    assert.equal(page.posted.length, 2);
  });

  it('ends once, with no timer left', async () => {
    const { panel, page } = open();
    let ends = 0;
    panel.onDidDispose(() => ends++);
    page.send({ type: 'ready' });
    panel.changed();
    panel.dispose();
    panel.dispose();
    panel.changed();
    panel.reveal();
    panel.title = 'Later';
    await time.advance(1_000);
    assert.equal(ends, 1);
    assert.equal(time.sleeping, 0);
    assert.equal(page.revealed, 0);
    assert.equal(page.posted.length, 2);
  });

  it('is filled into the tab that the editor brings back, with the same rights as a new one', () => {
    const page = new FakeWebviewPanel('kucoin.test', 'as it was', {});
    page.visible = false;
    const panel = new Panel({
      viewType: 'kucoin.test',
      bundle: 'test',
      title: 'Test',
      extensionUri: Uri.file('/extension') as unknown as vscode.Uri,
      log,
      messages: v.never(),
      state: () => 'state',
      receive: () => undefined,
      restored: page as unknown as vscode.WebviewPanel,
      time,
    });
    const options = page.webview.options as { readonly localResourceRoots: readonly Uri[] };
    assert.deepEqual(
      options.localResourceRoots.map(({ path }) => path),
      ['/extension/dist/webview'],
    );
    assert.match(page.webview.html, /test\.js/);
    assert.deepEqual([page.title, panel.isVisible, fake.panels.length], ['Test', false, 0]);
    page.show(true);
    page.send({ type: 'ready' });
    assert.deepEqual(page.posted, ['state']);
  });

  it('is told everything once it is seen, where its page was ready before the editor said so', () => {
    const { page } = open();
    page.show(false);
    page.posted.length = 0;
    page.send({ type: 'ready' });
    assert.deepEqual(page.posted, []);
    page.show(true);
    assert.deepEqual(page.posted.slice(0, 1), ['texts']);
    assert.equal(page.posted.length, 2);
  });

  it('has its page keep what makes the tab anew, once for each change and for each page', async () => {
    let step = 1;
    const panel = new Panel({
      viewType: 'kucoin.test',
      bundle: 'test',
      title: 'Test',
      extensionUri: Uri.file('/extension') as unknown as vscode.Uri,
      log,
      messages: v.never(),
      state: () => 'state',
      receive: () => undefined,
      kept: () => ({ step }),
      time,
    });
    const page = fake.panels.at(-1);
    assert.ok(page);
    page.send({ type: 'ready' });
    const keep = (number: number): unknown => ({ type: 'keep', kept: { step: number } });
    assert.deepEqual(page.posted, [keep(1), 'state']);
    panel.changed();
    await time.advance(200);
    step = 2;
    panel.changed();
    await time.advance(200);
    assert.deepEqual(page.posted, [keep(1), 'state', 'state', keep(2), 'state']);
    page.send({ type: 'ready' });
    assert.deepEqual(page.posted.slice(-2), [keep(2), 'state']);
    assert.deepEqual(keptIn({ page: 1, kept: { step } }), { step });
    for (const other of [undefined, null, 'kept', {}]) assert.equal(keptIn(other), undefined);
  });
});

describe('the page of a panel', () => {
  const page = {
    title: 'KuCoin <b>"&',
    language: 'en',
    source: 'https://local.invalid',
    script: 'https://local.invalid/a.js?a&b',
    style: 'https://local.invalid/a.css',
  };

  it('allows its own script and style and nothing else', () => {
    const html = panelHtml({ ...page, nonce: 'N0NCE' });
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html) ?? [];
    assert.equal(
      policy,
      "default-src 'none'; style-src https://local.invalid; script-src 'nonce-N0NCE'; base-uri 'none'; form-action 'none'",
    );
    assert.doesNotMatch(html, /unsafe|<style|\son\w+=|style=/);
  });

  it('has a nonce of its own each time', () => {
    const nonceOf = (html: string): string => /script nonce="([^"]+)"/.exec(html)?.[1] ?? '';
    const nonces = Array.from({ length: 50 }, () => nonceOf(panelHtml(page)));
    assert.equal(new Set(nonces).size, 50);
    for (const nonce of nonces) assert.ok(Buffer.from(nonce, 'base64url').length >= 16);
  });

  it('shows text from outside as text', () => {
    const html = panelHtml(page);
    assert.match(html, /<title>KuCoin &lt;b&gt;&quot;&amp;<\/title>/);
    assert.match(html, /a\.js\?a&amp;b"/);
  });
});
