import type { World } from '../kucoin/vocabulary';
import type { FoundCall, File } from './calls';
import type { Add, CodingFacts, Fix } from './finding';
import { findingTexts, fixTexts } from './messages';
import type { Family } from './scan';
import { say } from './sentence';
import type { Values } from './syntax';

/** What the parameters of each call may be, and what is said of those that are something else. */

const flex = ['MAIN', 'TRADE', 'CONTRACT', 'MARGIN', 'ISOLATED', 'MARGIN_V2', 'ISOLATED_V2'];
const inner = ['main', 'trade', 'trade_hf', 'margin', 'isolated', 'margin_v2', 'isolated_v2'];
const either = ['MAIN', 'TRADE'];
const both = <T>(types: T): Readonly<Record<World, T>> => ({ seed: types, today: types });

interface AccountParameter {
  readonly allowed: Readonly<Record<World, readonly string[]>>;
  /** Parameter that names the pair of an isolated account. */
  readonly tag?: string;
}

/** Account types by endpoint and parameter, in each world. Source: kucoin-api 8.5, 8.15 to 8.20. */
const accountParameters: Readonly<Record<string, Readonly<Record<string, AccountParameter>>>> = {
  'GET /api/v1/accounts': {
    type: {
      allowed: {
        seed: ['main', 'trade', 'margin', 'trade_hf'],
        today: ['main', 'trade', 'option', 'trade_hf'],
      },
    },
  },
  'GET /api/v1/accounts/transferable': {
    type: {
      allowed: {
        seed: ['MAIN', 'TRADE', 'TRADE_HF', 'MARGIN', 'ISOLATED'],
        today: ['MAIN', 'TRADE', 'MARGIN', 'ISOLATED', 'OPTION', 'MARGIN_V2', 'ISOLATED_V2'],
      },
      tag: 'tag',
    },
  },
  'POST /api/v3/accounts/universal-transfer': {
    fromAccountType: {
      allowed: { seed: [...flex, 'TRADE_HF'], today: [...flex, 'OPTION'] },
      tag: 'fromAccountTag',
    },
    toAccountType: {
      allowed: { seed: [...flex, 'TRADE_HF'], today: [...flex, 'OPTION'] },
      tag: 'toAccountTag',
    },
  },
  'POST /api/v2/accounts/inner-transfer': {
    from: { allowed: { seed: inner, today: [...inner, 'option'] }, tag: 'fromTag' },
    to: { allowed: { seed: [...inner, 'contract'], today: [...inner, 'contract', 'option'] }, tag: 'toTag' },
  },
  'POST /api/v2/accounts/sub-transfer': {
    accountType: {
      allowed: {
        seed: ['MAIN', 'TRADE', 'TRADE_HF', 'MARGIN', 'CONTRACT'],
        today: ['MAIN', 'TRADE', 'MARGIN', 'CONTRACT', 'OPTION', 'ISOLATED'],
      },
      tag: 'tag',
    },
    subAccountType: {
      allowed: {
        seed: ['MAIN', 'TRADE', 'TRADE_HF', 'MARGIN', 'CONTRACT'],
        today: ['MAIN', 'TRADE', 'MARGIN', 'CONTRACT', 'ISOLATED'],
      },
      tag: 'subTag',
    },
  },
  'POST /api/v3/transfer-out': { recAccountType: { allowed: both(either) } },
  'POST /api/v1/transfer-in': { payAccountType: { allowed: both(either) } },
};

/** Account types that an endpoint takes for a parameter; nothing for other parameters. */
export function accountTypesFor(id: string, parameter: string, world: World): readonly string[] | undefined {
  return accountParameters[id]?.[parameter]?.allowed[world];
}

const allTypes = new Set([
  'MAIN',
  'TRADE',
  'TRADE_HF',
  'MARGIN',
  'ISOLATED',
  'MARGIN_V2',
  'ISOLATED_V2',
  'CONTRACT',
  'OPTION',
  'POOL',
  'FUNDING',
  'SPOT',
  'FUTURES',
  'CROSS',
  'UNIFIED',
  'TRADING',
]);

export function accountTypes(
  call: FoundCall,
  world: World,
  facts: CodingFacts,
  values: Values,
  add: Add,
): void {
  const parameters = accountParameters[call.known.id];
  if (!parameters) return;
  for (const [parameter, { allowed }] of Object.entries(parameters)) {
    const value = values.get(parameter);
    if (value?.kind !== 'text' || !allTypes.has(value.text.toUpperCase())) continue;
    const { start, end } = value;
    const fixTo = (text: string): Fix[] => [
      { title: say(fixTexts.replaceValue, { value: text }), edits: [{ start, end, text }] },
    ];
    const lower = allowed[world][0] === 'main';
    const cased = lower ? value.text.toLowerCase() : value.text.toUpperCase();
    if (call.known.id.endsWith('inner-transfer') && parameter === 'from' && cased === 'contract') {
      add({ code: 'KC106', severity: 'error', start, end, fixes: [], message: say(findingTexts.KC106) });
      continue;
    }
    if (cased === (lower ? 'trade_hf' : 'TRADE_HF') && facts.spotHf === 'merged') {
      const right = lower ? 'trade' : 'TRADE';
      add({
        code: 'KC109',
        severity: 'warning',
        start,
        end,
        fixes: fixTo(right),
        message: say(findingTexts.KC109, { value: value.text, right }),
      });
      continue;
    }
    if (!allowed[world].includes(cased))
      add({
        code: 'KC105',
        severity: 'error',
        start,
        end,
        fixes: [],
        message: say(findingTexts.KC105, {
          endpoint: call.known.title,
          value: value.text,
          parameter,
          allowed: allowed[world].join(', '),
        }),
      });
    else if (cased !== value.text)
      add({
        code: 'KC104',
        severity: 'error',
        start,
        end,
        fixes: fixTo(cased),
        message: say(findingTexts.KC104, { endpoint: call.known.title, right: cased, value: value.text }),
      });
  }
}

/** A method of kucoin-python that sends to trade_hf without naming it. */
export function hiddenHf(
  { text }: File,
  { by, start, end }: FoundCall,
  { spotHf }: CodingFacts,
  add: Add,
): void {
  if (by !== 'kucoinPython' || spotHf !== 'merged') return;
  if (text.slice(start, end) !== 'transfer_to_hf_account') return;
  const message = say(findingTexts.KC109, { value: 'trade_hf', right: 'trade' });
  add({ code: 'KC109', severity: 'warning', start, end, fixes: [], message });
}

export function tags(call: FoundCall, values: Values, add: Add): void {
  for (const [parameter, { tag }] of Object.entries(accountParameters[call.known.id] ?? {})) {
    const value = values.get(parameter);
    if (
      tag === undefined ||
      value?.kind !== 'text' ||
      !/^isolated(?:_v2)?$/i.test(value.text) ||
      values.has(tag)
    )
      continue;
    add({
      code: 'KC107',
      severity: 'error',
      start: value.start,
      end: value.end,
      fixes: [],
      message: say(findingTexts.KC107, { value: value.text, parameter: tag }),
    });
  }
}

const transfers = ['amount'];
const orders = ['price', 'size', 'funds'];

/** Amounts that are text in JSON. The futures transfers take JSON numbers and are left out (kucoin-api 8.19, 8.20). */
const amountParameters: Readonly<Record<string, readonly string[]>> = {
  'POST /api/v3/accounts/universal-transfer': transfers,
  'POST /api/v2/accounts/inner-transfer': transfers,
  'POST /api/v2/accounts/sub-transfer': transfers,
  'POST /api/v1/hf/orders': orders,
  'POST /api/v1/hf/orders/test': orders,
  'POST /api/v1/hf/orders/sync': orders,
};

const singleQuoted: ReadonlySet<Family> = new Set(['javascript', 'python', 'php']);

export function amounts(call: FoundCall, values: Values, family: Family, add: Add): void {
  if (call.by === 'universal') return;
  for (const parameter of amountParameters[call.known.id] ?? []) {
    const value = values.get(parameter);
    if (value?.kind !== 'float') continue;
    const { start, end } = value;
    const quote = singleQuoted.has(family) ? "'" : '"';
    const literal = /^\d+\.\d+$/.test(value.text) && value.plain && call.by !== 'kucoinPython';
    add({
      code: 'KC108',
      severity: 'warning',
      start,
      end,
      message: say(findingTexts.KC108, { parameter }),
      fixes: literal
        ? [{ title: say(fixTexts.quote), edits: [{ start, end, text: `${quote}${value.text}${quote}` }] }]
        : [],
    });
  }
}

/** Ranges of page sizes. Source: kucoin-api 5.1, 5.3. */
export const pageRanges: Readonly<
  Record<string, { readonly parameter: string; readonly low: number; readonly high: number }>
> = {
  'GET /api/v1/accounts/ledgers': { parameter: 'pageSize', low: 10, high: 500 },
  'GET /api/v2/sub/user': { parameter: 'pageSize', low: 1, high: 100 },
  'GET /api/v2/sub-accounts': { parameter: 'pageSize', low: 10, high: 100 },
  'GET /api/v1/hf/accounts/ledgers': { parameter: 'limit', low: 1, high: 200 },
  'GET /api/v3/hf/margin/account/ledgers': { parameter: 'limit', low: 1, high: 200 },
};

export function pageSizes(call: FoundCall, values: Values, add: Add): void {
  const range = pageRanges[call.known.id];
  const value = range && values.get(range.parameter);
  if (!value || !/^\d{1,9}$/.test(value.text)) return;
  const size = Number(value.text);
  if (size >= range.low && size <= range.high) return;
  const right = String(size < range.low ? range.low : range.high);
  const { start, end } = value;
  add({
    code: 'KC113',
    severity: 'error',
    start,
    end,
    fixes: [{ title: say(fixTexts.replaceValue, { value: right }), edits: [{ start, end, text: right }] }],
    message: say(findingTexts.KC113, {
      parameter: range.parameter,
      low: String(range.low),
      high: String(range.high),
    }),
  });
}
