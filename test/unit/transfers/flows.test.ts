import assert from 'node:assert/strict';
import { flowsSince } from '../../../src/transfers/flows';
import type { LegRecord, TransferRecord } from '../../../src/transfers/history';
import { ofSub, own, type AccountRef } from '../../../src/transfers/intent';
import type { LegState } from '../../../src/transfers/records';
import { intent, amountOf } from './support';

interface Made {
  readonly at: number;
  readonly amount: string;
  readonly currency?: string;
  readonly legs: readonly (readonly [from: AccountRef, to: AccountRef, state: LegState])[];
}

const movedBy: Partial<Record<LegState, LegRecord['moved']>> = {
  settled: 'moved',
  rejected: 'notMoved',
  notExecuted: 'notMoved',
};

function record({ at, amount, currency = 'USDT', legs }: Made): TransferRecord {
  return {
    createdAt: at,
    intent: intent({ amount: amountOf(amount), currency }),
    legs: legs.map(([from, to, state]) => ({ from, to, state, moved: movedBy[state] ?? 'unknown' })),
  } as unknown as TransferRecord;
}

const [funding, spot] = [own('main'), own('trade')];
const bots = ofSub('5c7e7a4b0000000000000001', 'trade');

describe('the flows between accounts', () => {
  it('add what went the same way, exactly, and keep currencies and directions apart', async () => {
    const { flows, open } = await flowsSince(
      [
        [
          record({ at: 9, amount: '0.1', legs: [[funding, spot, 'settled']] }),
          record({ at: 8, amount: '0.2', legs: [[funding, spot, 'settled']] }),
        ],
        [
          record({ at: 7, amount: '5', currency: 'BTC', legs: [[funding, spot, 'settled']] }),
          record({ at: 6, amount: '3', legs: [[spot, funding, 'settled']] }),
          record({ at: 5, amount: '4', legs: [[spot, bots, 'settled']] }),
        ],
      ],
      0,
    );
    assert.equal(open, 0);
    assert.deepEqual(
      flows.map(({ from, to, currency, amount, count }) => [from, to, currency, amount, count]),
      [
        [funding, spot, 'USDT', '0.3', 2],
        [funding, spot, 'BTC', '5', 1],
        [spot, funding, 'USDT', '3', 1],
        [spot, bots, 'USDT', '4', 1],
      ],
    );
  });

  it('count what a chain that stopped half-way has moved, and nothing that did not happen', async () => {
    const { flows, open } = await flowsSince(
      [
        [
          record({
            at: 9,
            amount: '2',
            legs: [
              [funding, spot, 'settled'],
              [spot, bots, 'rejected'],
            ],
          }),
          record({ at: 8, amount: '7', legs: [[funding, spot, 'notExecuted']] }),
        ],
      ],
      0,
    );
    assert.deepEqual(
      flows.map(({ to, amount }) => [to, amount]),
      [[spot, '2']],
    );
    assert.equal(open, 0);
  });

  for (const state of ['unknown', 'sent', 'accepted'] as const) {
    it(`tell apart a transfer that is ${state}`, async () => {
      const made = record({ at: 9, amount: '2', legs: [[funding, spot, state]] });
      assert.deepEqual(await flowsSince([[made]], 0), { flows: [], open: 1 });
    });
  }

  it('read no further than the period reaches', async () => {
    let pieces = 0;
    function* journal(): Generator<TransferRecord[]> {
      for (let at = 100; at > 0; at--) {
        pieces++;
        yield [record({ at, amount: '1', legs: [[funding, spot, 'settled']] })];
      }
    }
    const { flows } = await flowsSince(journal(), 96);
    assert.equal(flows[0]?.count, 5);
    assert.equal(pieces, 6);
  });
});
