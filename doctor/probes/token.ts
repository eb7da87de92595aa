import { readBearerCredential } from '../../lambda/core/bearer-credential';
import type { ClientCredentials } from '../../lambda/core/client-credentials';
import type { AuthorizerConfig } from '../../lambda/core/config';
import type { HttpResponse } from '../../lambda/core/http-response';
import {
  type Introspection,
  readIntrospectionResponse,
} from '../../lambda/core/introspection-response';
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
    const introspection = readIntrospectionResponse(response, settings.introspection.response);
    const isGood = 'invalid' in introspection || (await isSignatureGood(settings, introspection));
    const { freshness } = introspection;
    return { introspection: isGood ? introspection : { invalid: 'signature_invalid', freshness } };
  } catch (thrown) {
    return { error: thrown, response };
  }
}

async function isSignatureGood(
  { token, introspection: { caBundle } }: AuthorizerConfig,
  { facts }: Extract<Introspection, { facts: unknown }>,
): Promise<boolean> {
  if (token.jwksUri === undefined) return true;
  const send = createHttpClient({ ca: caBundle });
  return createSignatureVerifier({ jwksUri: token.jwksUri, send })(facts.jwt);
}
