import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import type { LogOutputChannel } from 'vscode';
import { createLogger, Redactor } from '../../../src/host/log';
import { createSigner } from '../../../src/kucoin/sign';
import { credentials } from '../profiles/support';

const nasty = 'pa ss"wo\\rd\'é%+/{}';
const secrets = [credentials.key, credentials.secret, nasty];

function redactorOf(...values: string[]): Redactor {
  const redactor = new Redactor();
  redactor.register(values);
  return redactor;
}

describe('the redactor', () => {
  const forms: [form: string, write: (value: string) => string][] = [
    ['in clear', (value) => value],
    ['in base64', (value) => Buffer.from(value).toString('base64')],
    ['in base64 for URLs', (value) => Buffer.from(value).toString('base64url')],
    ['in hex', (value) => Buffer.from(value).toString('hex')],
    ['percent-encoded', (value) => encodeURIComponent(value)],
    ['in JSON', (value) => JSON.stringify({ value })],
    ['inspected', (value) => inspect({ value })],
    ['in an inspected error', (value) => inspect(new Error(value))],
  ];
  for (const [form, write] of forms) {
    it(`takes out every secret ${form}`, () => {
      const redactor = redactorOf(...secrets);
      for (const value of secrets) {
        const clean = redactor.redact(`before ${write(value)} after`);
        assert.match(clean, /^before .*<redacted>.* after$/s);
        assert.ok(!clean.includes(value), clean);
        assert.ok(!clean.includes(write(value)), clean);
      }
    });
  }

  it('takes out all occurrences and leaves the rest as it is', () => {
    const { key } = credentials;
    assert.equal(
      redactorOf(key).redact(`a ${key} b ${key}${key} c`),
      'a <redacted> b <redacted><redacted> c',
    );
    assert.equal(redactorOf(key).redact('nothing of it'), 'nothing of it');
  });

  it('leaves nothing of a secret that begins like another one', () => {
    for (const values of [
      ['passphrase', 'passphrase-and-more'],
      ['passphrase-and-more', 'passphrase'],
    ]) {
      assert.equal(redactorOf(...values).redact('x passphrase-and-more y'), 'x <redacted> y');
    }
  });

  it('does not blacken short words', () => {
    assert.equal(redactorOf('on', 'abcde').redact('on and abcde'), 'on and abcde');
  });

  const { version, ...rest } = credentials;
  const headers = createSigner({ ...rest, version }).headers(
    1_766_000_000_000,
    'GET',
    '/api/v1/accounts',
    '',
  );
  const printed: [how: string, text: string][] = [
    ['inspected', inspect(headers)],
    ['in JSON', JSON.stringify(headers)],
    ['in JSON within JSON', JSON.stringify(JSON.stringify(headers))],
    ['as raw headers', inspect(Object.entries(headers).flat())],
    ['as a map', inspect(new Map(Object.entries(headers)))],
    [
      'as header lines',
      Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\r\n'),
    ],
    ['in lower case', inspect(headers).toLowerCase()],
  ];
  for (const [how, text] of printed) {
    it(`takes key, signature and passphrase out of headers that it never heard of, ${how}`, () => {
      const clean = new Redactor().redact(text);
      for (const name of ['KC-API-KEY', 'KC-API-SIGN', 'KC-API-PASSPHRASE'] as const) {
        const value = headers[name]!;
        assert.ok(!clean.includes(value) && !clean.includes(value.toLowerCase()), clean);
      }
      assert.match(clean, /1766000000000/);
    });
  }

  it('takes a passphrase with blanks out of a header line as a whole', () => {
    const passphrase = 'three little words';
    assert.doesNotMatch(redactorOf(passphrase).redact(`KC-API-PASSPHRASE: ${passphrase}\n`), /little|words/);
  });
});

describe('the log', () => {
  function recorded(): { readonly lines: string[]; readonly channel: LogOutputChannel } {
    const lines: string[] = [];
    const write =
      (level: string) =>
      (message: string): void =>
        void lines.push(`${level} ${message}`);
    const channel = Object.fromEntries(
      ['trace', 'debug', 'info', 'warn', 'error'].map((level) => [level, write(level)]),
    );
    return { lines, channel: channel as unknown as LogOutputChannel };
  }

  it('tags every line and keeps its level', () => {
    const { lines, channel } = recorded();
    const log = createLogger(channel, new Redactor(), 'client');
    log.trace('a');
    log.debug('b');
    log.info('c');
    log.warn('d');
    log.error('e');
    assert.deepEqual(lines, [
      'trace [client] a',
      'debug [client] b',
      'info [client] c',
      'warn [client] d',
      'error [client] e',
    ]);
  });

  it('shows an error with its cause, and no secret of either', () => {
    const { lines, channel } = recorded();
    const { key, secret } = credentials;
    const log = createLogger(channel, redactorOf(key, secret), 'client');
    const signature = createHmac('sha256', secret).update('x').digest('base64');
    const cause = Object.assign(new Error(`sent by ${key}`), {
      config: { headers: { 'KC-API-SIGN': signature, 'KC-API-KEY': key }, auth: [secret] },
    });
    log.error('failed', new Error('no answer', { cause }));
    const [line = ''] = lines;
    assert.match(line, /^error \[client\] failed Error: no answer/);
    assert.match(line, /sent by <redacted>/);
    for (const value of [key, secret, signature]) assert.ok(!line.includes(value));
  });
});
