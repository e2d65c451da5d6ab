import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { send } from './caller';

const main = path.join(__dirname, '../../../src/sandbox/main.js');

interface Run {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly exit: Promise<number | null>;
}

function run(...args: string[]): Run {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return { child, out: () => out, err: () => err, exit };
}

async function firstLine({ child, out }: Run): Promise<Record<string, string>> {
  while (!out().includes('\n')) await once(child.stdout!, 'data');
  return JSON.parse(out()) as Record<string, string>;
}

describe('sandbox command line', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`prints one line of JSON when it is ready, and ends with 0 on ${signal}`, async () => {
      const started = run('--world', 'seed', '--latency', '1');
      const line = await firstLine(started);
      assert.deepEqual(Object.keys(line), [
        'spot',
        'futures',
        'control',
        'key',
        'secret',
        'passphrase',
        'keyVersion',
      ]);
      assert.deepEqual([line['key'], line['keyVersion']], ['de300000000000000000de30', '3']);
      const time = await send({ base: line['futures']!, method: 'GET', target: '/api/v1/timestamp' });
      assert.ok(Math.abs(Number(time.json?.data) - Date.now()) < 10_000);
      const { pathname } = new URL(line['control']!);
      const state = await send({ base: line['spot']!, method: 'GET', target: `${pathname}/state` });
      assert.equal((state.json as { world?: string }).world, 'seed');
      started.child.kill(signal);
      assert.equal(await started.exit, 0);
      assert.equal(started.out().split('\n').length, 2);
      assert.equal(started.err(), '');
    });
  }

  const wrong = [
    ['--world', 'mars'],
    ['--spot-port', '99999'],
    ['--futures-port', 'x'],
    ['--latency', '-1'],
    ['--nonsense'],
    ['stray'],
  ];
  it('answers bad arguments with a sentence and exit code 2', async () => {
    await Promise.all(
      wrong.map(async (args) => {
        const { exit, err, out } = run(...args);
        assert.equal(await exit, 2, args.join(' '));
        assert.match(err(), /^[A-Z-].*\nTry --help\.\n$/);
        assert.equal(out(), '');
      }),
    );
  });

  it('explains itself', async () => {
    const { exit, out } = run('--help');
    assert.equal(await exit, 0);
    for (const option of ['--spot-port', '--futures-port', '--world', '--state', '--latency']) {
      assert.ok(out().includes(option));
    }
  });

  it('says that a port is taken, and ends with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { exit, err } = run('--spot-port', String(port));
    assert.equal(await exit, 1);
    assert.match(err(), new RegExp(`^Port ${port} of 127\\.0\\.0\\.1 is taken`));
    other.close();
  });
});
