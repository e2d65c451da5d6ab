import type { KucoinClient } from '../kucoin/client';
import { getFuturesServiceStatus, getServiceStatus } from '../kucoin/endpoints/service';
import { KucoinError } from '../kucoin/errors';
import type { Host } from '../kucoin/vocabulary';

/** Trouble that concerns every call of a profile, for the status bar. */
export type Trouble =
  | { readonly kind: 'unknownTransfers'; readonly count: number }
  | {
      readonly kind: 'clock';
      /** Milliseconds that this computer is behind the exchange; negative when ahead. */ readonly offset: number;
    }
  | ({ readonly kind: 'service' } & ServiceStatus);

/** What a host says of itself. */
export interface ServiceStatus {
  readonly host: Host;
  /** `open`, `close`, `cancelonly`, or what the exchange adds to them. */
  readonly status: string;
  /** The operator's remark, may be empty. */
  readonly message: string;
}

/** A clock that is off by more than this is worth a word, although every request is corrected for it. */
const clockTolerance = 2_000;

const statusCalls = { spot: getServiceStatus, futures: getFuturesServiceStatus } as const;

/** Asks both hosts. One that cannot be asked is left out: the balances say so already. */
export async function readServices(client: KucoinClient): Promise<ServiceStatus[]> {
  const asked = await Promise.all(
    (Object.keys(statusCalls) as Host[]).map(async (host) => {
      try {
        const { status, msg } = await client.call(statusCalls[host], {}, { priority: 'background' });
        return [{ host, status, message: msg }];
      } catch (error) {
        if (!KucoinError.is(error)) throw error;
        return [];
      }
    }),
  );
  return asked.flat();
}

/** What of the clocks and the services is worth a warning. */
export function findTrouble(client: KucoinClient, services: readonly ServiceStatus[]): Trouble[] {
  const { offset } = client.clock;
  const isOff = offset !== undefined && Math.abs(offset) > clockTolerance;
  return [
    ...(isOff ? [{ kind: 'clock' as const, offset }] : []),
    ...services
      .filter(({ status }) => status !== 'open')
      .map((service) => ({ kind: 'service' as const, ...service })),
  ];
}
