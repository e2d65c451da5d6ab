import {
  add as plus,
  canonical,
  compare,
  divideDown,
  isDecimal,
  isZero,
  multiply,
  type Decimal,
} from '../kucoin/decimal';
import type { ParamsOf, ReplyOf } from '../kucoin/endpoint';
import type { getAllSymbols } from '../kucoin/endpoints/market';
import type { addHfOrder } from '../kucoin/endpoints/order';
import type { Sentence } from '../kucoin/explain';

/** An HF order as a person wants it, and whether the rules of its symbol allow it (kucoin-api 8.28, 8.34). */

/** Increments and limits of a trading pair. */
export type SymbolRules = ReplyOf<typeof getAllSymbols>[number];

export interface OrderDraft {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly type: 'limit' | 'market';
  /** Of a limit order, in the quote currency. */
  readonly price?: Decimal | undefined;
  /** In the base currency. */
  readonly size?: Decimal | undefined;
  /** What a market order spends, in the quote currency, in place of `size`. */
  readonly funds?: Decimal | undefined;
}

export type Figure = 'price' | 'size' | 'funds';

/** English templates with named placeholders; the template is the key for translation. */
export const orderTexts = {
  notAFigure: 'Enter a positive number such as 0.5.',
  increment: 'KuCoin takes multiples of {step} only. The nearest are {below} and {above}.',
  tooSmall: 'The smallest is {least}.',
  tooLarge: 'The largest is {most}.',
  minFunds: 'The order is worth {worth} {quote}; the smallest is {least} {quote}.',
  balance: 'The order needs {needed} {currency}; {available} {currency} are available.',
} as const;

function say(template: string, values: Readonly<Record<string, string>> = {}): Sentence {
  return { template, values };
}

/** What is wrong with one figure of an order; `undefined` when nothing is. */
export function figureProblem(figure: Figure, text: string, rules: SymbolRules): Sentence | undefined {
  if (!isDecimal(text) || text.startsWith('-') || isZero(text)) return say(orderTexts.notAFigure);
  const { step, least, most } = limitsOf(figure, rules);
  const below = multiple(text, step);
  if (compare(below, text) !== 0) {
    const above = canonical(plus(below, step));
    return say(orderTexts.increment, { step, below, above });
  }
  if (least !== undefined && compare(text, least) < 0) return say(orderTexts.tooSmall, { least });
  if (most !== undefined && compare(text, most) > 0) return say(orderTexts.tooLarge, { most });
  return undefined;
}

/** What is wrong with a whole order, in the order in which a person would be asked. */
export function draftProblem(draft: OrderDraft, rules: SymbolRules): Sentence | undefined {
  const wanted: readonly Figure[] =
    draft.type === 'limit' ? ['price', 'size'] : [draft.funds === undefined ? 'size' : 'funds'];
  for (const figure of wanted) {
    const problem = figureProblem(figure, draft[figure] ?? '', rules);
    if (problem) return problem;
  }
  const worth = draft.funds ?? (draft.price && draft.size && multiply(draft.price, draft.size));
  const { minFunds, quoteCurrency: quote } = rules;
  if (worth !== undefined && minFunds != null && compare(worth, minFunds) < 0) {
    return say(orderTexts.minFunds, { worth, quote, least: minFunds });
  }
  return undefined;
}

/** What the order pays with and how much of it, fees left out; the amount of a market order by size is not known. */
export function needOf(
  { side, price, size, funds }: OrderDraft,
  { baseCurrency, quoteCurrency }: SymbolRules,
): { readonly currency: string; readonly amount: Decimal | undefined } {
  if (side === 'sell') return { currency: baseCurrency, amount: size };
  return { currency: quoteCurrency, amount: funds ?? (price && size && multiply(price, size)) };
}

/** The body of the call. */
export function paramsOf(draft: OrderDraft, clientOid: string): ParamsOf<typeof addHfOrder> {
  const { symbol, side, type, price, size, funds } = draft;
  return {
    clientOid,
    symbol,
    side,
    type,
    ...(price !== undefined && { price }),
    ...(size !== undefined && { size }),
    ...(funds !== undefined && { funds }),
  };
}

/**
 * The smallest order that nobody would execute: for the order test, as a proof that HF orders are accepted.
 *
 * @param bid the best price that somebody pays now
 */
export function probe(rules: SymbolRules, bid: Decimal): OrderDraft {
  const price = multiple(divideDown(bid, '2' as Decimal, 18), rules.priceIncrement);
  let size: Decimal = rules.baseMinSize;
  const least = rules.minFunds;
  if (least != null && compare(multiply(size, price), least) < 0) {
    const steps = divideDown(divideDown(least, price, 18), rules.baseIncrement, 0);
    size = multiply(plus(steps, '1' as Decimal), rules.baseIncrement);
  }
  return { symbol: rules.symbol, side: 'buy', type: 'limit', price, size };
}

function limitsOf(
  figure: Figure,
  rules: SymbolRules,
): { readonly step: Decimal; readonly least?: Decimal; readonly most?: Decimal } {
  switch (figure) {
    case 'price':
      return { step: rules.priceIncrement };
    case 'size':
      return { step: rules.baseIncrement, least: rules.baseMinSize, most: rules.baseMaxSize };
    case 'funds':
      return { step: rules.quoteIncrement, least: rules.quoteMinSize, most: rules.quoteMaxSize };
  }
}

/** The largest multiple of a step that is not above a value. */
function multiple(value: Decimal, step: Decimal): Decimal {
  return multiply(divideDown(value, step, 0), step);
}
