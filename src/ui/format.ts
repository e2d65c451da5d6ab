import * as vscode from 'vscode';
import { oneLine } from '../kucoin/outside';
import { canonical, truncate, type Decimal } from '../kucoin/decimal';
import { isFiat } from '../portfolio/prices';

/** Amounts and times as people read them. Formatting is the last step: nothing calculates with its results. */

/** The whole amount with its integer part grouped: `1234567.25` is `1,234,567.25`. */
export function exactAmount(amount: Decimal): string {
  const [whole = '', fraction] = canonical(amount).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** At most eight decimals, or four significant digits of what is smaller; a sign of omission says that there are more. */
export function shortAmount(amount: Decimal): string {
  const leadingZeros = /^-?0\.(0*)[1-9]/.exec(amount)?.[1]?.length ?? 0;
  const cut = truncate(amount, leadingZeros < 8 ? 8 : leadingZeros + 4);
  return cut === canonical(amount) ? exactAmount(amount) : `${exactAmount(cut)}…`;
}

/** A value in money: two decimals, eight in coins other than dollars; `<0.01` for what is less than that shows. */
export function moneyValue(value: Decimal, currency: string): string {
  const isMoney = isFiat(currency) || currency.startsWith('USD');
  const cut = truncate(value, isMoney ? 2 : 8);
  if (canonical(cut) === '0' && canonical(value) !== '0') {
    return `${value.startsWith('-') ? '>-' : '<'}${isMoney ? '0.01' : '0.00000001'} ${currency}`;
  }
  if (!isMoney) return `${exactAmount(cut)} ${currency}`;
  const [whole = '', fraction = ''] = exactAmount(cut).split('.');
  return `${whole}.${fraction.padEnd(2, '0')} ${currency}`;
}

/** A value beside an amount: `≈ 12.30 USD`, or `<0.01 USD` of what is less than a cent. */
export function aboutValue(value: Decimal, currency: string): string {
  const text = moneyValue(value, currency);
  return /^\d|^-/.test(text) ? `≈ ${text}` : text;
}

/**
 * The user's locale: that of the system where it speaks the language of the editor (24 hours in English, say), else
 * that language. `undefined` is the system's.
 */
function locale(): string | undefined {
  const languageOf = (tag: string): string | undefined => tag.split('-')[0];
  const system = new Intl.DateTimeFormat().resolvedOptions().locale;
  return languageOf(system) === languageOf(vscode.env.language) ? undefined : vscode.env.language;
}

/** A sum for a narrow place: `aboutValue` without cents from a hundred on. */
export function roundedValue(value: Decimal, currency: string): string {
  return aboutValue(value, currency).replace(/(\d{3})\.\d{2}(?= )/, '$1');
}

/** Time of day in the user's locale, of milliseconds since the epoch. */
export function timeOfDay(time: number): string {
  return new Date(time).toLocaleTimeString(locale());
}

/** Hours and minutes in the user's locale, of milliseconds since the epoch. */
export function shortTime(time: number): string {
  return new Date(time).toLocaleTimeString(locale(), { timeStyle: 'short' });
}

/** Date and time of day in the user's locale, of milliseconds since the epoch. */
export function dateAndTime(time: number): string {
  return new Date(time).toLocaleString(locale(), { dateStyle: 'medium', timeStyle: 'medium' });
}

/** The day in figures, in the user's locale and time zone, of milliseconds since the epoch: `11/22/2026`. */
export function shortDay(time: number): string {
  return new Date(time).toLocaleDateString(locale());
}

/** The day in the user's locale and time zone, of milliseconds since the epoch: `Sunday, November 22, 2026`. */
export function longDay(time: number): string {
  return new Date(time).toLocaleDateString(locale(), { dateStyle: 'full' });
}

/** Sentences in a row: Chinese ones end with a sign that holds the gap. */
export function joined(sentences: readonly (string | undefined)[]): string {
  return sentences
    .filter(Boolean)
    .join(' ')
    .replace(/(?<=[。？！；：]) /gu, '');
}

export { oneLine };

/** A label of the editor that may hold `$(icon)`: what looks like one in a text from outside is not drawn. */
export function asLabel(text: string): string {
  return oneLine(text).replaceAll('$(', '\\$(');
}
