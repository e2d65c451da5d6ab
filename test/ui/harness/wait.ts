import { setTimeout as delay } from 'node:timers/promises';

export const patienceMs = 25_000;
const intervalMs = 50;

/**
 * Reads until the value is as wanted, and returns it; after the time it fails with the last value read. Errors while
 * reading count as "not yet": the workbench may be drawing.
 */
export async function eventually<T>(
  read: () => T | Promise<T>,
  wanted: (value: T) => boolean,
  what: string,
  timeoutMs = patienceMs,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let last: string;
  for (;;) {
    try {
      const value = await read();
      if (wanted(value)) return value;
      last = JSON.stringify(value);
    } catch (error) {
      last = String(error);
    }
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms for ${what}; last seen: ${last}`);
    await delay(intervalMs);
  }
}

/** The little of a DOM element that the readers below use; the project has no DOM types, for it has no browser code. */
export interface Element {
  readonly textContent: string | null;
  readonly innerText: string;
  readonly id: string;
  readonly className: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
}
