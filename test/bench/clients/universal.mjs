import { Account, ClientOptionBuilder, DefaultClient, TransportOptionBuilder } from 'kucoin-universal-sdk';
import { KcSigner } from 'kucoin-universal-sdk/dist/internal/infra/default_signer';

/** As its README shows it; the largest pages, one call after the other. */
export function connect({ spot, futures, key, secret, passphrase }) {
  const service = new DefaultClient(
    new ClientOptionBuilder()
      .setKey(key)
      .setSecret(secret)
      .setPassphrase(passphrase)
      .setSpotEndpoint(spot)
      .setFuturesEndpoint(futures)
      .setTransportOption(new TransportOptionBuilder().setKeepAlive(true).build())
      .build(),
  )
    .restService()
    .getAccountService();
  const accounts = service.getAccountApi();
  const subs = service.getSubAccountApi();
  const signer = new KcSigner(key, secret, passphrase);
  const page = { currentPage: 1, pageSize: 100 };
  return {
    sign: (body) =>
      signer.headers(`POST/api/v2/accounts/inner-transfer${JSON.stringify(body)}`)['KC-API-SIGN'],
    list: async () =>
      (await accounts.getSpotAccountList(Account.Account.GetSpotAccountListReq.builder().build())).data
        .length,
    family: async () => {
      await accounts.getSpotAccountList(Account.Account.GetSpotAccountListReq.builder().build());
      await accounts.getCrossMarginAccount(Account.Account.GetCrossMarginAccountReq.builder().build());
      await accounts.getIsolatedMarginAccount(Account.Account.GetIsolatedMarginAccountReq.builder().build());
      for (const currency of ['XBT', 'USDT', 'USDC'])
        await subs.getFuturesSubAccountListV2(
          Account.SubAccount.GetFuturesSubAccountListV2Req.create({ currency }),
        );
      await subs.getSpotSubAccountsSummaryV2(Account.SubAccount.GetSpotSubAccountsSummaryV2Req.create(page));
      return (await subs.getSpotSubAccountListV2(Account.SubAccount.GetSpotSubAccountListV2Req.create(page)))
        .items.length;
    },
    transfer: (body) =>
      service.getTransferApi().innerTransfer(Account.Transfer.InnerTransferReq.create(body)),
  };
}
