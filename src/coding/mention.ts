/** What a file must hold, in one of these spellings, before anything else is looked at. */
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

export function mentionsKucoin(text: string): boolean {
  return words.some((word) => text.includes(word));
}
