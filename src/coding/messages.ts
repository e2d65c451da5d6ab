/**
 * Every sentence that the analysers say to a person. English templates as whole sentences with named placeholders;
 * the template is the key for translation. The codes are stable: settings and comments of users name them.
 */
export const findingTexts = {
  KC101: 'KuCoin has marked {title} as superseded. It still answers, but that may end.',
  KC101By: 'KuCoin has marked {title} as superseded. It still answers, but that may end. Use {replacement}.',
  KC102: '{title} does not answer any more. Use {replacement}.',
  KC103: '{path} is served by the {right} host, not by {host}.',
  KC103Gone:
    'KuCoin switched its sandbox {host} off in 2023. Use the sandbox of this extension, or the order test.',
  KC103Earlier: '{host} belongs to an earlier generation of the API. Use {right}.',
  KC104: '{endpoint} takes account types in another case: {right}, not {value}. KuCoin answers 400100.',
  KC105: '{endpoint} does not take the account type {value} as {parameter}. It takes: {allowed}',
  KC106:
    'Internal Transfer can put funds into contract, but never take them out. KuCoin answers 400100. Use Flex Transfer.',
  KC107: '{value} is kept per trading pair: {parameter} must name it, for example BTC-USDT.',
  KC108: '{parameter} is a floating-point number, which loses digits. Send it as text.',
  KC109: 'Your Spot account serves HF orders itself, so you have no {value}. Use {right}.',
  KC110: 'The key of the active profile lacks the permission {permission}, which {title} needs.',
  KC111:
    'false does not mean that HF is not activated: it is the answer for most users, whose Spot account serves HF orders itself. It only says that there is no separate trade_hf account.',
  KC112:
    'The signature covers the encoded query, but KuCoin verifies the decoded one: values with characters that need encoding are refused with 400005. Sign the raw query.',
  KC113: '{parameter} must be between {low} and {high} here. KuCoin answers 400100.',
  KC114: 'KuCoin wants milliseconds here, and this is in seconds.',
} as const;

export const fixTexts = {
  replacePath: 'Change the path to {path}',
  replaceHost: 'Change the host to {host}',
  replaceValue: 'Change to {value}',
  quote: 'Send it as text',
  milliseconds: 'Use milliseconds',
} as const;

export const hoverTexts = {
  title: '{title}',
  call: '{method} {path}',
  host: 'Host: {host}',
  permission: 'Permission: {permission}',
  public: 'Public: it needs no key.',
  weight: 'Weight: {weight} of the {pool} pool, which holds {quota} per 30 seconds at VIP level 0.',
  pagesByNumber: 'Pages: currentPage, pageSize from {low} to {high}.',
  pagesByLastId: 'Pages: lastId with limit, at most {high}.',
  pagesByOffset: 'Pages: offset, until hasMore is false.',
  window: 'At most {hours} hours between startAt and endAt.',
  notRepeatable: 'Never send it again by itself when its outcome is unknown.',
  superseded: 'Superseded. It still answers, but that may end.',
  supersededBy: 'Superseded by {replacement}. It still answers, but that may end.',
  gone: 'It does not answer any more. Use {replacement}.',
  allowed: 'The active profile may call it.',
  notAllowed: 'The active profile may not call it: its key lacks the permission {permission}.',
  notKnown: 'It is not known whether the active profile may call it.',
  opened:
    'false does not mean that HF is not activated: it is the answer for most users, whose Spot account serves HF orders itself.',
  hfOrders: 'HF orders draw on {account}, never on the funding account.',
  hfNotActivated: 'HF is not activated: HF orders are refused until the first transfer to trade_hf opens it.',
  hfMarginNotActivated:
    'HF margin is not open, or it is empty. The first transfer from the margin account opens it.',
  hfRefused: 'KuCoin refuses HF orders to this user.',
} as const;

export const secretTexts = {
  live: 'This looks like the {part} of a KuCoin API key that works. Whoever reads this file can use it.',
  liveIgnored:
    'This looks like the {part} of a KuCoin API key that works. Git ignores this file, but whoever reads it can use the key.',
  move: 'Move to SecretStorage as a profile',
  replace: 'Replace by an environment variable',
  key: 'key',
  secret: 'secret',
  passphrase: 'passphrase',
} as const;

export const completionTexts = {
  path: '{title}',
  superseded: '{title} (superseded)',
  required: 'required',
  optional: 'optional',
} as const;
