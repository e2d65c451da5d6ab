import type { AccountTypeId } from '../kucoin/accountTypes';
import type { World } from '../kucoin/vocabulary';
import type { ExecutableEndpoint } from './requests';

/**
 * Who can move funds from where to where: the matrices of kucoin-api 9.1 to 9.3, cell by cell.
 *
 * `U` Flex Transfer of type INTERNAL, `I` Internal Transfer, `TO` and `TI` Futures transfer-out and transfer-in, `P`
 * Flex Transfer between master and sub-account, `S` SubAccount Transfer; `?` behind a letter: not excluded by the
 * documentation, and not promised either. `-`: impossible. Letters stand in the order of preference (9.4): the
 * separate HF account prefers Internal Transfer, which opens it in the seed's world and alone knows it today.
 */
const matrices: Readonly<Record<World, Readonly<Record<Relation, Matrix>>>> = {
  seed: {
    own: matrix('main trade trade_hf margin isolated margin_v2 isolated_v2 contract', {
      main: '       -     | U I   | I U      | U I    | U I      | -         | -           | U I TI',
      trade: '      U I   | -     | I U      | U I    | U I      | -         | -           | U I TI',
      trade_hf: '   I U   | I U   | -        | I U    | I U      | -         | -           | I U',
      margin: '     U I   | U I   | I U      | -      | U I      | U I       | -           | U I',
      isolated: '   U I   | U I   | I U      | U I    | U? I?    | -         | U I?        | U I',
      margin_v2: '  -     | -     | -        | U I    | -        | -         | -           | -',
      isolated_v2: '-     | -     | -        | -      | U I?     | -         | -           | -',
      contract: '   U TO  | U TO  | U?       | U?     | U?       | -         | -           | -',
    }),
    ...bothWays('main trade trade_hf margin isolated contract', {
      main: '       P S   | P S   | P S      | P S    | P        | P S',
      trade: '      P S   | P S   | P S      | P S    | P        | P S',
      trade_hf: '   P S   | P S   | P S      | P S    | P        | P S',
      margin: '     P S   | P S   | P S      | P S    | P        | P S',
      isolated: '   P     | P     | P        | P      | P        | P',
      contract: '   P?    | P?    | P?       | P?     | P?       | P?',
    }),
  },
  today: {
    own: matrix('main trade trade_hf margin isolated contract option', {
      main: '       -     | U I   | I        | U I    | U I      | U I TI    | U I',
      trade: '      U I   | -     | I        | U I    | U I      | U I TI    | U I',
      trade_hf: '   I     | I     | -        | I      | I        | I?        | -',
      margin: '     U I   | U I   | I        | -      | U I      | U I       | U? I?',
      isolated: '   U I   | U I   | I        | U I    | U?       | U I       | U? I?',
      contract: '   U TO  | U TO  | -        | U?     | U?       | -         | U?',
      option: '     U I   | U I   | -        | U? I?  | U? I?    | U? I?     | -',
    }),
    // 8.17 lists OPTION for the master's side alone, 9.3 for either.
    toSub: matrix('main trade margin isolated contract option', {
      main: '       P S   | P S   | P S    | P S      | P S       | P S?',
      trade: '      P S   | P S   | P S    | P S      | P S       | P S?',
      margin: '     P S   | P S   | P S    | P S      | P S       | P S?',
      isolated: '   P S   | P S   | P S    | P S      | P S       | P S?',
      contract: '   P     | P     | P      | P        | P         | P',
      option: '     P S   | P S   | P S    | P S      | P S       | P S?',
    }),
    toMaster: matrix('main trade margin isolated contract option', {
      main: '       P S   | P S   | P S    | P S      | P S       | P S',
      trade: '      P S   | P S   | P S    | P S      | P S       | P S',
      margin: '     P S   | P S   | P S    | P S      | P S       | P S',
      isolated: '   P S   | P S   | P S    | P S      | P S       | P S',
      contract: '   P     | P     | P      | P        | P         | P',
      option: '     P S?  | P S?  | P S?   | P S?     | P S?      | P S?',
    }),
  },
};

/** Whose accounts the two sides are: both of the key's user, or one of a sub-account. */
export type Relation = 'own' | 'toSub' | 'toMaster';

export type Via = 'U' | 'I' | 'TO' | 'TI' | 'P' | 'S';

/** One endpoint that can do it. */
export interface Way {
  readonly endpoint: ExecutableEndpoint;
  readonly documented: boolean;
}

type Matrix = ReadonlyMap<string, readonly Way[]>;

/**
 * Pairs of account types whose trading pairs must agree. The documentation contradicts itself about the partner
 * of `isolated_v2`; the reading taken is the one of Flex Transfer (9.1, note a).
 */
export const tagRules: Readonly<Record<string, 'same'>> = {
  'isolated>isolated_v2': 'same',
  'isolated_v2>isolated': 'same',
};

/** Accounts that a chain of transfers may pass through, preferred first: whoever has an account has these. */
export const waypoints: readonly AccountTypeId[] = ['main', 'trade', 'margin', 'isolated'];

/** The ways from one account type to another, preferred first; none where it is impossible or unknown. */
export function cellOf(
  world: World,
  relation: Relation,
  from: AccountTypeId,
  to: AccountTypeId,
): readonly Way[] {
  return matrices[world][relation].get(`${from}>${to}`) ?? none;
}

const none: readonly Way[] = [];

/** The endpoints behind the letters; a function, as the matrices above are made before any constant below. */
function endpointsByLetter(): Record<Via, ExecutableEndpoint> {
  return {
    U: 'flexTransfer',
    P: 'flexTransfer',
    I: 'innerTransfer',
    S: 'subTransfer',
    TO: 'futuresTransferOut',
    TI: 'futuresTransferIn',
  };
}

function bothWays(
  columns: string,
  rows: Partial<Record<AccountTypeId, string>>,
): Record<'toSub' | 'toMaster', Matrix> {
  const both = matrix(columns, rows);
  return { toSub: both, toMaster: both };
}

function matrix(columns: string, rows: Partial<Record<AccountTypeId, string>>): Matrix {
  const targets = columns.split(' ');
  return new Map(
    Object.entries(rows).flatMap(([from, row]) =>
      row.split('|').map((cell, index) => [`${from}>${targets[index] ?? ''}`, ways(cell)] as const),
    ),
  );
}

function ways(cell: string): Way[] {
  const words = cell.trim().split(/\s+/);
  const endpoints = endpointsByLetter();
  return words
    .filter((word) => word !== '-')
    .map((word) => ({ endpoint: endpoints[word.replace('?', '') as Via], documented: !word.endsWith('?') }));
}
