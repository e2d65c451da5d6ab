/**
 * Every command of the product, and what it may do: `read` changes nothing, `write` changes what this product keeps,
 * `money` can move funds and is refused on a read-only profile. A test holds this table against `package.json`.
 */
export const commandTable = {
  'kucoin.demo.openToday': 'write',
  'kucoin.demo.openSeed': 'write',
  'kucoin.profile.add': 'write',
  'kucoin.profile.switch': 'write',
  'kucoin.profile.rename': 'write',
  'kucoin.profile.replaceKey': 'write',
  'kucoin.profile.remove': 'write',
  'kucoin.profile.check': 'write',
  'kucoin.profile.makeReadOnly': 'write',
  'kucoin.profile.allowTransfers': 'write',
  'kucoin.balances.refresh': 'read',
  'kucoin.balances.refreshAccount': 'read',
  'kucoin.balances.copy': 'read',
  'kucoin.balances.filter': 'read',
  'kucoin.balances.clearFilter': 'read',
  'kucoin.balances.sortByValue': 'write',
  'kucoin.balances.sortByName': 'write',
  'kucoin.balances.hideSmall': 'write',
  'kucoin.balances.showSmall': 'write',
  'kucoin.balances.setValuationCurrency': 'write',
  'kucoin.transfer.funds': 'money',
  'kucoin.transfer.inner': 'money',
  'kucoin.transfer.flex': 'money',
  'kucoin.transfer.sub': 'money',
  'kucoin.transfer.futuresOut': 'money',
  'kucoin.transfer.futuresIn': 'money',
  'kucoin.transfer.quotas': 'read',
  'kucoin.transfer.outList': 'read',
  'kucoin.transfer.repeat': 'money',
  'kucoin.transfer.collect': 'money',
  'kucoin.transfer.distribute': 'money',
  'kucoin.transfer.resumeBatch': 'money',
  'kucoin.transfer.giveUpBatch': 'write',
  'kucoin.transfer.save': 'write',
  'kucoin.transfer.runSaved': 'money',
  'kucoin.transfer.manageSaved': 'write',
  'kucoin.transfer.export': 'read',
  'kucoin.live.pin': 'write',
  'kucoin.live.unpin': 'write',
  'kucoin.connection.report': 'read',
  'kucoin.hf.check': 'read',
  // On a read-only profile these two only test an order, which moves nothing; the gates refuse the rest.
  'kucoin.hf.activate': 'write',
  'kucoin.hf.placeOrder': 'write',
  'kucoin.ledger.show': 'read',
  'kucoin.ledger.more': 'read',
  'kucoin.ledger.filter': 'read',
  'kucoin.ledger.export': 'read',
  'kucoin.transfer.history': 'read',
  'kucoin.history.filter': 'read',
  'kucoin.history.clearFilter': 'read',
  'kucoin.history.showOlder': 'read',
  'kucoin.history.details': 'read',
  'kucoin.history.goOn': 'money',
  'kucoin.history.bringBack': 'money',
  'kucoin.history.lookForEvidence': 'write',
  'kucoin.history.happened': 'write',
  'kucoin.history.notHappened': 'write',
  'kucoin.history.copyOrderId': 'read',
  'kucoin.history.copyClientId': 'read',
  'kucoin.history.copyApplyId': 'read',
  'kucoin.portfolio.openPanel': 'read',
  'kucoin.portfolio.deleteSnapshots': 'write',
  'kucoin.code.try': 'read',
  'kucoin.code.trySandbox': 'write',
  'kucoin.code.moveKey': 'write',
  'kucoin.market.orderBook': 'read',
  'kucoin.market.copyPrice': 'read',
  'kucoin.market.copySize': 'read',
  'kucoin.keychain.import': 'write',
  'kucoin.keychain.save': 'write',
  'kucoin.keychain.importEnv': 'write',
  'kucoin.run.terminal': 'read',
  'kucoin.run.revoke': 'write',
  'kucoin.sandbox.start': 'write',
  'kucoin.sandbox.stop': 'write',
  'kucoin.sandbox.reset': 'write',
  'kucoin.sandbox.copyAccess': 'read',
  'kucoin.sandbox.startActivity': 'write',
  'kucoin.sandbox.pauseActivity': 'write',
  'kucoin.help.getStarted': 'read',
  'kucoin.help.openExample': 'read',
  'kucoin.log.show': 'read',
} as const satisfies Record<string, CommandClass>;

export type CommandClass = 'read' | 'write' | 'money';
export type CommandId = keyof typeof commandTable;

export const commandIds = Object.keys(commandTable) as CommandId[];

/** What a command does with the argument that a menu gives it: the row it was called on, or nothing. Awaited. */
export type CommandHandler = (argument: unknown) => unknown;

/** Context keys that `when` clauses of the manifest read. Each states a fact that is true now. */
export const contextKeys = {
  noProfile: 'kucoin.noProfile',
  filtered: 'kucoin.filtered',
  transfersFiltered: 'kucoin.transfersFiltered',
  sandboxRunning: 'kucoin.sandboxRunning',
  sandboxActive: 'kucoin.sandboxActive',
} as const;

export const accountsViewId = 'kucoin.accounts';
export const transfersViewId = 'kucoin.transfers';

/** Kinds of tabs that the editor brings back after a reload of the window. */
export const panelTypes = { portfolio: 'kucoin.portfolio', orderBook: 'kucoin.orderBook' } as const;

/** What a configuration of `launch.json` names a profile with. */
export const profileProperty = 'kucoin.profile';

/** Type of what is dragged from row to row of the view, as the editor forms it. */
export const accountsDragType = `application/vnd.code.tree.${accountsViewId}`;

/** Scheme of the read-only documents about answers of the exchange. */
export const answerScheme = 'kucoin-answer';

/** Scheme of the read-only documents about transfers. */
export const transferScheme = 'kucoin-transfer';

/** Scheme of the read-only ledgers. */
export const ledgerScheme = 'kucoin-ledger';
