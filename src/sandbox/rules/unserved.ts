import { Refusal } from '../refusals';

/** What the sandbox has no market and no feed for: addresses that it does not find. */
const unserved = (): never => {
  throw new Refusal('notFound');
};

export const getAllSymbols = unserved;
export const getTicker = unserved;
export const getAllTickers = unserved;
export const get24hrStats = unserved;
export const getPartOrderBook20 = unserved;
export const getPartOrderBook100 = unserved;
export const getFullOrderBook = unserved;
export const getPublicToken = unserved;
export const getPrivateToken = unserved;
export const getFuturesPublicToken = unserved;
export const getFuturesPrivateToken = unserved;
