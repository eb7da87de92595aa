import { generateKeyPairSync } from 'node:crypto';
import { thumbprint } from '../../lambda/core/jwk';

type Algorithm = 'ES256' | 'EdDSA' | 'PS256' | 'RS256';

/** Returns a new private JWK, as the signing secret holds it. */
export function createPrivateJwk(alg: Algorithm = 'ES256'): Record<string, string> {
  const { privateKey } = generate(alg);
  const jwk = privateKey.export({ format: 'jwk' }) as Record<string, string>;
  return { ...jwk, kid: thumbprint(jwk), alg, use: 'sig' };
}

function generate(alg: Algorithm) {
  if (alg === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  if (alg === 'EdDSA') return generateKeyPairSync('ed25519');
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}
