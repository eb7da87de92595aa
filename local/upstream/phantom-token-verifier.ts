import type { IncomingHttpHeaders } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';

/** Issuer, audience and keys that an upstream API trusts, and the headers of the phantom token. */
export interface PhantomTokenTrust {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUri: string;
  /**
   * Headers that can hold the phantom token, in lower case. The first one in the request is used. In
   * `authorization` the token follows `Bearer`; in other headers it is the whole value.
   * Default: `authorization`.
   */
  readonly tokenHeaders?: readonly string[];
}

/** Claims of a verified phantom token, with the `typ` of its header. */
type VerifiedClaims = Readonly<Record<string, unknown>>;

/**
 * Accepted algorithms. The token must not choose.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8725#section-3.1
 */
const ALGORITHMS = ['RS256', 'PS256', 'ES256'];

/** Claims that are shown to the caller. */
const SHOWN_CLAIMS = ['iss', 'sub', 'aud', 'client_id', 'scope', 'exp'];

/**
 * Returns a function that verifies the phantom token of a request without relying on the gateway. It
 * rejects if there is no token, or if signature, issuer, audience or lifetime are wrong.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-4
 */
export function phantomTokenVerifier({
  issuer,
  audience,
  jwksUri,
  tokenHeaders = ['authorization'],
}: PhantomTokenTrust) {
  // A local gateway can replace its keys at any time.
  const keys = createRemoteJWKSet(new URL(jwksUri), { cooldownDuration: 0 });
  return async (headers: IncomingHttpHeaders): Promise<VerifiedClaims> => {
    const name = tokenHeaders.find((candidate) => headers[candidate] !== undefined);
    const value = String(headers[name ?? ''] ?? '');
    const [, bearer = ''] = /^Bearer +(\S+)$/i.exec(value) ?? [];
    const jwt = name === 'authorization' ? bearer : value;
    const requirements = {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'sub'],
    };
    const { payload, protectedHeader } = await jwtVerify(jwt, keys, requirements);
    const claims = SHOWN_CLAIMS.flatMap((name) => (name in payload ? [[name, payload[name]]] : []));
    return { ...Object.fromEntries(claims), typ: protectedHeader.typ };
  };
}
