import * as v from 'valibot';

/**
 * What the panel of an order book and its host say to each other. The host formats and translates every text and has
 * every figure; numbers here are for lengths and places in pictures and nothing else.
 */

/** Texts that do not change while the panel is open. */
export interface Texts {
  readonly pause: string;
  readonly resume: string;
  readonly retry: string;
  readonly groupBy: string;
  readonly bids: string;
  readonly asks: string;
  readonly price: string;
  readonly size: string;
  readonly total: string;
  readonly noBids: string;
  readonly noAsks: string;
  /** Caption of the chart. */
  readonly depth: string;
  /** Which keys do what in the ladder. */
  readonly keys: string;
}

/** A row of the ladder. */
export interface Rung {
  readonly price: string;
  readonly size: string;
  readonly total: string;
  /** As they are copied: every digit, nothing else. */
  readonly exact: readonly [price: string, size: string];
  /** The total as the length of a bar. */
  readonly sum: number;
}

/** A place in the chart: price, and what is bid or asked up to it. */
export interface Point {
  readonly at: number;
  readonly sum: number;
  /** What the place stands for. */
  readonly text: string;
}

export interface Figure {
  readonly label: string;
  readonly text: string;
}

export interface State {
  readonly title: string;
  readonly environment: 'LIVE' | 'DEMO';
  /** `environment` as a sentence. */
  readonly environmentText: string;
  readonly profile: string;
  /** One or two words: live, connecting, ... */
  readonly status: string;
  readonly isLive: boolean;
  readonly isPaused: boolean;
  /** Whether pausing makes sense now. */
  readonly canPause: boolean;
  readonly canRetry: boolean;
  /** Where the levels come from, and of when. */
  readonly source: string;
  /** What is wrong or less than it could be, and what to do. */
  readonly notices: readonly string[];
  readonly last: string;
  /** With sign and word, e.g. `▲ 1.23 %`. */
  readonly change: string;
  readonly direction: 'up' | 'down' | 'none';
  readonly figures: readonly Figure[];
  readonly spread: string;
  readonly steps: readonly { readonly value: string; readonly text: string }[];
  readonly step: string;
  /** Best price first. */
  readonly bids: readonly Rung[];
  readonly asks: readonly Rung[];
  /** For the chart, which is finer and reaches further; best price first. */
  readonly depth: { readonly bids: readonly Point[]; readonly asks: readonly Point[] };
  /** What the chart shows, in one sentence: for those who do not see it. */
  readonly summary: string;
}

export type ToPage =
  | { readonly type: 'texts'; readonly texts: Texts }
  | { readonly type: 'state'; readonly state: State }
  /** To be said aloud, e.g. that something was copied. */
  | { readonly type: 'said'; readonly text: string };

/** What may be copied of a row of the ladder. */
export const copied = ['price', 'size'] as const;
export type Copied = (typeof copied)[number];

/** A price or a size as it is copied. */
export const decimalText = v.pipe(v.string(), v.maxLength(60), v.regex(/^\d+(\.\d+)?$/));

export const fromPage = v.variant('type', [
  v.strictObject({ type: v.literal('pause'), isPaused: v.boolean() }),
  v.strictObject({ type: v.literal('retry') }),
  v.strictObject({ type: v.literal('step'), step: decimalText }),
  v.strictObject({ type: v.literal('copy'), what: v.picklist(copied), text: decimalText }),
]);
export type FromPage = v.InferOutput<typeof fromPage>;
