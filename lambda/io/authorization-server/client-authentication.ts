import { createPrivateKey, type KeyObject, randomUUID } from 'node:crypto';
import type { ClientAuthentication, ClientCredentials } from '../../core/client-credentials';
import { Fault } from '../../core/errors';

/** Lifetime of an assertion, which serves one request, in seconds. */
const ASSERTION_LIFE_SECONDS = 60;

/** Header fields and form parameters that authenticate a request. */
export interface Authentication {
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Authenticates one request to the authorization server.
 *
 * @param now epoch seconds.
 * @throws Fault `credentials_invalid` if the key cannot be used.
 */
export async function authenticate(
  credentials: ClientCredentials,
  authentication: ClientAuthentication,
  now: number,
): Promise<Authentication> {
  const { clientId, secret } = credentials;
  switch (authentication.method) {
    case 'client_secret_basic': {
      const encode = authentication.encoding === 'raw' ? (text: string) => text : formEncode;
      const pair = Buffer.from(`${encode(clientId)}:${encode(secret)}`).toString('base64');
      return { headers: { authorization: `Basic ${pair}` }, parameters: {} };
    }
    case 'client_secret_post':
      return { headers: {}, parameters: { client_id: clientId, client_secret: secret } };
    case 'private_key_jwt':
      return {
        headers: {},
        parameters: {
          client_id: clientId,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: await assertion(credentials, authentication, now),
        },
      };
    // The certificate of the connection authenticates: https://www.rfc-editor.org/rfc/rfc8705#section-2
    case 'tls_client_auth':
      return { headers: {}, parameters: { client_id: clientId } };
    case 'bearer':
      return { headers: { authorization: `Bearer ${secret}` }, parameters: {} };
    case 'none':
      return { headers: {}, parameters: {} };
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc6749#appendix-B */
function formEncode(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

/** @see https://www.rfc-editor.org/rfc/rfc7523#section-3 */
async function assertion(
  credentials: ClientCredentials,
  { audience, algorithm }: Extract<ClientAuthentication, { method: 'private_key_jwt' }>,
  now: number,
): Promise<string> {
  if (credentials.kind !== 'key') throw new Fault('credentials_invalid', 'the secret has no key');
  const { clientId, privateKey, keyId: kid } = credentials;
  const issuedAt = Math.floor(now);
  try {
    const key = createPrivateKey(
      typeof privateKey === 'string' ? privateKey : { key: { ...privateKey }, format: 'jwk' },
    );
    const own = typeof privateKey === 'string' ? undefined : privateKey['alg'];
    const alg = algorithm ?? (typeof own === 'string' ? own : usualAlgorithm(key));
    // Loaded here: no other method needs it, and a cold start would pay for it.
    const { SignJWT } = require('./jose') as typeof import('./jose');
    return await new SignJWT()
      .setProtectedHeader({ alg, typ: 'JWT', ...(kid !== undefined && { kid }) })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(audience)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ASSERTION_LIFE_SECONDS)
      .sign(key);
  } catch (cause) {
    // Not the cause's message: it may quote the key.
    const name = cause instanceof Error ? cause.name : 'unknown error';
    throw new Fault('credentials_invalid', `the private key cannot sign (${name})`);
  }
}

function usualAlgorithm({ asymmetricKeyType }: KeyObject): string {
  if (asymmetricKeyType === 'ec') return 'ES256';
  return asymmetricKeyType === 'ed25519' ? 'EdDSA' : 'RS256';
}
