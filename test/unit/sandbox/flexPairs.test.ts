import assert from 'node:assert/strict';
import type { World } from '../../../src/kucoin/vocabulary';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import { call, type Reply } from './caller';
import { cells, everyType, fill, tagOf, typeOf, type Cell } from './matrix';

const masterUid = 700100200;
/** The one has opened futures, the other margin. */
const futuresSub = { uid: 700100201, userId: '65aa0000000000000000b001' };
const marginSub = { uid: 700100204, userId: '65aa0000000000000000b004' };

/** The cells of kucoin-api 9.1 to 9.3, typed in once more: Y = yes, ? = unconfirmed, . = refused. */
const internal: Record<World, string> = {
  seed: `
                main trade trade_hf margin isolated other margin_v2 isolated_v2 contract
    main         .    Y     Y        Y      Y        Y     .         .           Y
    trade        Y    .     Y        Y      Y        Y     .         .           Y
    trade_hf     Y    Y     .        Y      Y        Y     .         .           Y
    margin       Y    Y     Y        .      Y        Y     Y         .           Y
    isolated     Y    Y     Y        Y      .        ?     .         Y           Y
    margin_v2    .    .     .        Y      .        .     .         .           .
    isolated_v2  .    .     .        .      Y        .     .         .           .
    contract     Y    Y     ?        ?      ?        ?     .         .           .`,
  today: `
                main trade trade_hf margin isolated other margin_v2 isolated_v2 contract option
    main         .    Y     .        Y      Y        Y     Y         Y           Y        Y
    trade        Y    .     .        Y      Y        Y     Y         Y           Y        Y
    trade_hf     .    .     .        .      .        .     .         .           .        .
    margin       Y    Y     .        .      Y        Y     .         Y           Y        ?
    isolated     Y    Y     .        Y      .        ?     Y         .           Y        ?
    margin_v2    Y    Y     .        .      Y        Y     .         Y           Y        ?
    isolated_v2  Y    Y     .        Y      .        ?     Y         .           Y        ?
    contract     Y    Y     .        ?      ?        ?     ?         ?           .        ?
    option       Y    Y     .        ?      ?        ?     ?         ?           ?        .`,
};

const flexFamily: Record<World, string> = {
  seed: `
                main trade trade_hf margin isolated margin_v2 isolated_v2 contract option
    main         Y    Y     Y        Y      Y        .         .           Y        .
    trade        Y    Y     Y        Y      Y        .         .           Y        .
    trade_hf     Y    Y     Y        Y      Y        .         .           Y        .
    margin       Y    Y     Y        Y      Y        .         .           Y        .
    isolated     Y    Y     Y        Y      Y        .         .           Y        .
    margin_v2    .    .     .        .      .        .         .           .        .
    isolated_v2  .    .     .        .      .        .         .           .        .
    contract     ?    ?     ?        ?      ?        .         .           ?        .`,
  today: `
                main trade trade_hf margin isolated margin_v2 isolated_v2 contract option
    main         Y    Y     .        Y      Y        .         .           Y        Y
    trade        Y    Y     .        Y      Y        .         .           Y        Y
    trade_hf     .    .     .        .      .        .         .           .        .
    margin       Y    Y     .        Y      Y        .         .           Y        Y
    isolated     Y    Y     .        Y      Y        .         .           Y        Y
    margin_v2    .    .     .        .      .        .         .           .        .
    isolated_v2  .    .     .        .      .        .         .           .        .
    contract     Y    Y     .        Y      Y        .         .           ?        Y
    option       Y    Y     .        Y      Y        .         .           Y        Y`,
};

/** Futures receive only; no tags in seed. */
const subTransfer: Record<World, string> = {
  seed: `
                main trade trade_hf margin isolated margin_v2 isolated_v2 contract option
    main         Y    Y     Y        Y      .        .         .           Y        .
    trade        Y    Y     Y        Y      .        .         .           Y        .
    trade_hf     Y    Y     Y        Y      .        .         .           Y        .
    margin       Y    Y     Y        Y      .        .         .           Y        .
    isolated     .    .     .        .      .        .         .           .        .
    margin_v2    .    .     .        .      .        .         .           .        .
    isolated_v2  .    .     .        .      .        .         .           .        .
    contract     .    .     .        .      .        .         .           .        .`,
  today: `
                main trade trade_hf margin isolated margin_v2 isolated_v2 contract option
    main         Y    Y     .        Y      Y        .         .           Y        Y
    trade        Y    Y     .        Y      Y        .         .           Y        Y
    trade_hf     .    .     .        .      .        .         .           .        .
    margin       Y    Y     .        Y      Y        .         .           Y        Y
    isolated     Y    Y     .        Y      Y        .         .           Y        Y
    margin_v2    .    .     .        .      .        .         .           .        .
    isolated_v2  .    .     .        .      .        .         .           .        .
    contract     .    .     .        .      .        .         .           .        .
    option       Y    Y     .        Y      Y        .         .           Y        Y`,
};

let count = 0;

function post(sandbox: Sandbox, target: string, members: Record<string, unknown>): Promise<Reply> {
  const body = { clientOid: `pair-${++count}`, currency: 'USDT', amount: '1', ...members };
  return call(sandbox, 'POST', target, { body });
}

const flex = '/api/v3/accounts/universal-transfer';

function flexSides({ from, to }: Cell): Record<string, string | undefined> {
  return {
    fromAccountType: typeOf(from).toUpperCase(),
    fromAccountTag: tagOf(from),
    toAccountType: typeOf(to).toUpperCase(),
    toAccountTag: tagOf(to),
  };
}

function subFor(name: string): typeof futuresSub {
  return name === 'contract' ? futuresSub : marginSub;
}

type Ask = (sandbox: Sandbox, cell: Cell) => Promise<Reply>;

const kinds: Record<string, { readonly tables: Record<World, string>; readonly ask: Ask }> = {
  'Flex Transfer INTERNAL': {
    tables: internal,
    ask: (sandbox, cell) => post(sandbox, flex, { type: 'INTERNAL', ...flexSides(cell) }),
  },
  'Flex Transfer PARENT_TO_SUB': {
    tables: flexFamily,
    ask: (sandbox, cell) =>
      post(sandbox, flex, { type: 'PARENT_TO_SUB', ...flexSides(cell), toUserId: subFor(cell.to).userId }),
  },
  'Flex Transfer SUB_TO_PARENT': {
    tables: flexFamily,
    ask: (sandbox, cell) =>
      post(sandbox, flex, {
        type: 'SUB_TO_PARENT',
        ...flexSides(cell),
        fromUserId: subFor(cell.from).userId,
      }),
  },
  'SubAccount Transfer OUT': {
    tables: subTransfer,
    ask: (sandbox, { from, to }) =>
      post(sandbox, '/api/v2/accounts/sub-transfer', {
        direction: 'OUT',
        accountType: from.toUpperCase(),
        tag: tagOf(from),
        subAccountType: to.toUpperCase(),
        subTag: tagOf(to),
        subUserId: subFor(to).userId,
      }),
  },
  'SubAccount Transfer IN': {
    tables: subTransfer,
    ask: (sandbox, { from, to }) =>
      post(sandbox, '/api/v2/accounts/sub-transfer', {
        direction: 'IN',
        accountType: to.toUpperCase(),
        tag: tagOf(to),
        subAccountType: from.toUpperCase(),
        subTag: tagOf(from),
        subUserId: subFor(from).userId,
      }),
  },
};

describe('sandbox transfer matrix', () => {
  for (const [kind, { tables, ask }] of Object.entries(kinds)) {
    for (const world of ['seed', 'today'] as const) {
      for (const unconfirmedWork of [true, false]) {
        const words = unconfirmedWork ? 'with unconfirmed pairs' : 'without unconfirmed pairs';
        it(`${kind} allows the cells of ${world}, ${words}`, async () => {
          const sandbox = await startSandbox({ world });
          try {
            sandbox.setSwitches({ unconfirmedPairs: unconfirmedWork ? 'work' : 'refused' });
            for (const { uid } of [{ uid: masterUid }, futuresSub, marginSub]) {
              fill(sandbox, uid, everyType[world]);
            }
            const wrong: string[] = [];
            for (const cell of cells(tables[world])) {
              sandbox.clearQuotas();
              const before = sandbox.ledger().journal.length;
              const { http, json } = await ask(sandbox, cell);
              const allowed = cell.sign === 'Y' || (cell.sign === '?' && unconfirmedWork);
              const moved = sandbox.ledger().journal.slice(before);
              const fits =
                http === 200 &&
                json?.code === (allowed ? '200000' : '400100') &&
                moved.length === (allowed ? 2 : 0) &&
                moved.every(
                  ({ bizType }) => bizType === (kind.includes('INTERNAL') ? 'TRANSFER' : 'SUB_TRANSFER'),
                );
              if (!fits) wrong.push(`${cell.from} -> ${cell.to}: ${json?.code ?? ''} ${json?.msg ?? ''}`);
            }
            assert.deepEqual(wrong, []);
          } finally {
            await sandbox.stop();
          }
        });
      }
    }
  }

  for (const world of ['seed', 'today'] as const) {
    it(`transfer-out and transfer-in of ${world} know MAIN and TRADE only`, async () => {
      const sandbox = await startSandbox({ world });
      try {
        const names = everyType[world].map((type) => type.toUpperCase());
        const seen: Record<string, unknown> = {};
        for (const name of [...names, 'main', 'trade', '']) {
          for (const [path, member] of [
            ['/api/v3/transfer-out', 'recAccountType'],
            ['/api/v1/transfer-in', 'payAccountType'],
          ] as const) {
            sandbox.clearQuotas();
            const body = { currency: 'USDT', amount: 1, [member]: name };
            const { json } = await call(sandbox, 'POST', path, { body, futures: true });
            if (json?.code === '400100') continue;
            seen[`${path} ${name}`] = json?.code;
          }
        }
        assert.deepEqual(seen, {
          '/api/v3/transfer-out MAIN': '200000',
          '/api/v1/transfer-in MAIN': world === 'seed' ? '200' : '200000',
          '/api/v3/transfer-out TRADE': '200000',
          '/api/v1/transfer-in TRADE': world === 'seed' ? '200' : '200000',
        });
      } finally {
        await sandbox.stop();
      }
    });
  }
});
