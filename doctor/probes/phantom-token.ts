import type { ClientCredentials } from '../../lambda/core/client-credentials';
import type { AuthorizerConfig } from '../../lambda/core/config';
import type { HttpResponse } from '../../lambda/core/http-response';
import type { Introspection } from '../../lambda/core/introspection-response';
import { signingInput } from '../../lambda/core/minted-token';
import type { PhantomTokenSigner } from '../../lambda/core/ports';
import { createForwardedTokens } from '../../lambda/io/authorization-server/forwarded-tokens';
import { createMintedTokens } from '../../lambda/io/authorization-server/minted-tokens';
import { createSignatureVerifier } from '../../lambda/io/authorization-server/signature-verifier';
import { createHttpClient } from '../../lambda/io/http/client';

/**
 * Obtains the phantom token from an introspection response as the authorizer does, and verifies its signature
 * if `token.jwksUri` is set. A minted token is not signed.
 *
 * @throws Fault as the authorizer does.
 */
export async function obtainPhantomToken(
  { introspection: { response: rules, caBundle }, token, mint }: AuthorizerConfig,
  { clientId }: ClientCredentials,
  response: HttpResponse,
): Promise<Introspection> {
  const { jwksUri, issuer } = token;
  const isSignatureGood =
    jwksUri && createSignatureVerifier({ jwksUri, send: createHttpClient({ ca: caBundle }) });
  if (mint === undefined) return createForwardedTokens(rules, isSignatureGood).obtain(response);
  const parties = async () => ({ issuer, clientId });
  const source = createMintedTokens({
    rules: mint,
    untyped: rules.untyped ?? 'refuse',
    signedResponses:
      mint.response === 'signed' && isSignatureGood ? { isSignatureGood, parties } : undefined,
    signer: UNSIGNED,
    now: () => Date.now() / 1000,
  });
  return source.obtain(response);
}

/** Length of the longest signature, which is that of RSA with 2048 bits, in base64url. */
const SIGNATURE_LENGTH = 342;

/** Signer of phantom tokens that are neither shown nor sent. Their size is that of signed ones. */
const UNSIGNED: PhantomTokenSigner = {
  ready: async () => undefined,
  sign: async (claims) =>
    `${signingInput({ keyId: 'doctor', algorithm: 'ES256' }, claims)}.${'x'.repeat(SIGNATURE_LENGTH)}`,
  isPublished: () => true,
};
