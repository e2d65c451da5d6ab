import assert from 'node:assert/strict';
import * as v from 'valibot';
import { fromPage } from '../../../../src/webview/portfolio/messages';

const png = Buffer.from('89504e470d0a1a0a0000000d', 'hex').toString('base64');

describe('the messages of the portfolio panel', () => {
  for (const message of [
    { type: 'refresh' },
    { type: 'openSettings' },
    { type: 'choosePeriod', period: 'month' },
    { type: 'exportCsv', chart: 'flows' },
    { type: 'exportImage', chart: 'history', png },
  ]) {
    it(`are taken as they are meant: ${message.type}`, () =>
      assert.deepEqual(v.parse(fromPage, message), message));
  }

  const hostile: readonly [what: string, message: unknown][] = [
    ['nothing', undefined],
    ['a list', [{ type: 'refresh' }]],
    ['a command', { type: 'command', command: 'workbench.action.terminal.new' }],
    ['another period', { type: 'choosePeriod', period: 'century' }],
    ['a name of the prototype', { type: 'exportCsv', chart: '__proto__' }],
    ['a path for a chart', { type: 'exportCsv', chart: '../../etc/passwd' }],
    ['more than is known', { type: 'refresh', target: '/etc/passwd' }],
    ['an image with a path', { type: 'exportImage', chart: 'flows', png, path: '/etc/passwd' }],
    [
      'an image that is a page',
      { type: 'exportImage', chart: 'flows', png: Buffer.from('<html>').toString('base64') },
    ],
    ['an image that is no text', { type: 'exportImage', chart: 'flows', png: [137, 80] }],
    ['an image that is no Base64', { type: 'exportImage', chart: 'flows', png: `${png}<script>` }],
    ['an image without end', { type: 'exportImage', chart: 'flows', png: `${png}${'A'.repeat(24_000_000)}` }],
  ];
  for (const [what, message] of hostile) {
    it(`are refused: ${what}`, () => assert.equal(v.safeParse(fromPage, message).success, false));
  }
});
