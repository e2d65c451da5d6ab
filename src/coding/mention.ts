/** By which a file shows that it speaks of KuCoin, in the spellings that people use. */
export const words = [
  'kucoin',
  'KuCoin',
  'KUCOIN',
  'Kucoin',
  'kuCoin',
  'KC-API',
  'kc-api',
  'KC_API',
] as const;

/** The same in any case, and in one pass: it is looked for in every document that is opened. */
const mention = /kucoin|kc[-_]api/i;

export function mentionsKucoin(text: string): boolean {
  return mention.test(text);
}
