import { readBearerCredential } from '../../lambda/core/bearer-credential';
import type { ClientCredentials } from '../../lambda/core/client-credentials';
import type { AuthorizerConfig } from '../../lambda/core/config';
import type { HttpResponse } from '../../lambda/core/http-response';
import type { Introspection } from '../../lambda/core/introspection-response';
import { signingInput } from '../../lambda/core/minted-token';
import type { PhantomTokenSigner, PhantomTokenSource } from '../../lambda/core/ports';
import { createForwardedTokens } from '../../lambda/io/authorization-server/forwarded-tokens';
import { createMintedTokens } from '../../lambda/io/authorization-server/minted-tokens';
import { createSignatureVerifier } from '../../lambda/io/authorization-server/signature-verifier';
import { createHttpClient } from '../../lambda/io/http/client';
import { introspect } from './introspection';

/** Facts about an access token, or the reason why there are none. */
export type TokenProbe =
  | { readonly introspection: Introspection }
  | { readonly error: unknown; readonly response: HttpResponse | undefined }
  | { readonly malformed: true };

/** Finds out about an access token as the authorizer does: parses, introspects, and verifies the signature. */
export async function probeToken(
  settings: AuthorizerConfig,
  credentials: ClientCredentials,
  accessToken: string,
): Promise<TokenProbe> {
  const credential = readBearerCredential({ headers: { authorization: `Bearer ${accessToken}` } });
  if ('denied' in credential) return { malformed: true };
  const { reply, error } = await introspect(settings.introspection, credentials, accessToken);
  const response = reply?.response;
  if (error !== undefined || response === undefined) return { error, response };
  try {
    return { introspection: await sourceOf(settings, credentials).obtain(response) };
  } catch (thrown) {
    return { error: thrown, response };
  }
}

/** Returns the source of phantom tokens that the settings select. Minted ones are not signed here. */
function sourceOf(
  { introspection, token, mint }: AuthorizerConfig,
  { clientId }: ClientCredentials,
): PhantomTokenSource {
  const { response, caBundle } = introspection;
  const isSignatureGood =
    token.jwksUri &&
    createSignatureVerifier({
      jwksUri: token.jwksUri,
      send: createHttpClient({ ca: caBundle }),
    });
  if (mint === undefined) return createForwardedTokens(response, isSignatureGood);
  const parties = async () => ({ issuer: token.issuer, clientId });
  return createMintedTokens({
    rules: mint,
    untyped: response.untyped ?? 'refuse',
    signedResponses:
      mint.response === 'signed' && isSignatureGood ? { isSignatureGood, parties } : undefined,
    signer: UNSIGNED,
    now: () => Date.now() / 1000,
  });
}

/** Signer for phantom tokens that are not shown and not sent. */
const UNSIGNED: PhantomTokenSigner = {
  ready: async () => undefined,
  sign: async (claims) => `${signingInput({ keyId: 'doctor', algorithm: 'ES256' }, claims)}.none`,
  isPublished: () => true,
};
