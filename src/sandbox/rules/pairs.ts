import type { AccountTypeId } from '../../kucoin/accountTypes';
import type { World } from '../../kucoin/vocabulary';
import type { Switches } from '../switches';

/** What the routing matrix says of one pair of accounts and one endpoint. */
export type Pair =
  | 'yes'
  | 'no'
  /** Not excluded by the text: the switch `unconfirmedPairs` decides. */
  | 'unconfirmed'
  /** Between two isolated accounts with different tags; unconfirmed too. */
  | 'otherTag'
  /** Between isolated and isolated_v2 of the same tag. */
  | 'sameTag'
  /** Note (a) of kucoin-api 9.1: the switch `isolatedV2Partner` decides. The tags must be the same. */
  | 'withIsolated'
  | 'withMargin'
  /** Only users with the separate trade_hf account of old. */
  | 'oldHf'
  | 'oldHfUnconfirmed';

const letters: Readonly<Record<string, Pair>> = {
  Y: 'yes',
  '-': 'no',
  '?': 'unconfirmed',
  t: 'otherTag',
  s: 'sameTag',
  i: 'withIsolated',
  m: 'withMargin',
  h: 'oldHf',
  H: 'oldHfUnconfirmed',
};

/** A row per source, a letter per target. Accounts that are not named are no source, or no target. */
type Table = ReadonlyMap<string, Pair>;

function table(targets: string, rows: Partial<Record<AccountTypeId, string>>): Table {
  const columns = targets.split(' ');
  return new Map(
    Object.entries(rows).flatMap(([from, row]) =>
      row.split(' ').map((letter, column) => [`${from}>${columns[column] ?? ''}`, letters[letter] ?? 'no']),
    ),
  );
}

/**
 * Inner transfer (I) of kucoin-api 9.1 and 9.2. `contract` never is a source. today: `margin_v2` and `isolated_v2` are
 * resolved to `margin` and `isolated` before they are looked up, here and below.
 */
export const innerPairs: Readonly<Record<World, Table>> = {
  seed: table('main trade trade_hf margin isolated margin_v2 isolated_v2 contract', {
    main: '- Y Y Y Y - - Y',
    trade: 'Y - Y Y Y - - Y',
    trade_hf: 'Y Y - Y Y - - Y',
    margin: 'Y Y Y - Y Y m Y',
    isolated: 'Y Y Y Y t - i Y',
    margin_v2: '- - - Y - - - -',
    isolated_v2: '- - - m i - - -',
  }),
  today: table('main trade trade_hf margin isolated contract option', {
    main: '- Y h Y Y Y Y',
    trade: 'Y - h Y Y Y Y',
    trade_hf: 'h h - h h H -',
    margin: 'Y Y h - Y Y ?',
    isolated: 'Y Y h Y - Y ?',
    option: 'Y Y - ? ? ? -',
  }),
};

/** Flex Transfer of type INTERNAL (U) of kucoin-api 9.1 and 9.2. */
export const flexPairs: Readonly<Record<World, Table>> = {
  seed: table('main trade trade_hf margin isolated margin_v2 isolated_v2 contract', {
    main: '- Y Y Y Y - - Y',
    trade: 'Y - Y Y Y - - Y',
    trade_hf: 'Y Y - Y Y - - Y',
    margin: 'Y Y Y - Y Y - Y',
    isolated: 'Y Y Y Y t - s Y',
    margin_v2: '- - - Y - - - -',
    isolated_v2: '- - - - s - - -',
    contract: 'Y Y ? ? ? - - -',
  }),
  today: table('main trade margin isolated contract option', {
    main: '- Y Y Y Y Y',
    trade: 'Y - Y Y Y Y',
    margin: 'Y Y - Y Y ?',
    isolated: 'Y Y Y t Y ?',
    contract: 'Y Y ? ? - ?',
    option: 'Y Y ? ? ? -',
  }),
};

/** Flex Transfer between master and sub-account, either way (kucoin-api 9.3). The HF margin accounts are not there. */
export const flexFamilyPairs: Readonly<Record<World, Table>> = {
  seed: table('main trade trade_hf margin isolated contract', {
    main: 'Y Y Y Y Y Y',
    trade: 'Y Y Y Y Y Y',
    trade_hf: 'Y Y Y Y Y Y',
    margin: 'Y Y Y Y Y Y',
    isolated: 'Y Y Y Y Y Y',
    contract: '? ? ? ? ? ?',
  }),
  today: table('main trade margin isolated contract option', {
    main: 'Y Y Y Y Y Y',
    trade: 'Y Y Y Y Y Y',
    margin: 'Y Y Y Y Y Y',
    isolated: 'Y Y Y Y Y Y',
    contract: 'Y Y Y Y ? Y',
    option: 'Y Y Y Y Y Y',
  }),
};

/** SubAccount Transfer, either way (kucoin-api 8.17, 9.3): futures only receive. */
export const subPairs: Readonly<Record<World, Table>> = {
  seed: table('main trade trade_hf margin contract', {
    main: 'Y Y Y Y Y',
    trade: 'Y Y Y Y Y',
    trade_hf: 'Y Y Y Y Y',
    margin: 'Y Y Y Y Y',
  }),
  today: table('main trade margin isolated contract option', {
    main: 'Y Y Y Y Y Y',
    trade: 'Y Y Y Y Y Y',
    margin: 'Y Y Y Y Y Y',
    isolated: 'Y Y Y Y Y Y',
    option: 'Y Y Y Y Y Y',
  }),
};

export interface PairSide {
  readonly type: AccountTypeId;
  readonly tag: string;
}

/** Whether an endpoint takes the pair. Source and target are not the same account. */
export function pairAllowed(
  pairs: Table,
  switches: Switches,
  hasOldHf: boolean,
  from: PairSide,
  to: PairSide,
): boolean {
  const unconfirmedWork = switches.unconfirmedPairs === 'work';
  const partner = switches.isolatedV2Partner;
  switch (pairs.get(`${from.type}>${to.type}`) ?? 'no') {
    case 'yes':
      return true;
    case 'no':
      return false;
    case 'unconfirmed':
    case 'otherTag':
      return unconfirmedWork;
    case 'sameTag':
      return from.tag === to.tag;
    case 'withIsolated':
      return partner !== 'margin' && from.tag === to.tag;
    case 'withMargin':
      return partner !== 'isolated';
    case 'oldHf':
      return hasOldHf;
    case 'oldHfUnconfirmed':
      return hasOldHf && unconfirmedWork;
  }
}
