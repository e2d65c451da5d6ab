import type { ErrorKind, Outcome } from './errors';

/**
 * What each code of the exchange means. Sources: KuCoin API "Authentication", "Errors", "Rate Limit";
 * gathered in kucoin-api 2.9 and 3.4. A code that is not listed is `refused` and, being an answer of the
 * business logic, not executed; one of the family 5xxxxx is a trouble of the gateway, which leaves it open.
 */
export interface CodeMeaning {
  readonly kind: ErrorKind;
  /** `notExecuted` where left out. */
  readonly outcome?: Outcome;
}

export const successCodes: ReadonlySet<string> = new Set(['200000', '200']);

export const codes: Readonly<Record<string, CodeMeaning>> = {
  '400001': { kind: 'headers' },
  '400002': { kind: 'clock' },
  '400003': { kind: 'keyUnknown' },
  '400004': { kind: 'passphrase' },
  '400005': { kind: 'signature' },
  '400006': { kind: 'ip' },
  '400007': { kind: 'permission' },
  '400008': { kind: 'keyVersion' },
  '400009': { kind: 'keyVersion' },
  '400010': { kind: 'permission' },
  '400200': { kind: 'refused' },
  '400201': { kind: 'refused' },
  '400202': { kind: 'refused' },
  '400301': { kind: 'region' },
  '400302': { kind: 'region' },
  '400303': { kind: 'kyc' },
  '400304': { kind: 'kyc' },
  '400401': { kind: 'keyUnknown' },
  '411100': { kind: 'frozen' },
  '411200': { kind: 'permission' },
  '404000': { kind: 'notFound' },
  '404': { kind: 'notFound' },
  '415000': { kind: 'parameter' },

  '429000': { kind: 'rateLimit' },
  '429001': { kind: 'rateLimit' },
  '429002': { kind: 'rateLimit' },
  '200002': { kind: 'rateLimit' },
  '1015': { kind: 'rateLimit' },

  '400100': { kind: 'parameter' },
  '100001': { kind: 'parameter' },
  '400400': { kind: 'parameter' },
  '900001': { kind: 'parameter' },
  '900014': { kind: 'parameter' },
  '600100': { kind: 'parameter' },
  '200001': { kind: 'parameter' },

  '200004': { kind: 'insufficientBalance' },
  '200005': { kind: 'insufficientBalance' },
  '210021': { kind: 'insufficientBalance' },
  '230003': { kind: 'insufficientBalance' },
  '260100': { kind: 'insufficientBalance' },
  '126013': { kind: 'insufficientBalance' },
  '130203': { kind: 'insufficientBalance' },
  '130301': { kind: 'insufficientBalance' },
  '300003': { kind: 'insufficientBalance' },

  '102426': { kind: 'duplicate' },
  '106151': { kind: 'duplicate' },
  '126033': { kind: 'duplicate' },
  '126044': { kind: 'duplicate' },
  '300018': { kind: 'duplicate' },

  '101030': { kind: 'notOpened' },
  '130201': { kind: 'notOpened' },
  '130303': { kind: 'parameter' },
  '130305': { kind: 'parameter' },
  '130306': { kind: 'notOpened' },
  '130307': { kind: 'notOpened' },
  '126001': { kind: 'hfNotAllowed' },
  '126047': { kind: 'kyc' },
  '126048': { kind: 'kyc' },
  '200009': { kind: 'kyc' },
  '126002': { kind: 'frozen' },
  '400444': { kind: 'frozen' },
  '400700': { kind: 'frozen' },
  '130302': { kind: 'permission' },
  '400500': { kind: 'region' },
  '600004': { kind: 'region' },
  '112010': { kind: 'unifiedMode' },
  '401000': { kind: 'removed' },

  '130202': { kind: 'unavailable', outcome: 'unknown' },
  '130308': { kind: 'unavailable' },
  '130309': { kind: 'unavailable' },
  '130316': { kind: 'unavailable' },
  '230005': { kind: 'unavailable', outcome: 'unknown' },
  '408000': { kind: 'unavailable', outcome: 'unknown' },
  '500000': { kind: 'unavailable', outcome: 'unknown' },
  '501000': { kind: 'unavailable', outcome: 'unknown' },
  '503000': { kind: 'unavailable', outcome: 'unknown' },
  '504000': { kind: 'unavailable', outcome: 'unknown' },
  '505000': { kind: 'unavailable', outcome: 'unknown' },
};

/** Texts that decide where the code alone does not (kucoin-api 3.2 and the 400100 sub-table). */
const texts: readonly { readonly match: RegExp; readonly kind: ErrorKind }[] = [
  {
    match: /account\.available\.amount|balance (not enough|insufficient)|exceed(s|ed) the (upper limit|max)/i,
    kind: 'insufficientBalance',
  },
  { match: /interface is offline/i, kind: 'removed' },
  { match: /clientOid.*duplicat/i, kind: 'duplicate' },
];

/**
 * Kind and outcome of an envelope that is not a success.
 *
 * @param httpStatus a 5xx makes the outcome unknown whatever the code says, and so does a status that contradicts
 *   a code of success.
 */
export function classify(code: string, message: string, httpStatus: number): Required<CodeMeaning> {
  const listed = codes[code] ?? (/^5\d{5}$/.test(code) ? gatewayTrouble : undefined);
  const success = successCodes.has(code);
  const ambiguous = listed === undefined || code === '400100';
  const byText = ambiguous ? texts.find(({ match }) => match.test(message))?.kind : undefined;
  const kind = byText ?? listed?.kind ?? (httpStatus >= 500 ? 'unavailable' : 'refused');
  const open = httpStatus >= 500 || (success && httpStatus >= 300);
  return { kind, outcome: open ? 'unknown' : (listed?.outcome ?? 'notExecuted') };
}

const gatewayTrouble: CodeMeaning = { kind: 'unavailable', outcome: 'unknown' };
