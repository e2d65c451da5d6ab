/**
 * Every sentence that transfers say to a person, except those about errors of the exchange (`outcome.ts`).
 * English templates as whole sentences with named placeholders; the template is the key for translation.
 */

/** Why a transfer is not planned or not executed: the reason, then the remedy. */
export const refusals = {
  // the route
  masterKeyNeeded:
    'Only the key of the master account moves funds to or from a sub-account. Use a profile with a key of the master.',
  subUserIdMalformed:
    'This is not the user id of a sub-account, which has 24 digits and letters and is not the uid. Choose the sub-account from the list: {id}',
  subUnknown: 'You have no sub-account with this user id. Refresh the sub-accounts and choose one: {id}',
  subFrozen: 'The sub-account {sub} is frozen. Have it released on the KuCoin website first.',
  subNotOpened:
    'The sub-account {sub} has not opened {account}, so it cannot receive there. Open it on the website in the login of the sub-account.',
  ownKeyOnly:
    'KuCoin moves funds to and from {account} only within one account holder. Choose {partner}, then move them on with a key of the sub-account.',
  unifiedMode:
    'Your KuCoin account is in unified mode, where {account} is part of one unified account. Move funds on the KuCoin website, or switch to classic mode there.',
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
    'Internal Transfer can put funds into Futures but never take them out. Use Flex Transfer or Futures Account Transfer Out.',
  pairedOnly: '{paired} exchanges funds with {partner} only. Move the funds to {partner} first.',
  noWay: 'KuCoin offers no transfer from {from} to {to}. Go through Funding or Spot.',
  permissionMissing:
    'This API key lacks the permission {permission}, which {endpoint} needs. Give it to the key on the KuCoin website, then check the profile again.',
  withdrawalOnly:
    'This API key may withdraw (listed as Transfer), but not move funds between accounts: {endpoint} needs the permission {permission}. Give it to the key on the KuCoin website, then check the profile again.',
  ipListMissing:
    'This API key has the permission FlexTransfers but no IP list, and KuCoin lets it transfer only with one. Bind the key to your IP address on the KuCoin website, then check the profile again.',
  // the route, when one endpoint is asked for
  innerOwnOnly:
    'Internal Transfer moves funds within one account holder only. Use Flex Transfer or SubAccount Transfer.',
  flexNoTradeHf:
    'Flex Transfer does not know the separate Spot HF account any more. Use Internal Transfer for it.',
  subToSub:
    'KuCoin moves funds from one sub-account to another only through the master account. Move them to the master first.',
  subTransferParties:
    'SubAccount Transfer moves funds between the master and a sub-account. Choose a sub-account on one side.',
  subTransferFromFutures: 'SubAccount Transfer never takes funds out of Futures. Use Flex Transfer.',
  transferOutAccounts:
    'Futures Account Transfer Out moves funds from your Futures account to your Funding or Spot account only.',
  transferInAccounts:
    'Futures Account Transfer In moves funds from your Funding or Spot account to your Futures account only.',
  endpointCannot: '{endpoint} does not move funds from {from} to {to}. Let the extension choose the way.',
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
  followUpExists:
    'These funds have been moved on or back already, or that is under way. Look at the history before you move them again.',
  identicalAppeared:
    'An identical transfer was started meanwhile, and its outcome is not known. Look at the history before you repeat it.',
  journalFailed:
    'The transfer could not be written to the journal on disk, so nothing was sent and no money moved. Free some space or check the folder, then try again: {reason}',
  // the rows of a batch
  rowEmpty: 'No {currency} is available in {account}.',
  rowBelowKept:
    'Nothing is to be taken from {account}: it has {available} {currency}, and {kept} shall stay there.',
  rowToppedUp: 'Nothing is missing in {account}: it has {available} {currency}.',
  rowNotKnown:
    'It is not known how much {currency} is in {account}. Choose a fixed amount, or give this row an amount of its own.',
  rowTooSmall: 'What {account} would give or get is less than the smallest amount of {currency}.',
  rowLeftOut: 'You left this row out.',
  rowDone: 'This row has been carried out meanwhile. Nothing was sent again.',
  batchElsewhere: 'This batch is being carried out in another window. Wait until it is over.',
  batchOver: 'Nothing is left to do in this batch.',
  batchUnknowns:
    'The outcome of two transfers in a row is not known, so the rest was not begun. Look at these two before you resume the batch.',
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

/** What a person should know about the amounts of a batch. */
export const batchNotes = {
  cut: 'Amounts were rounded down to {precision} decimals, so a rest of {currency} stays. Rows: {count}',
  remainder: 'So that the sum is exact, the first rows move {unit} {currency} more. Rows: {count}',
} as const;

/** The plan in lines. */
export const planTexts = {
  LIVE: 'LIVE: real funds of the profile {profile}.',
  DEMO: 'DEMO: play money of the profile {profile}.',
  move: 'Transfer {amount} {currency} from {from} to {to}.',
  balance: '{account}: {before} {currency} available now, {after} {currency} afterwards.',
  balanceUnknown: '{account}: the available {currency} is not known.',
  call: '{title}: {method} {path}',
  step: 'Step {step}: {from} to {to} by {title}: {method} {path}',
} as const;

/** What a plan has made sure of. */
export const checks = {
  writable: 'The profile may transfer.',
  routeDocumented: 'KuCoin documents this transfer.',
  permission: 'The key has the permission {permission}.',
  ipList: 'The key is bound to IP addresses, as Flex Transfer wants it.',
  masterKey: 'The key is one of the master account.',
  subAccount: 'The sub-account {sub} is yours and is not frozen.',
  precision: 'The amount fits the {precision} decimals of {currency}.',
  transferable: 'The amount is within the {transferable} {currency} that can leave {from} now.',
} as const;

/** What a plan cannot know. */
export const unknowns = {
  superseded: 'KuCoin has marked {endpoint} as superseded; it still answers, but that may end.',
  noIdempotency:
    'KuCoin does not promise that sending this twice moves the funds once, so it is sent exactly once.',
  chain:
    'KuCoin has no single call for this, so it takes {count} one after the other. If one fails, the funds wait in {account}, and you choose whether they go on or back.',
  noId: '{endpoint} has no id at all, neither yours nor of KuCoin: only balances and ledgers show what became of it.',
  asynchronous:
    'KuCoin carries {endpoint} out in the background; it is done when the list of transfers out says so.',
  oneSideOnly:
    'The ledgers of a sub-account are closed to the key of the master: there only balances show the transfer.',
  subSide: 'The state of the sub-account is not known; KuCoin may refuse without moving anything.',
  masterKey:
    'It is not known whether this is a key of the master; KuCoin refuses others without moving anything.',
  ipList:
    'It is not known whether the key is bound to IP addresses; without that KuCoin refuses Flex Transfer without moving anything.',
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
  identicalUnknownElsewhere:
    'An identical transfer of {time} under the profile "{profile}" of the same KuCoin account has an unknown outcome. If it did happen, this one moves the funds a second time.',
  identicalUnderwayElsewhere:
    'An identical transfer of {time} under the profile "{profile}" of the same KuCoin account is under way at this moment. This one would be a second one.',
  withdrawalKey:
    'This API key may also withdraw from KuCoin, which this extension never needs. A key without that right is safer.',
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
  halfWay: 'The money is in {account}: {amount} {currency}.',
} as const;

/** What happened, and what to do, where the general texts about errors do not fit a transfer. */
export const outcomeTexts = {
  done: 'Transferred {amount} {currency} from {from} to {to}.',
  nothingToDo: 'Nothing needs to be done.',
  underway: 'The transfer is under way.',
  accepted: 'KuCoin has taken the transfer and carries it out in the background.',
  waitList: 'Wait until the list of transfers out says that it is done.',
  continueOrBack: 'Let the money go on to {to}, or bring it back to {from}.',
  shownByEvidence: 'Evidence shows that {amount} {currency} went from {from} to {to}.',
  wait: 'Wait for the answer of the exchange.',
  userSaidHappened: 'You recorded that this transfer happened.',
  userSaidNotExecuted: 'You recorded that this transfer did not happen.',
  evidenceAgainst: 'Evidence shows that this transfer did not happen.',
  chooseLess: 'Refresh the balances, then prepare the transfer again with a smaller amount.',
  prepareAgain: 'Prepare the transfer again.',
  refreshBalances: 'Refresh the balances to see it. Do not repeat the transfer.',
  findOut:
    'Do not repeat the transfer yet. Ledgers and balances are read by themselves while its profile is active, and a message says what they show. If they cannot tell, compare both accounts on the KuCoin website, then record here whether it happened.',
  crashed: 'The editor ended before the answer of the exchange arrived.',
  neverSent: 'The editor ended before the transfer was sent.',
  notBegun: 'Nobody knew what became of the step before, so this one was not begun.',
  overtaken: 'Another window began the same at the same moment, so this one was not sent.',
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
  accepted: 'Taken by KuCoin, not done yet',
  halfWay: 'Stopped half-way',
  notExecuted: 'Not executed, shown by evidence',
  leftToUserHappened: 'Happened, as you recorded',
  leftToUserNotExecuted: 'Did not happen, as you recorded',
} as const;

/** What evidence says about a transfer whose outcome was unknown, and why. */
export const evidenceTexts = {
  // findings
  happened: 'The transfer happened.',
  inProgress: 'The transfer is in progress.',
  veryLikelyNotExecuted: 'The transfer was very likely not executed.',
  ambiguous: 'The evidence does not tell this transfer from another one.',
  nothingYet: 'There is no evidence yet.',
  // reasons
  bothSides: 'The ledgers of both accounts show it.',
  oneSideVisible: 'The only ledger that this key can read shows it.',
  oneSideDecides: 'The ledger of one account shows it; the other one holds several equal rows.',
  oneSideOnly: 'The ledger of one account shows it, the other one not yet.',
  pushed: 'The feed has told of both sides of it; the ledgers do not show all of it yet.',
  tooEarly: 'The ledgers may show it up to a minute later.',
  noTrace: 'No ledger shows it after a minute.',
  balancesUnchanged: 'The balances are as they were, but for other movements that the ledgers show.',
  balancesChanged: 'A balance changed in a way that the ledgers do not explain.',
  balancesNotKnown: 'The balances before it was sent are not known.',
  moreRows: 'The ledgers show more such movements than this extension made: another program is at work.',
  sharedRows: 'Several equal transfers could have made the same rows.',
  ledgersClosed: 'No ledger of this key shows these accounts.',
  listSuccess: 'The list of transfers out says that it is done.',
  listFailure: 'The list of transfers out says that it failed.',
  listProcessing: 'The list of transfers out says that it is being carried out.',
  listMissing: 'The list of transfers out does not hold it.',
} as const;
