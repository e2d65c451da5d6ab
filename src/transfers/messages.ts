/**
 * Every sentence that transfers say to a person, except those about errors of the exchange (`outcome.ts`).
 * English templates as whole sentences with named placeholders; the template is the key for translation.
 */

/** Why a transfer is not planned or not executed: the reason, then the remedy. */
export const refusals = {
  // the route
  subAccountsNotYet:
    'This version moves funds between your own accounts only. Use the KuCoin website for transfers to or from a sub-account.',
  notInThisWorld: '{account} does not exist in this KuCoin. Choose another account.',
  noFutures: 'The KuCoin site of this profile has no futures. Choose another account.',
  noSeparateHf:
    'You have no separate Spot HF account: since 2024 the Spot account serves high-frequency orders itself. Choose Spot.',
  hfNotKnown:
    'It is not known yet whether you have a separate Spot HF account. Refresh the accounts, or choose Spot.',
  hfNotOpened: 'Your Spot HF account is not open yet, so it holds nothing. A transfer into it opens it.',
  mergedAccount:
    '{account} and {merged} have been one account since the margin merge of 2026. Choose {merged}.',
  sameAccount: 'Source and target are the same account. Choose another target.',
  tagMissing: '{account} is kept per trading pair. Name the pair, for example BTC-USDT.',
  tagMalformed: 'This is not a trading pair: {tag}. Write it as BTC-USDT.',
  tagNotWanted: '{account} is not kept per trading pair. Leave the pair out: {tag}',
  tagsMustMatch:
    '{from} and {to} exchange funds only within the same trading pair. Name the same pair on both sides.',
  tagCurrency:
    '{account} {tag} can hold only the two currencies of its pair, not {currency}. Choose another pair.',
  contractNotSource:
    'Internal Transfer can put funds into Futures but never take them out. Take them out on the KuCoin website.',
  pairedOnly: '{paired} exchanges funds with {partner} only. Move the funds to {partner} first.',
  noWay: 'KuCoin offers no transfer from {from} to {to}. Go through Funding or Spot.',
  endpointMissing:
    'KuCoin moves funds from {from} to {to} only by {endpoints}, which this version does not use yet. Go through Funding or Spot.',
  permissionMissing:
    'This API key lacks the permission {permission}, which {endpoint} needs. Give it to the key on the KuCoin website, then check the profile again.',
  // the plan
  readOnly: 'The profile {profile} is read-only. Allow transfers for it first.',
  otherProfile: 'This transfer was prepared for another profile. Prepare it again.',
  currencyMalformed: 'This is not a currency code: {currency}. Choose a currency from the list.',
  amountNotPositive: 'The amount must be more than zero: {amount}',
  amountPrecision: '{currency} has at most {precision} decimals. Correct the amount: {amount}',
  amountTooMuch:
    'Only {transferable} {currency} can leave {from} now. Choose a smaller amount than this: {amount}',
  // the gate
  planStale:
    'This plan is older than {minutes} minutes, and balances may have changed. Prepare the transfer again.',
  profileChanged:
    'The profile {profile} was switched or its key changed meanwhile. Prepare the transfer again.',
  planUsed: 'This plan has been executed already. Prepare a new transfer if you want another one.',
  identicalAppeared:
    'An identical transfer was started meanwhile, and its outcome is not known. Look at the history before you repeat it.',
  journalFailed:
    'The transfer could not be written to the journal on disk, so nothing was sent and no money moved. Free some space or check the folder, then try again: {reason}',
  // settling by hand
  transferUnknown: 'There is no such transfer in the journal: {id}',
  notUndecided: 'The outcome of this transfer is known already. Nothing was changed.',
} as const;

/** What is wrong with an amount as typed: the reason, and what to type instead. */
export const amountProblems = {
  empty: 'Type an amount, or max, or half.',
  notANumber: 'This is not an amount. Type digits with a point for decimals, for example 12.5',
  comma: 'Write decimals with a point and no separators between thousands, for example 1234.5',
  blanksInside: 'Leave out the blanks between the digits, for example 1234.5',
  exponent: 'Write the amount in full, without an exponent, for example 0.001',
  sign: 'Leave out the plus sign.',
  negative: 'An amount cannot be negative. Swap source and target instead.',
  bareDot: 'Write a digit on both sides of the point, for example 0.5',
  tooLong: 'This amount has too many digits: {digits}. At most {limit} are allowed.',
  zero: 'The amount must be more than zero.',
  precision: '{currency} has at most {precision} decimals; this amount has {digits}.',
  tooMuch: 'Only {transferable} {currency} can be transferred now.',
  nothingThere: 'There is no {currency} that can be transferred now.',
  tooSmall: 'This is less than the smallest amount of {currency}, which is {smallest}.',
  transferableUnknown: 'It is not known how much can be transferred. Type the amount in digits.',
  precisionUnknown:
    'The decimals of {currency} are not known, so a value cannot be converted. Type the amount in {currency}.',
  priceUnknown: 'The price of {currency} in {unit} is not known. Type the amount in {currency}.',
  unitUnknown: 'Type the amount in {currency}; this unit is not known here: {unit}',
} as const;

/** What a person should know about how an amount was read. */
export const amountNotes = {
  converted: '{value} {unit} at {price} {unit} for one {currency} is {amount} {currency}, rounded down.',
  halved: 'Half of {transferable} {currency}, rounded down to {precision} decimals.',
  maximum:
    'All that can be transferred, rounded down to {precision} decimals: a rest of {rest} {currency} stays.',
  precisionUnknown:
    'The decimals of {currency} are not known; KuCoin may refuse this amount without moving anything.',
  transferableUnknown:
    'It is not known how much {currency} can be transferred; KuCoin may refuse this amount without moving anything.',
} as const;

/** The plan in lines. */
export const planTexts = {
  LIVE: 'LIVE: real funds of the profile {profile}.',
  DEMO: 'DEMO: play money of the profile {profile}.',
  move: 'Transfer {amount} {currency} from {from} to {to}.',
  balance: '{account}: {before} {currency} available now, {after} {currency} afterwards.',
  balanceUnknown: '{account}: the available {currency} is not known.',
  call: '{title}: {method} {path}',
} as const;

/** What a plan has made sure of. */
export const checks = {
  writable: 'The profile may transfer.',
  routeDocumented: 'KuCoin documents this transfer.',
  permission: 'The key has the permission {permission}.',
  precision: 'The amount fits the {precision} decimals of {currency}.',
  transferable: 'The amount is within the {transferable} {currency} that can leave {from} now.',
} as const;

/** What a plan cannot know. */
export const unknowns = {
  superseded: 'KuCoin has marked {endpoint} as superseded; it still answers, but that may end.',
  noIdempotency:
    'KuCoin does not promise that sending this twice moves the funds once, so it is sent exactly once.',
  routeUnconfirmed:
    'KuCoin does not document clearly that this pair of accounts works; it may refuse without moving anything.',
  permission: 'The permissions of the key have not been read; KuCoin may refuse without moving anything.',
  precision:
    'The decimals of {currency} are not known; KuCoin may refuse the amount without moving anything.',
  transferable:
    'It is not known how much {currency} can leave {from}; KuCoin may refuse the amount without moving anything.',
  balances: 'The balances of both sides are not completely known.',
  opensAccount: 'This transfer opens your {account} account; an opened account cannot be closed again.',
  hfAllowed: 'KuCoin opens Spot HF for users on its list only; it refuses others without moving anything.',
  futuresCurrency:
    'Futures takes settlement currencies only; KuCoin may refuse {currency} without moving anything.',
  marginOpened:
    '{account} must have been opened on the website; otherwise KuCoin refuses without moving anything.',
} as const;

/** What the confirmation has to say beside the plan. */
export const warnings = {
  identicalUnknown:
    'An identical transfer of {time} has an unknown outcome. If it did happen, this one moves the funds a second time.',
  identicalUnderway:
    'An identical transfer of {time} is under way at this moment. This one would be a second one.',
  journalLate:
    'The result could not be written to the journal on disk. It is kept in memory and written as soon as possible: {reason}',
} as const;

/** Whether money moved: the second sentence of every report. */
export const moneyTexts = {
  moved: 'The money moved.',
  notMoved: 'No money moved.',
  unknown: 'It is not known whether the money moved.',
} as const;

/** What happened, and what to do, where the general texts about errors do not fit a transfer. */
export const outcomeTexts = {
  done: 'Transferred {amount} {currency} from {from} to {to}.',
  nothingToDo: 'Nothing needs to be done.',
  underway: 'The transfer is under way.',
  wait: 'Wait for the answer of the exchange.',
  userSaidHappened: 'You recorded that this transfer happened.',
  userSaidNotExecuted: 'You recorded that this transfer did not happen.',
  evidenceAgainst: 'Evidence shows that this transfer did not happen.',
  chooseLess: 'Refresh the balances, then prepare the transfer again with a smaller amount.',
  prepareAgain: 'Prepare the transfer again.',
  refreshBalances: 'Refresh the balances to see it. Do not repeat the transfer.',
  findOut:
    'Do not repeat the transfer yet. Compare the balances of both accounts and the account history on the KuCoin website, then record here whether it happened.',
  crashed: 'The editor ended before the answer of the exchange arrived.',
  neverSent: 'The editor ended before the transfer was sent.',
  journalRefused: 'The transfer could not be written to the journal on disk: {said}',
  checkDisk: 'Free some space or check the folder of the journal, then prepare the transfer again.',
  internal: 'An error inside the extension stopped the transfer: {said}',
  reportIt: 'Report it with the log, then prepare the transfer again.',
} as const;

/** The state of a transfer in words. */
export const stateTexts = {
  planned: 'Waiting to be sent',
  sent: 'Sent, waiting for the answer',
  settled: 'Done',
  rejected: 'Not executed',
  unknown: 'Outcome unknown',
  notExecuted: 'Not executed, shown by evidence',
  leftToUserHappened: 'Happened, as you recorded',
  leftToUserNotExecuted: 'Did not happen, as you recorded',
} as const;
