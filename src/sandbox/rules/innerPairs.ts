import type { AccountTypeId } from '../../kucoin/accountTypes';
import type { World } from '../../kucoin/vocabulary';
import type { Switches } from '../switches';

/** What the routing matrix says of one pair of inner transfer. */
export type Pair =
  | 'yes'
  | 'no'
  /** Not excluded by the text: the switch `unconfirmedPairs` decides. */
  | 'unconfirmed'
  /** Between two isolated accounts with different tags; unconfirmed too. */
  | 'otherTag'
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
  i: 'withIsolated',
  m: 'withMargin',
  h: 'oldHf',
  H: 'oldHfUnconfirmed',
};

/**
 * Inner transfer (I) of kucoin-api 9.1 and 9.2: a row per source, a letter per target. `contract` never is a source.
 * today: `margin_v2` and `isolated_v2` are resolved to `margin` and `isolated` before they are looked up.
 */
export const innerTargets: Readonly<Record<World, readonly AccountTypeId[]>> = {
  seed: ['main', 'trade', 'trade_hf', 'margin', 'isolated', 'margin_v2', 'isolated_v2', 'contract'],
  today: ['main', 'trade', 'trade_hf', 'margin', 'isolated', 'contract', 'option'],
};

const innerRows: Readonly<Record<World, Partial<Record<AccountTypeId, string>>>> = {
  seed: {
    main: '- Y Y Y Y - - Y',
    trade: 'Y - Y Y Y - - Y',
    trade_hf: 'Y Y - Y Y - - Y',
    margin: 'Y Y Y - Y Y m Y',
    isolated: 'Y Y Y Y t - i Y',
    margin_v2: '- - - Y - - - -',
    isolated_v2: '- - - m i - - -',
  },
  today: {
    main: '- Y h Y Y Y Y',
    trade: 'Y - h Y Y Y Y',
    trade_hf: 'h h - h h H -',
    margin: 'Y Y h - Y Y ?',
    isolated: 'Y Y h Y - Y ?',
    option: 'Y Y - ? ? ? -',
  },
};

export function innerPair(world: World, from: AccountTypeId, to: AccountTypeId): Pair {
  const letter = innerRows[world][from]?.split(' ')[innerTargets[world].indexOf(to)];
  return (letter === undefined ? undefined : letters[letter]) ?? 'no';
}

export interface PairSide {
  readonly type: AccountTypeId;
  readonly tag: string;
}

/** Whether inner transfer takes the pair. Source and target are not the same account. */
export function pairAllowed(
  world: World,
  switches: Switches,
  hasOldHf: boolean,
  from: PairSide,
  to: PairSide,
): boolean {
  const unconfirmedWork = switches.unconfirmedPairs === 'work';
  const partner = switches.isolatedV2Partner;
  switch (innerPair(world, from.type, to.type)) {
    case 'yes':
      return true;
    case 'no':
      return false;
    case 'unconfirmed':
    case 'otherTag':
      return unconfirmedWork;
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
