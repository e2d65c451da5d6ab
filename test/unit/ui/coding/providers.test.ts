import { Position, type CodeLens, type MarkdownString } from '../../support/fakeVscode';
import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { analyse } from '../../../../src/coding/analyse';
import type { CodingFacts } from '../../../../src/coding/finding';
import { CodingHover } from '../../../../src/ui/coding/hover';
import type { CodingContext } from '../../../../src/ui/coding/shared';
import { settings } from '../support';

/** A text of one line, open in the editor. */
function documentOf(text: string, languageId = 'typescript'): vscode.TextDocument {
  return {
    languageId,
    uri: { scheme: 'file', path: '/bot/a', toString: () => 'file:///bot/a' },
    getText: () => text,
    positionAt: (offset: number) => new Position(0, offset),
    offsetAt: ({ character }: Position) => character,
  } as unknown as vscode.TextDocument;
}

const order = "post('https://api.kucoin.com/api/v1/hf/orders', order)";

describe('what the editor shows of a call', () => {
  let facts: CodingFacts;
  let profileName: string | undefined;
  let wanted = settings;
  const context: CodingContext = {
    analysisOf: (document) => analyse(document.getText(), document.languageId, { facts }),
    facts: () => facts,
    settings: () => wanted,
    profileName: () => profileName,
  };
  beforeEach(() => {
    facts = {};
    profileName = undefined;
    wanted = settings;
  });

  const hover = (text: string, at: number): string | undefined => {
    const found = new CodingHover(context).provideHover(documentOf(text), new Position(0, at) as never);
    return (found?.contents as unknown as MarkdownString | undefined)?.plain;
  };
  const lens = async (text: string): Promise<string[]> => {
    const { CodingLenses } = await import('../../../../src/ui/coding/lenses');
    const all = new CodingLenses(context).provideCodeLenses(documentOf(text)) as unknown as CodeLens[];
    return all.map(({ command }) => command.title);
  };

  it('explains the call under the mouse, and nothing beside it', () => {
    assert.match(hover(order, order.indexOf('/hf')) ?? '', /\*\*Add Order\*\*/);
    assert.equal(hover(order, order.length), undefined);
    assert.equal(hover("get('https://api.binance.com/api/v1/hf/orders')", 40), undefined);
  });

  it('says what HF orders draw on, for each verdict on the account', async () => {
    const said: Readonly<Record<string, readonly [hover: RegExp, lens: RegExp]>> = {
      merged: [/HF orders draw on trade,/, /· HF orders draw on trade$/],
      separate: [/HF orders draw on trade_hf,/, /· HF orders draw on trade_hf$/],
      notActivated: [/HF is not activated/, /· HF is not activated$/],
      refused: [/KuCoin refuses HF orders/, /· KuCoin refuses HF to you$/],
    };
    for (const [spotHf, [inHover, inLens]] of Object.entries(said)) {
      facts = { spotHf };
      assert.match(hover(order, order.indexOf('/hf')) ?? '', inHover);
      assert.match((await lens(order))[0] ?? '', inLens);
    }
    const margin = "post('https://api.kucoin.com/api/v3/hf/margin/order')";
    const ofMargin: readonly (readonly [CodingFacts['marginHf'], hover: RegExp, lens: RegExp])[] = [
      [
        { cross: 'merged', isolated: 'merged' },
        /draw on margin \/ isolated,/,
        /· HF orders draw on margin \/ isolated$/,
      ],
      [
        { cross: 'separate', isolated: 'notActivated' },
        /draw on margin_v2,/,
        /· HF orders draw on margin_v2$/,
      ],
      [
        { cross: 'notActivated', isolated: 'notActivated' },
        /HF margin is not open/,
        /· HF is not activated$/,
      ],
      [{ cross: 'refused', isolated: 'refused' }, /KuCoin refuses HF orders/, /· KuCoin refuses HF to you$/],
    ];
    for (const [marginHf, inHover, inLens] of ofMargin) {
      // What is known of spot says nothing about margin.
      facts = { spotHf: 'merged', ...(marginHf && { marginHf }) };
      assert.match(hover(margin, margin.indexOf('/hf')) ?? '', inHover);
      assert.match((await lens(margin))[0] ?? '', inLens);
    }
    facts = { spotHf: 'merged', marginHf: { cross: 'refused' } };
    assert.doesNotMatch((await lens(margin))[0] ?? '', /HF/);
    for (const spotHf of ['undecided', 'unknown']) {
      facts = { spotHf };
      assert.doesNotMatch((await lens(order))[0] ?? '', /HF orders|HF is/);
    }
  });

  it('tries nothing that moves funds or orders with a profile, and no read without one', async () => {
    const read = "get('https://api.kucoin.com/api/v1/accounts')";
    assert.deepEqual((await lens(read)).slice(1), ['Try in sandbox']);
    profileName = 'Bot';
    assert.deepEqual((await lens(read)).slice(1), ['Try it', 'Try in sandbox']);
    assert.deepEqual((await lens(order)).slice(1), ['Try in sandbox']);
  });

  it('names the permission that the key lacks', async () => {
    profileName = 'Bot';
    facts = { permissions: ['General'] };
    assert.match((await lens(order))[0] ?? '', /Bot may not call it: it lacks Spot/);
  });

  it('is silent where it is switched off', async () => {
    wanted = { ...settings, codingHover: false, codingCodeLens: false };
    assert.equal(hover(order, order.indexOf('/hf')), undefined);
    assert.deepEqual(await lens(order), []);
  });
});
