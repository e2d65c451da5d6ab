/** Every language-model tool of the product. A test holds this list against `package.json`. */
export const toolNames = [
  'kucoin_balances',
  'kucoin_transfer_history',
  'kucoin_hf_status',
  'kucoin_explain_endpoint',
  'kucoin_plan_transfer',
  'kucoin_execute_transfer',
] as const;

export type ToolName = (typeof toolNames)[number];
