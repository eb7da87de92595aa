import type { AuthorizerConfig } from '../../lambda/core/config';
import type { HttpResponse } from '../../lambda/core/http-response';
import {
  type Introspection,
  readIntrospectionResponse,
} from '../../lambda/core/introspection-response';
import { createSignatureVerifier } from '../../lambda/io/authorization-server/signature-verifier';
import { createHttpClient } from '../../lambda/io/http/client';

/**
 * Obtains the phantom token from an introspection response as the authorizer does, and verifies its signature
 * if `token.jwksUri` is set.
 *
 * @throws Fault as the authorizer does.
 */
export async function obtainPhantomToken(
  { introspection: { response: rules, caBundle }, token: { jwksUri } }: AuthorizerConfig,
  response: HttpResponse,
): Promise<Introspection> {
  const introspection = readIntrospectionResponse(response, rules);
  if ('invalid' in introspection || jwksUri === undefined) return introspection;
  const isGood = createSignatureVerifier({ jwksUri, send: createHttpClient({ ca: caBundle }) });
  if (await isGood(introspection.facts.jwt)) return introspection;
  return { invalid: 'signature_invalid', freshness: introspection.freshness };
}
