import { generateKeyPairSync } from 'node:crypto';
import { thumbprint } from '../../lambda/core/jwk';
import { rsaKey } from './rsa-key';

type Algorithm = 'ES256' | 'EdDSA' | 'PS256' | 'RS256';

/** Returns a private JWK, as the signing secret holds it. It is new, except for RSA. */
export function createPrivateJwk(alg: Algorithm = 'ES256'): Record<string, string> {
  const { privateKey } = generate(alg);
  const jwk = privateKey.export({ format: 'jwk' }) as Record<string, string>;
  return { ...jwk, kid: thumbprint(jwk), alg, use: 'sig' };
}

function generate(alg: Algorithm) {
  if (alg === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  if (alg === 'EdDSA') return generateKeyPairSync('ed25519');
  return rsaKey();
}
