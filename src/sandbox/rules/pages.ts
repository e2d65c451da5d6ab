import { Refusal } from '../refusals';

/** One page of a list with page numbers (kucoin-api 5.1). A page past the end is empty. */
export interface Page<T> {
  readonly currentPage: number;
  readonly pageSize: number;
  readonly totalNum: number;
  readonly totalPage: number;
  readonly items: readonly T[];
}

export interface PageRange {
  readonly least: number;
  readonly most: number;
  /** Size where the request names none. */
  readonly usual: number;
}

/** Throws a Refusal when the size is out of range. */
export function pageOf<T>(
  all: readonly T[],
  asked: { readonly currentPage?: number | undefined; readonly pageSize?: number | undefined },
  { least, most, usual }: PageRange,
): Page<T> {
  const { currentPage = 1, pageSize = usual } = asked;
  if (pageSize > most) throw new Refusal('pageSizeTooLarge', { most: String(most) });
  if (pageSize < least) throw new Refusal('pageSizeTooSmall', { least: String(least) });
  const start = (currentPage - 1) * pageSize;
  return {
    currentPage,
    pageSize,
    totalNum: all.length,
    totalPage: Math.ceil(all.length / pageSize),
    items: all.slice(start, start + pageSize),
  };
}

export const dayMs = 24 * 3_600_000;

export interface TimeWindow {
  readonly startAt: number;
  readonly endAt: number;
}

/** A window of at most a day: one bound alone is completed, none means the last day (kucoin-api 5.1, 5.2). */
export function dayWindow(
  { startAt, endAt }: { readonly startAt?: number | undefined; readonly endAt?: number | undefined },
  now: number,
  tooWide: 'windowTooWide' | 'queryScope',
): TimeWindow {
  const end = endAt ?? (startAt === undefined ? now : startAt + dayMs);
  const start = startAt ?? end - dayMs;
  if (start >= end) throw new Refusal('windowOrder');
  if (end - start > dayMs) throw new Refusal(tooWide);
  return { startAt: start, endAt: end };
}

export function within(time: number, { startAt, endAt }: TimeWindow): boolean {
  return time >= startAt && time <= endAt;
}
