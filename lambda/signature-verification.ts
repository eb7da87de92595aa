import { createSignatureVerifier } from './io/authorization-server/signature-verifier';
import { createHttpClient } from './io/http/client';

interface SignatureVerificationOptions {
  readonly jwksUri: URL;
  /** PEM of the only authorities to trust. */
  readonly caBundle: string | undefined;
}

/**
 * Composes the verification of what the authorization server signs. Loaded only where it is configured.
 *
 * @returns a function that returns whether the signature of a JWT is good.
 */
export function createSignatureVerification({ jwksUri, caBundle }: SignatureVerificationOptions) {
  return createSignatureVerifier({ jwksUri, send: createHttpClient({ ca: caBundle }) });
}
