import * as v from 'valibot';

/**
 * What the portfolio panel and its host say to each other. The host formats and translates every text and has every
 * figure; numbers here are for the lengths of bars and nothing else.
 */

export const chartIds = ['currencies', 'accounts', 'owners', 'history', 'flows'] as const;
export type ChartId = (typeof chartIds)[number];

export const periods = ['day', 'week', 'month'] as const;
export type Period = (typeof periods)[number];

/** Texts that do not change while the panel is open. */
export interface Texts {
  readonly refresh: string;
  readonly showTable: string;
  readonly showChart: string;
  readonly exportImage: string;
  readonly exportCsv: string;
  readonly periodLabel: string;
  readonly periods: Readonly<Record<Period, string>>;
}

/** A part of a whole, or a bar. */
export interface Bar {
  readonly label: string;
  readonly text: string;
  readonly value: number;
}

export type Picture =
  | { readonly kind: 'shares'; readonly bars: readonly Bar[] }
  | { readonly kind: 'bars'; readonly bars: readonly Bar[] }
  | {
      /** Several bars side by side, each of parts. */
      readonly kind: 'stacked';
      readonly labels: readonly string[];
      /** What each bar comes to. */
      readonly texts: readonly string[];
      readonly parts: readonly {
        readonly label: string;
        readonly values: readonly number[];
        readonly texts: readonly string[];
      }[];
    }
  | {
      readonly kind: 'line';
      readonly label: string;
      /** Milliseconds since the epoch. */
      readonly points: readonly {
        readonly at: number;
        readonly value: number;
        readonly text: string;
        readonly time: string;
      }[];
    }
  | {
      readonly kind: 'flows';
      readonly flows: readonly {
        readonly from: string;
        readonly to: string;
        readonly value: number;
        readonly text: string;
      }[];
    };

export interface Card {
  readonly id: ChartId;
  readonly title: string;
  /** What the picture shows, in one sentence: for those who do not see it. */
  readonly summary: string;
  /** What is not in the picture, and where the figures are from. */
  readonly notes: readonly string[];
  /** Said in place of the picture where there is nothing to show. */
  readonly empty?: string | undefined;
  /** A button beside `empty`. */
  readonly remedy?: { readonly title: string; readonly action: 'openSettings' } | undefined;
  readonly picture?: Picture | undefined;
  readonly table: {
    readonly caption: string;
    readonly columns: readonly { readonly title: string; readonly isFigure?: boolean }[];
    readonly rows: readonly (readonly string[])[];
  };
}

export interface State {
  readonly title: string;
  readonly environment: 'LIVE' | 'DEMO';
  /** `environment` as a sentence. */
  readonly environmentText: string;
  readonly total: string;
  /** How old the figures are, or what is going on. */
  readonly status: string;
  readonly isBusy: boolean;
  /** What went wrong and what to do. */
  readonly problems: readonly string[];
  readonly period: Period;
  readonly cards: readonly Card[];
}

export type ToPage =
  { readonly type: 'texts'; readonly texts: Texts } | { readonly type: 'state'; readonly state: State };

/** A picture of this size, as text, is larger than any screen makes. */
const mostImageText = 24_000_000;

export const fromPage = v.variant('type', [
  v.strictObject({ type: v.literal('refresh') }),
  v.strictObject({ type: v.literal('openSettings') }),
  v.strictObject({ type: v.literal('choosePeriod'), period: v.picklist(periods) }),
  v.strictObject({ type: v.literal('exportCsv'), chart: v.picklist(chartIds) }),
  v.strictObject({
    type: v.literal('exportImage'),
    chart: v.picklist(chartIds),
    /** A PNG file in Base64: every such file begins with these bytes. */
    png: v.pipe(
      v.string(),
      v.maxLength(mostImageText),
      v.startsWith('iVBORw0KGgo'),
      v.regex(/^[A-Za-z0-9+/]+={0,2}$/),
    ),
  }),
]);

export type FromPage = v.InferOutput<typeof fromPage>;
