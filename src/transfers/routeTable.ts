import type { AccountTypeId } from '../kucoin/accountTypes';
import type { World } from '../kucoin/vocabulary';
import type { ExecutableEndpoint } from './requests';

/**
 * Who can move funds from where to where: the matrix of kucoin-api 9.1 and 9.2, cell by cell.
 *
 * `U` Flex Transfer of type INTERNAL, `I` Internal Transfer, `TO` and `TI` Futures transfer-out and transfer-in;
 * `?` behind a letter: not excluded by the documentation, and not promised either. `-`: impossible.
 * Letters stand in the order of preference (9.4).
 */
const matrices: Readonly<Record<World, Matrix>> = {
  seed: matrix('main trade trade_hf margin isolated margin_v2 isolated_v2 contract', {
    main: '       -     | U I   | U I      | U I    | U I      | -         | -           | U I TI',
    trade: '      U I   | -     | U I      | U I    | U I      | -         | -           | U I TI',
    trade_hf: '   U I   | U I   | -        | U I    | U I      | -         | -           | U I',
    margin: '     U I   | U I   | U I      | -      | U I      | U I       | -           | U I',
    isolated: '   U I   | U I   | U I      | U I    | U? I?    | -         | U I?        | U I',
    margin_v2: '  -     | -     | -        | U I    | -        | -         | -           | -',
    isolated_v2: '-     | -     | -        | -      | U I?     | -         | -           | -',
    contract: '   U TO  | U TO  | U?       | U?     | U?       | -         | -           | -',
  }),
  today: matrix('main trade trade_hf margin isolated contract option', {
    main: '       -     | U I   | I        | U I    | U I      | U I TI    | U I',
    trade: '      U I   | -     | I        | U I    | U I      | U I TI    | U I',
    trade_hf: '   I     | I     | -        | I      | I        | I?        | -',
    margin: '     U I   | U I   | I        | -      | U I      | U I       | U? I?',
    isolated: '   U I   | U I   | I        | U I    | U?       | U I       | U? I?',
    contract: '   U TO  | U TO  | -        | U?     | U?       | -         | U?',
    option: '     U I   | U I   | -        | U? I?  | U? I?    | U? I?     | -',
  }),
};

export type Via = 'U' | 'I' | 'TO' | 'TI';

/** One endpoint that can do it. */
export interface Way {
  readonly via: Via;
  readonly documented: boolean;
}

type Matrix = ReadonlyMap<string, readonly Way[]>;

/** The endpoints that this version executes. A new one is a line here (and its request in `requests.ts`). */
export const executableBy: Partial<Record<Via, ExecutableEndpoint>> = { I: 'innerTransfer' };

/** Titles in KuCoin's documentation. */
export const viaTitles: Readonly<Record<Via, string>> = {
  U: 'Flex Transfer',
  I: 'Internal Transfer',
  TO: 'Futures Account Transfer Out',
  TI: 'Futures Account Transfer In',
};

/**
 * Pairs of account types whose trading pairs must agree. The documentation contradicts itself about the partner
 * of `isolated_v2`; the reading taken is the one of Flex Transfer (9.1, note a).
 */
export const tagRules: Readonly<Record<string, 'same'>> = {
  'isolated>isolated_v2': 'same',
  'isolated_v2>isolated': 'same',
};

/** The ways from one account type to another, preferred first; none where it is impossible or unknown. */
export function cellOf(world: World, from: AccountTypeId, to: AccountTypeId): readonly Way[] {
  return matrices[world].get(`${from}>${to}`) ?? [];
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
  return words
    .filter((word) => word !== '-')
    .map((word) => ({ via: word.replace('?', '') as Via, documented: !word.endsWith('?') }));
}
