import type { ErrorKind, KucoinError } from './errors';
import { permissionTitles, type Permission } from './vocabulary';

/** A sentence with named placeholders. The English template is the key by which it is translated. */
export interface Sentence {
  readonly template: string;
  readonly values: Readonly<Record<string, string>>;
}

/** What went wrong with a call, and what its user can do. */
export interface Explanation {
  readonly what: Sentence;
  readonly todo: Sentence;
}

/** The English text of a sentence. */
export function english(sentence: Sentence): string {
  return sentence.template.replace(/\{(\w+)\}/g, (all, name: string) => sentence.values[name] ?? all);
}

type Template = readonly [what: string, todo: string];

/**
 * One pair of sentences for each kind of failure. `{said}` is what the exchange or the network said, `{endpoint}`
 * the call, `{permission}` the permission it needs, `{wait}` seconds.
 */
export const explanations: Readonly<Record<ErrorKind, Template>> = {
  keyUnknown: [
    'The exchange does not know this API key.',
    'Check that the key is complete, has not been deleted or expired, and belongs to the chosen KuCoin site.',
  ],
  passphrase: [
    'The exchange refused the passphrase.',
    'The passphrase is the one that was chosen with the key, not the login password. If it is right, check the API secret and the key version.',
  ],
  signature: [
    'The exchange refused the signature.',
    'The API secret does not belong to this key: copy the secret again, or create a new key if it is lost.',
  ],
  keyVersion: [
    'The key version is not accepted.',
    'Choose the version that the website shows beside the key, or create a new key (new keys are version 3).',
  ],
  ip: [
    'The key may not be used from this IP address: {said}',
    'Add the address to the IP list of the key on the KuCoin website.',
  ],
  permission: [
    'The key lacks a permission for this: {endpoint}',
    'Give the key the permission {permission} on the KuCoin website, or use another key.',
  ],
  secretMissing: ['The secret of this profile is no longer stored.', 'Enter the key of this profile again.'],
  secretNotKept: [
    'The secret storage of the editor did not keep the key.',
    'Nothing was saved. Check that the keyring of this computer is unlocked, then try again.',
  ],
  otherSite: [
    'The key belongs to another KuCoin site: {said}',
    'Choose the site that the key was created on.',
  ],
  kyc: ['The exchange asks for identity verification first.', 'Complete it on the KuCoin website.'],
  region: ['The exchange does not serve this region or IP address: {said}', 'Check the chosen KuCoin site.'],
  frozen: ['The account is restricted: {said}', 'Contact the support of KuCoin.'],
  notOpened: ['This account is not opened yet: {said}', 'Open it once on the KuCoin website.'],
  hfNotAllowed: [
    'This user may not open the high-frequency account.',
    'Ask KuCoin to put the uid on the list for high-frequency trading.',
  ],
  unifiedMode: ['The account is in another mode: {said}', 'This call does not serve accounts in this mode.'],
  clock: [
    'The exchange refused the time of the request, even after the clock was measured again.',
    'Check the clock of this computer and the delay of the network.',
  ],
  headers: ['The exchange missed a header: {said}', 'A proxy may have removed it. Check the proxy settings.'],
  parameter: ['The exchange refused a value: {said}', 'Check the values and try again.'],
  insufficientBalance: [
    'The available balance is not enough.',
    'Refresh the balances and choose a smaller amount.',
  ],
  duplicate: [
    'The exchange has seen this request id already: {said}',
    'Check the balances before trying again.',
  ],
  refused: [
    'The exchange refused: {said}',
    'Check the values, or look the code up in the documentation of KuCoin.',
  ],
  notFound: [
    'The exchange does not offer this call to this key: {endpoint}',
    'The key may lack a permission, or the account may be in unified mode.',
  ],
  removed: ['The exchange has switched this call off: {endpoint}', 'Use its successor.'],
  hostMissing: [
    'The site of this profile has no host for this call: {endpoint}',
    'Use a profile of another site.',
  ],
  rateLimit: ['The quota of the exchange is used up.', 'Try again in {wait}.'],
  unavailable: [
    'The exchange is not available at the moment: {said}',
    'It may be under maintenance. Try again later.',
  ],
  network: ['The exchange could not be reached: {said}', 'Check the network and the proxy settings.'],
  certificate: [
    'The certificate of the exchange is not trusted: {said}',
    'Where a proxy inspects the traffic, have its certificate added to those of this computer, then reload the window. Otherwise somebody may be listening in: do not go on.',
  ],
  proxy: [
    'The proxy did not open the way to the exchange: {said}',
    'Check the settings http.proxy and http.noProxy, or ask who runs the proxy to allow the hosts of KuCoin.',
  ],
  proxyLogin: [
    'The proxy asks for a name and a password.',
    'Write them into the setting http.proxy, as in http://name:password@host:port, then try again.',
  ],
  timeout: ['The exchange did not answer in time.', 'Check the network and try again.'],
  malformedReply: [
    'The answer of the exchange could not be read: {said}',
    'Try again; if it stays, report it with the log.',
  ],
  invalidArgument: [
    'A value does not have the form that the exchange wants: {said}',
    'Correct it and try again.',
  ],
  readOnly: ['This profile is read-only.', 'Allow transfers for it first.'],
  cancelled: ['Cancelled.', 'Nothing was changed.'],
  stale: ['The profile was changed meanwhile.', 'Try again.'],
};

/** @param permission what the endpoint asks for, from its catalogue entry */
export function explain(error: KucoinError, permission?: Permission): Explanation {
  const [what, todo] = explanations[error.kind];
  const code = error.code === undefined ? '' : ` (${error.code})`;
  const values = {
    said: `${error.detail ?? '-'}${code}`,
    endpoint: error.endpoint ?? '-',
    permission: permission ? permissionTitles[permission] : '-',
    wait: error.retryAfterMs === undefined ? '30 s' : `${Math.ceil(error.retryAfterMs / 1000)} s`,
  };
  return { what: { template: what, values }, todo: { template: todo, values } };
}
