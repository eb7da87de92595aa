import type { SenderConstraint } from '../contract';
import type { AccessTokenCredential } from './bearer-credential';
import type { Claims } from './claims';
import { readCertificate } from './client-certificate';
import { type Comparison, compare } from './comparison';
import type { Confirmation } from './confirmation';
import type { ProofUse, ProofVerifier } from './dpop-proof';
import type { RequestUrl } from './request-url';

/** Properties of a request by which its sender proves possession. */
export interface Sender {
  readonly method: string;
  /** URLs that the client may have called. */
  readonly urls: readonly RequestUrl[];
  /** Values of the header `DPoP`. */
  readonly proofs: readonly string[];
  /** PEM of the client certificate, where API Gateway took one. */
  readonly certificate: string | undefined;
}

/** Reason why a token is not accepted from a sender. */
export type SenderDenialReason =
  | 'token_sender_constrained'
  | 'token_not_sender_constrained'
  | 'credential_scheme_mismatch'
  | 'dpop_proof_missing'
  | 'dpop_proof_invalid'
  | 'dpop_proof_replayed'
  | 'client_certificate_missing'
  | 'client_certificate_invalid'
  | 'client_certificate_mismatch';

export interface SenderDenial {
  readonly reason: SenderDenialReason;
  /** Both sides of the check that failed, where it compares. */
  readonly comparison?: Comparison;
}

/** Result of the check of a sender; `use` is the proof that is good if it was not used before. */
export type SenderCheck =
  | { readonly denied: SenderDenial }
  | { readonly use: ProofUse | undefined };

interface SenderCheckInput {
  readonly mode: Exclude<SenderConstraint, 'refuse'>;
  readonly credential: AccessTokenCredential;
  readonly claims: Claims;
  readonly sender: Sender;
  readonly verifyProof: ProofVerifier;
  /** Epoch seconds. */
  readonly now: number;
}

const METHODS = { dpop: 'jkt', certificate: 'x5t#S256' };

/**
 * Checks that a token comes from the sender that it is bound to: first that scheme and binding agree, then the
 * proofs. A token that is bound by several confirmations needs all of them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-7
 * @see https://www.rfc-editor.org/rfc/rfc8705#section-3
 */
export function checkSender(input: SenderCheckInput): SenderCheck {
  const { mode, credential, claims } = input;
  const { senderConstrained, confirmations = [] } = claims;
  const thumbprints = valuesOf(confirmations, METHODS.dpop);
  const scheme = credential.scheme ?? 'Bearer';
  if (!senderConstrained && mode === 'require' && scheme === 'Bearer') {
    return deny('token_not_sender_constrained');
  }
  const known = Object.values(METHODS);
  const isVerifiable = confirmations.every(
    ({ method, value }) => known.includes(method) && value !== undefined,
  );
  if (senderConstrained && (confirmations.length === 0 || !isVerifiable)) {
    const received = confirmations.map(({ method }) => method);
    return deny('token_sender_constrained', compare(`cnf with ${known.join(' or ')}`, received));
  }
  const expectedScheme = thumbprints.length > 0 ? 'DPoP' : 'Bearer';
  if (scheme !== expectedScheme) {
    return deny('credential_scheme_mismatch', compare(expectedScheme, scheme));
  }
  const certificateDenial = checkCertificate(valuesOf(confirmations, METHODS.certificate), input);
  if (certificateDenial) return { denied: certificateDenial };
  return thumbprints.length > 0 ? checkProof(thumbprints, input) : { use: undefined };
}

function checkProof(
  thumbprints: readonly string[],
  { credential: { accessToken }, sender, verifyProof, now }: SenderCheckInput,
): SenderCheck {
  const [proof, ...others] = sender.proofs;
  if (proof === undefined) return deny('dpop_proof_missing');
  if (others.length > 0) {
    return deny('dpop_proof_invalid', compare('one DPoP header', sender.proofs.length));
  }
  const { method, urls } = sender;
  const verified = verifyProof(proof, { method, urls, accessToken, thumbprints, now });
  if ('use' in verified) return verified;
  return deny(verified.denied, verified.comparison);
}

function checkCertificate(
  thumbprints: readonly string[],
  { sender, now }: SenderCheckInput,
): SenderDenial | undefined {
  if (thumbprints.length === 0) return undefined;
  if (!sender.certificate) return { reason: 'client_certificate_missing' };
  const reading = readCertificate(sender.certificate, now);
  if ('invalid' in reading) {
    const comparison = compare('a valid certificate', reading.invalid);
    return { reason: 'client_certificate_invalid', comparison };
  }
  return thumbprints.every((it) => it === reading.thumbprint)
    ? undefined
    : { reason: 'client_certificate_mismatch' };
}

function valuesOf(confirmations: readonly Confirmation[], wanted: string): readonly string[] {
  return confirmations.flatMap(({ method, value }) =>
    method === wanted && value !== undefined ? [value] : [],
  );
}

function deny(reason: SenderDenialReason, comparison?: Comparison): SenderCheck {
  return { denied: { reason, ...(comparison && { comparison }) } };
}
