import assert from 'node:assert/strict';
import { planDebug, type Configuration, type DebuggerProperties } from '../../../src/host/debugEnvironment';
import { environmentOf } from '../../../src/kucoin/environment';
import { credentials } from '../profiles/support';

const environment = environmentOf({ spot: 'http://127.0.0.1:1', futures: 'http://127.0.0.1:2' }, credentials);
const nothing = (): undefined => undefined;

function apply(configuration: Configuration, properties: () => DebuggerProperties | undefined = nothing) {
  const plan = planDebug(configuration, properties);
  assert.ok(typeof plan === 'object', JSON.stringify(plan));
  return { moved: plan.moved, started: plan.apply(environment) };
}

const launch = (type: string, more: Record<string, unknown> = {}): Configuration => ({
  type,
  request: 'launch',
  name: 'Bot',
  ...more,
});

describe('the environment of a debug configuration', () => {
  for (const type of [
    'node',
    'pwa-node',
    'debugpy',
    'python',
    'go',
    'java',
    'coreclr',
    'php',
    'dart',
    'lldb',
  ]) {
    it(`is an object for ${type}, beside what is there`, () => {
      const { started } = apply(launch(type, { env: { MODE: 'test' }, program: 'bot' }));
      assert.deepEqual(started['env'], { MODE: 'test', ...environment });
      assert.equal(started['program'], 'bot');
      assert.equal(started.type, type);
    });
  }

  for (const type of ['cppdbg', 'cppvsdbg']) {
    it(`is a list for ${type}, beside what is there`, () => {
      const { started } = apply(launch(type, { environment: [{ name: 'MODE', value: 'test' }] }));
      assert.deepEqual(started['environment'], [
        { name: 'MODE', value: 'test' },
        ...Object.entries(environment).map(([name, value]) => ({ name, value })),
      ]);
    });
  }

  it('leaves the configuration as it was', () => {
    const env = Object.freeze({ MODE: 'test' });
    const configuration = Object.freeze(launch('node', { env }));
    apply(configuration);
    assert.deepEqual(configuration, launch('node', { env: { MODE: 'test' } }));
  });

  it('names no host that the site does not have, whatever the workspace says', () => {
    const plan = planDebug(
      launch('node', { env: { KUCOIN_FUTURES_BASE_URL: 'https://evil.invalid' } }),
      nothing,
    );
    assert.ok(typeof plan === 'object');
    const started = plan.apply(environmentOf({ spot: 'https://spot', futures: undefined }, credentials));
    assert.ok(!('KUCOIN_FUTURES_BASE_URL' in (started['env'] as object)));
  });

  it('replaces what the workspace sets under these names, in any case', () => {
    const { started } = apply(
      launch('node', {
        env: {
          KUCOIN_BASE_URL: 'https://evil.invalid',
          kucoin_base_url: 'https://evil.invalid',
          Path: '/bin',
        },
      }),
    );
    assert.deepEqual(started['env'], { Path: '/bin', ...environment });
    const list = apply(
      launch('cppdbg', { environment: [{ name: 'Kucoin_Base_Url', value: 'https://evil.invalid' }] }),
    );
    assert.ok(!JSON.stringify(list.started).includes('evil'));
  });

  it('changes no prototype', () => {
    const env = JSON.parse('{"__proto__": {"polluted": true}, "constructor": "x"}') as unknown;
    const { started } = apply(launch('node', { env }));
    assert.equal(Object.getPrototypeOf(started['env']), Object.prototype);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

  describe('never gets into a terminal that VS Code types it into', () => {
    const cases: [type: string, property: string, given: unknown, becomes: unknown][] = [
      ['node', 'console', 'integratedTerminal', 'internalConsole'],
      ['node', 'console', 'externalTerminal', 'internalConsole'],
      ['node', 'console', { evil: true }, 'internalConsole'],
      ['go', 'console', 'integratedTerminal', 'internalConsole'],
      ['dart', 'console', 'terminal', 'debugConsole'],
      ['php', 'externalConsole', true, false],
      ['cppdbg', 'externalConsole', true, false],
      ['rdbg', 'useTerminal', true, false],
    ];
    for (const [type, property, given, becomes] of cases) {
      it(`${type} with ${property}: ${JSON.stringify(given)}`, () => {
        const { moved, started } = apply(launch(type, { [property]: given }));
        assert.equal(started[property], becomes);
        assert.equal(moved, true);
      });
    }

    it('not by default either, and then without a word', () => {
      const { moved, started } = apply(launch('java'));
      assert.equal(started['console'], 'internalConsole');
      assert.equal(moved, false);
    });

    it('but Python keeps its terminal: its debugger types nothing', () => {
      const { moved, started } = apply(launch('debugpy', { console: 'integratedTerminal' }));
      assert.equal(started['console'], 'integratedTerminal');
      assert.equal(moved, false);
    });
  });

  describe('of a debugger that is not known', () => {
    it('follows the manifest of its extension', () => {
      const object = apply(launch('bun'), () => ({ env: { type: 'object' } }));
      assert.deepEqual(object.started['env'], environment);
      assert.ok(!('console' in object.started));
      const console = { enum: ['internalConsole', 'integratedTerminal'] };
      const withConsole = apply(launch('x', { console: 'integratedTerminal' }), () => ({ env: {}, console }));
      assert.equal(withConsole.started['console'], 'internalConsole');
      const list = apply(launch('y'), () => ({ environment: { type: 'array' } }));
      assert.ok(Array.isArray(list.started['environment']));
    });

    for (const properties of [undefined, {}, { program: {} }, { console: { enum: 'internalConsole' } }]) {
      it(`is refused where the manifest names no environment: ${JSON.stringify(properties)}`, () => {
        assert.equal(
          planDebug(launch('strange'), () => properties),
          'noEnvironment',
        );
      });
    }
  });

  const refused: [why: string, configuration: Configuration, problem: string][] = [
    ['a browser', launch('chrome'), 'noEnvironment'],
    ['a terminal that is kept', launch('node-terminal'), 'noEnvironment'],
    ['a name of Object.prototype', launch('constructor'), 'noEnvironment'],
    ['another name of Object.prototype', launch('__proto__'), 'noEnvironment'],
    ['a program that runs already', { type: 'node', request: 'attach' }, 'attach'],
    ['no request', { type: 'node' } as unknown as Configuration, 'attach'],
    ['a debug server at some port', launch('node', { debugServer: 4711 }), 'debugServer'],
    ['a debugger of Go at some host', launch('go', { port: 2345, host: 'evil.invalid' }), 'port'],
    ['an environment that is a text', launch('node', { env: 'A=b' }), 'malformed'],
    ['an environment that is a list', launch('node', { env: ['A=b'] }), 'malformed'],
    ['an environment that is a number', launch('node', { env: 7 }), 'malformed'],
    ['a list that is an object', launch('cppdbg', { environment: { A: 'b' } }), 'malformed'],
    ['a list of texts', launch('cppdbg', { environment: ['A=b'] }), 'malformed'],
    ['a list of nameless entries', launch('cppdbg', { environment: [{ value: 'b' }, null] }), 'malformed'],
    ['a name that is no text', launch('cppdbg', { environment: [{ name: 7, value: 'b' }] }), 'malformed'],
  ];
  for (const [why, configuration, problem] of refused) {
    it(`is refused for ${why}`, () => {
      const manifest = (): DebuggerProperties => ({ env: { type: 'object' } });
      const unknown = ['constructor', '__proto__'].includes(configuration.type);
      assert.equal(planDebug(configuration, unknown ? nothing : manifest), problem);
    });
  }
});
