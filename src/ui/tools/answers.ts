import * as v from 'valibot';
import { accountType, isAccountTypeId } from '../../kucoin/accountTypes';
import { canonical } from '../../kucoin/decimal';
import { accountTitle as titleOfType } from '../../portfolio/accounts';
import { environmentOf, type Profile } from '../../profiles/profile';
import { outcomeOf, type TransferRecord } from '../../transfers/history';
import type { AccountRef } from '../../transfers/intent';
import type { Plan } from '../../transfers/plan';
import { aboutQuotations, harmless, plainEnglish, quoted, type Quoted } from './outside';
import { outputs, type OutputOf } from './schemas';
import type { ToolName } from './toolTable';

/** The pieces that answers of tools are made of. */

/** Nothing leaves that was not foreseen: what does not fit its schema is a bug, and is not shown. */
export function valid<N extends ToolName>(name: N, output: OutputOf<N>): unknown {
  return v.parse(outputs[name], output);
}

interface Head {
  readonly environment: 'LIVE' | 'DEMO';
  readonly about: string;
  readonly profile: Quoted;
}

/** Says first whether it is about real money. */
export function headOf(profile: Profile | Plan['profile']): Head {
  const environment = 'environment' in profile ? profile.environment : environmentOf(profile);
  const money =
    environment === 'LIVE' ? 'LIVE: real funds.' : 'DEMO: play money of a local sandbox, not real funds.';
  return { environment, about: `${money} ${aboutQuotations}`, profile: quoted(profile.name, 60) };
}

/** One account of the family, as answers name it. */
export type Owned = OutputOf<'kucoin_execute_transfer'>['from'];

export function ownedBy({
  type,
  tag,
  sub,
}: {
  readonly type: string;
  readonly tag?: string | undefined;
  readonly sub?: { readonly userId: string; readonly name?: string | undefined } | undefined;
}): Owned {
  return {
    account: harmless(type, 30),
    title: isAccountTypeId(type) ? accountType(type).title : harmless(titleOfType(type), 30),
    ...(tag !== undefined && { pair: harmless(tag, 30) }),
    ...(sub && { subAccount: { id: harmless(sub.userId, 60), name: quoted(sub.name ?? '-', 40) } }),
  };
}

function refOf({ owner, type, tag }: AccountRef): Owned {
  const sub = owner === 'self' ? undefined : { userId: owner.subUserId, name: owner.name };
  return ownedBy({ type, tag, sub });
}

type Movement = Pick<OutputOf<'kucoin_execute_transfer'>, 'amount' | 'currency' | 'from' | 'to'>;

export function movementOf({ intent }: Pick<TransferRecord, 'intent'>): Movement {
  const { amount, currency, from, to } = intent;
  return { amount: canonical(amount), currency: harmless(currency, 30), from: refOf(from), to: refOf(to) };
}

type Ended = Omit<OutputOf<'kucoin_execute_transfer'>, keyof Head>;

const moneyMoved = { moved: 'yes', notMoved: 'no', unknown: 'unknown' } as const;

/** What became of a transfer, in the words that a person reads. */
export function endedOf(record: TransferRecord): Ended {
  const { what, money, todo } = record.report;
  return {
    transferId: record.id,
    outcome: outcomeOf(record),
    moneyMoved: moneyMoved[record.moved],
    what: plainEnglish(what),
    money: plainEnglish(money),
    todo: plainEnglish(todo),
    ...movementOf(record),
    orderIds: record.legs.flatMap(({ orderId }) => orderId ?? []).map((id) => harmless(id, 60)),
  };
}
