/** When the private feeds run: while a view that shows them is visible, always, or never. */
export const liveModes = ['whileVisible', 'always', 'never'] as const;
export type LiveMode = (typeof liveModes)[number];
