import { canonical, compare, isZero, truncate, zero, type Decimal } from '../../kucoin/decimal';
import { spotCurrency } from '../../kucoin/vocabulary';
import type { Account, SubAccount } from '../../portfolio/accounts';
import { hfKinds } from '../../portfolio/hfWatch';
import { familyHoldings } from '../../portfolio/holdings';
import { familyIds } from '../../portfolio/portfolio';
import { valueOf } from '../../portfolio/valuation';
import { environmentOf, worldOf } from '../../profiles/profile';
import { historyPage } from '../../transfers/history';
import { loadedAccounts } from '../balanceCommands';
import { freshMs } from '../transferFlow';
import { endedOf, headOf, ownedBy, valid } from './answers';
import { activeProfile, activeSession, stopIfCancelled, type Asked, type ToolOptions } from './asked';
import { explainEndpoint, findEndpoints } from './endpoints';
import { ToolFailure } from './failure';
import { fitted, harmless, plainEnglish, quoted, render } from './outside';
import type { InputOf, OutputOf } from './schemas';

/** The tools that read. */

/** Sub-accounts that an answer names at most. */
const mostSubs = 50;

export async function balances(
  options: ToolOptions,
  { profile, currency, account, owner, limit = 50 }: InputOf<'kucoin_balances'>,
  { token, most }: Asked,
): Promise<string> {
  const session = await activeSession(options.sessions, profile);
  await loadedAccounts(options, freshMs);
  const { portfolio } = session;
  await familyHoldings(portfolio, freshMs);
  stopIfCancelled(token);
  const prices = portfolio.usablePrices;
  const wanted = currency === undefined ? undefined : spotCurrency(currency);
  type Row = OutputOf<'kucoin_balances'>['rows'][number];
  const rowsOf = ({ type, tag, balances, readAt }: Account, sub?: SubAccount): Row[] =>
    account !== undefined && account !== type
      ? []
      : balances
          .filter((each) => wanted === each.currency || (wanted === undefined && holdsAnything(each)))
          .map((each) => {
            const value = valueOf(prices, each.currency, each.total);
            return {
              ...ownedBy({ type, tag, sub }),
              currency: harmless(each.currency, 30),
              total: canonical(each.total),
              available: canonical(each.available),
              held: canonical(each.held),
              ...(each.liability !== undefined &&
                !isZero(each.liability) && { owed: canonical(each.liability) }),
              ...(value !== undefined && { value: truncate(value, 8) }),
              readAt: new Date(readAt).toISOString(),
            };
          });
  const subs = owner === 'self' || !portfolio.isMaster ? [] : portfolio.subs;
  const rows = [
    ...(owner === 'subAccounts' ? [] : portfolio.own.flatMap((each) => rowsOf(each))),
    ...subs.flatMap((sub) => sub.accounts.flatMap((each) => rowsOf(each, sub))),
  ].sort((a, b) => compare((b.value ?? zero) as Decimal, (a.value ?? zero) as Decimal));
  const notRead = familyIds.flatMap((part) => {
    const { state, error } = portfolio.family(part);
    return state === 'failed' && error
      ? [{ part, reason: plainEnglish({ template: '{said}', values: { said: error.detail ?? error.kind } }) }]
      : [];
  });
  return fitted(
    rows.slice(0, limit),
    (shown, left) =>
      valid('kucoin_balances', {
        ...headOf(session.profile),
        valuedIn: prices?.base ?? '-',
        rows: [...shown],
        moreRows: left + Math.max(rows.length - limit, 0),
        subAccounts: subs.slice(0, mostSubs).map(({ userId, name, remarks, frozen }) => ({
          id: harmless(userId, 60),
          name: quoted(name, 40),
          ...(remarks !== '' && { remark: quoted(remarks, 60) }),
          frozen,
        })),
        moreSubAccounts: Math.max(subs.length - mostSubs, 0),
        notRead,
      }),
    most,
  );
}

function holdsAnything({ total, held, liability }: Account['balances'][number]): boolean {
  return ![total, held, liability ?? zero].every(isZero);
}

export async function transferHistory(
  options: ToolOptions,
  { profile, id, currency, outcome, limit = 10 }: InputOf<'kucoin_transfer_history'>,
  { most }: Asked,
): Promise<string> {
  const { desk } = options;
  const of = activeProfile(options.sessions, profile);
  const journal = await desk.journal();
  await journal.refresh();
  const one = id === undefined ? undefined : await desk.find(id);
  if (id !== undefined && one?.profile.id !== of.id) {
    throw new ToolFailure(
      'No transfer of this profile has this id.',
      'Leave the id out to list the newest transfers.',
      'Nothing was changed.',
    );
  }
  const filter = { profileId: of.id, currency: currency && spotCurrency(currency), outcome };
  const page = one ? { records: [one] } : historyPage(journal, desk.historyOptions, { limit, filter });
  return fitted(
    page.records,
    (shown, left) =>
      valid('kucoin_transfer_history', {
        ...headOf(of),
        transfers: shown.map((record) => ({
          ...endedOf(record),
          at: new Date(record.createdAt).toISOString(),
        })),
        moreTransfers: left,
      }),
    most,
  );
}

export async function hfStatus(
  options: ToolOptions,
  { profile, kind }: InputOf<'kucoin_hf_status'>,
  { token }: Asked,
): Promise<string> {
  const session = await activeSession(options.sessions, profile);
  const watch = options.hf.of(session);
  const kinds = hfKinds.filter((each) => kind === undefined || each === kind);
  await Promise.all(kinds.map((each) => watch.refresh(each)));
  stopIfCancelled(token);
  return render(
    valid('kucoin_hf_status', {
      ...headOf(session.profile),
      kinds: kinds.flatMap((each) => {
        const status = watch.status(each);
        if (!status) return [];
        const { state, drawsOn, meaning, next, evidence } = status;
        return [
          {
            kind: each,
            state,
            ...(drawsOn !== undefined && { drawsOn }),
            meaning: plainEnglish(meaning),
            next: plainEnglish(next.sentence),
            evidence: evidence.map(plainEnglish),
          },
        ];
      }),
    }),
  );
}

export function explain(
  options: Pick<ToolOptions, 'sessions'>,
  { endpoint }: InputOf<'kucoin_explain_endpoint'>,
  { most }: Asked,
): string {
  const { profile } = options.sessions;
  const found = findEndpoints(endpoint);
  if (found.length === 0) {
    throw new ToolFailure(
      'The catalogue of KuCoin Accounts holds no such call.',
      'Name a path such as /api/v3/accounts/universal-transfer, or words of its title such as "transfer quotas".',
      'Nothing was sent.',
    );
  }
  const world = profile ? worldOf(profile) : 'today';
  return fitted(
    found,
    (shown) =>
      valid('kucoin_explain_endpoint', {
        about: profile
          ? `As seen by the active profile, which is ${environmentOf(profile)}. Nothing was sent.`
          : 'There is no active profile. Nothing was sent.',
        endpoints: shown.map(([name, entry]) =>
          explainEndpoint(name, entry, world, profile?.facts?.permissions),
        ),
      }),
    most,
  );
}
