import type { Place } from '../portfolio/accounts';

/** A row of the tree. Commands get it as their argument. */
export type TreeNode = ProfileNode | GroupNode | SubAccountNode | AccountNode | BalanceNode | MessageNode;

export interface ProfileNode {
  readonly kind: 'profile';
  readonly id: string;
  readonly profileId: string;
}

/** All sub-accounts, or a range of very many. */
export interface GroupNode {
  readonly kind: 'group';
  readonly id: string;
  readonly profileId: string;
  /** Index of the first sub-account of a range. */
  readonly from?: number | undefined;
}

export interface SubAccountNode {
  readonly kind: 'subAccount';
  readonly id: string;
  readonly profileId: string;
  readonly subUserId: string;
  readonly subName: string;
}

/** Which account of the family a row belongs to. `tag` is the pair of isolated margin. */
interface AccountPlace extends Place {
  readonly subName?: string | undefined;
}

export interface AccountNode extends AccountPlace {
  readonly kind: 'account';
  readonly id: string;
  readonly profileId: string;
}

export interface BalanceNode extends AccountPlace {
  readonly kind: 'balance';
  readonly id: string;
  readonly profileId: string;
  readonly currency: string;
}

/** Loading, failed, stale, empty: a row that says so. */
export interface MessageNode {
  readonly kind: 'message';
  readonly id: string;
  readonly profileId: string;
  readonly parent: string;
  readonly icon: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  /** Words for the row's menu: `retry`, `needsKey`, `small`. */
  readonly context: string;
}

/** What a message row says. */
export type Message = Pick<MessageNode, 'icon' | 'label' | 'description' | 'tooltip' | 'context'> & {
  readonly name: string;
};
