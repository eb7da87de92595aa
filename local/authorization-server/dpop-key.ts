import { hash, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** Key of a client, which proves its possession with each request. */
export interface DpopKey {
  /**
   * Returns a proof, which is good for one request.
   *
   * @param accessToken default: none, as for token requests
   */
  proof(method: string, url: string, accessToken?: string): Promise<string>;
}

/**
 * Creates a key for ES256.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.2
 */
export async function createDpopKey(): Promise<DpopKey> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  return {
    proof(method, url, accessToken) {
      const ath = accessToken && { ath: hash('sha256', accessToken, 'base64url') };
      return new SignJWT({ htm: method, htu: url.replace(/[?#].*$/s, ''), ...ath })
        .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
        .setJti(randomUUID())
        .setIssuedAt()
        .sign(privateKey);
    },
  };
}
