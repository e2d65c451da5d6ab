import type { Credentials } from './sign';
import type { Site } from './brands';

/**
 * The environment variables in which programs find a key and its hosts: those of the examples and snippets, of the
 * quick fixes, and of what is run with a profile.
 */
export const environmentVariables = {
  spot: 'KUCOIN_BASE_URL',
  futures: 'KUCOIN_FUTURES_BASE_URL',
  key: 'KUCOIN_API_KEY',
  secret: 'KUCOIN_API_SECRET',
  passphrase: 'KUCOIN_API_PASSPHRASE',
  version: 'KUCOIN_API_KEY_VERSION',
} as const;

export type EnvironmentVariable = (typeof environmentVariables)[keyof typeof environmentVariables];

/** Values by variable. `undefined`: must not be set, because the site has no such host. Holds secrets. */
export type Environment = Readonly<Record<EnvironmentVariable, string | undefined>>;

export function environmentOf(hosts: Site['hosts'], credentials: Credentials): Environment {
  const { spot, futures, key, secret, passphrase, version } = environmentVariables;
  return {
    [spot]: hosts.spot,
    [futures]: hosts.futures,
    [key]: credentials.key,
    [secret]: credentials.secret,
    [passphrase]: credentials.passphrase,
    [version]: credentials.version,
  };
}
