/** A million random amounts against BigInt: adding, subtracting, comparing, cutting, fitting, dividing. */
import {
  add,
  canonical,
  compare,
  decimal,
  divideDown,
  fractionDigits,
  neighbours,
  subtract,
  truncate,
  type Decimal,
} from '../../src/kucoin/decimal';
import { report } from './bench';

const amounts = 1_000_000;
/** Digits behind the point that the oracle counts in. */
const scale = 36;
const unit = 10n ** BigInt(scale);

let state = 20_261_122;
function below(n: number): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
}

function randomAmount(): Decimal {
  const digits = (count: number): string => Array.from({ length: count }, () => below(10)).join('');
  const whole = digits(1 + below(14)).replace(/^0+(?=\d)/, '');
  const fraction = digits(below(19));
  return decimal(fraction === '' ? whole : `${whole}.${fraction}`);
}

function toBig(text: string): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole) * unit + BigInt(fraction.padEnd(scale, '0'));
  return text.startsWith('-') ? -value : value;
}

function toText(value: bigint): string {
  const positive = value < 0n ? -value : value;
  const fraction = String(positive % unit)
    .padStart(scale, '0')
    .replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${positive / unit}${fraction === '' ? '' : `.${fraction}`}`;
}

function sign(value: bigint): number {
  return value === 0n ? 0 : value < 0n ? -1 : 1;
}

let differences = 0;
function expect(is: unknown, wanted: unknown, what: string): void {
  if (is === wanted) return;
  differences += 1;
  if (differences <= 10) console.log(`  ${what}: ${String(is)}, BigInt says ${String(wanted)}`);
}

const started = process.hrtime.bigint();
let a = randomAmount();
for (let n = 0; n < amounts; n++) {
  const b = randomAmount();
  const [x, y] = [toBig(a), toBig(b)];
  expect(add(a, b), toText(x + y), `${a} + ${b}`);
  expect(subtract(a, b), toText(x - y), `${a} - ${b}`);
  expect(Math.sign(compare(a, b)), sign(x - y), `${a} <=> ${b}`);
  expect(canonical(a), toText(x), `canonical ${a}`);
  const precision = below(13);
  const step = 10n ** BigInt(scale - precision);
  const cut = (x / step) * step;
  expect(truncate(a, precision), toText(cut), `${a} cut to ${precision}`);
  expect(fractionDigits(a) <= precision, cut === x, `${a} fits ${precision}`);
  const { above } = neighbours(a, precision);
  expect(above, toText(cut === x ? x : cut + step), `${a} up to ${precision}`);
  // The scale is not in the quotient, which is cut at `precision` digits.
  if (y > 0n) expect(divideDown(a, b, precision), toText(((x * unit) / y / step) * step), `${a} / ${b}`);
  a = b;
}
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
report({
  name: `${amounts.toLocaleString('en')} amounts added, subtracted, compared, cut and divided`,
  figure: `${differences} differences, ${seconds.toFixed(1)} s`,
  baseline: 'BigInt, counted as an oracle',
  goal: '0 differences',
  reached: differences === 0,
});
process.exitCode = differences === 0 ? 0 : 1;
