import type { IncomingHttpHeaders } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';

/** What an upstream API trusts, and where it finds the phantom token. */
export interface PhantomTokenTrust {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUri: string;
  /**
   * The headers that may hold the phantom token, in lower case; the first that is there counts. In
   * `authorization` it follows `Bearer`; in any other it stands alone. Default: `authorization`.
   */
  readonly tokenHeaders?: readonly string[];
}

/** What a verified phantom token says, with the `typ` of its header. */
type VerifiedClaims = Readonly<Record<string, unknown>>;

/** Listed, so that the token cannot choose. https://www.rfc-editor.org/rfc/rfc8725#section-3.1 */
const algorithms = ['RS256', 'PS256', 'ES256'];

const shown = ['iss', 'sub', 'aud', 'client_id', 'scope', 'exp'];

/**
 * Verifies the phantom token of a request as an API behind the gateway must: it relies on nothing
 * the gateway did. It rejects when there is none, or when signature, issuer, audience or lifetime
 * is wrong.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-4
 */
export function phantomTokenVerifier({
  issuer,
  audience,
  jwksUri,
  tokenHeaders = ['authorization'],
}: PhantomTokenTrust) {
  const keys = createRemoteJWKSet(new URL(jwksUri));
  return async (headers: IncomingHttpHeaders): Promise<VerifiedClaims> => {
    const name = tokenHeaders.find((candidate) => headers[candidate] !== undefined);
    const value = String(headers[name ?? ''] ?? '');
    const [, bearer = ''] = /^Bearer +(\S+)$/i.exec(value) ?? [];
    const jwt = name === 'authorization' ? bearer : value;
    const requirements = { issuer, audience, algorithms, requiredClaims: ['exp', 'sub'] };
    const { payload, protectedHeader } = await jwtVerify(jwt, keys, requirements);
    const claims = shown.flatMap((name) => (name in payload ? [[name, payload[name]]] : []));
    return { ...Object.fromEntries(claims), typ: protectedHeader.typ };
  };
}
