import { constants, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { Fault } from '../../core/errors';
import type { SigningAlgorithm } from '../../core/jwk';
import { type KeyName, signingInput } from '../../core/minted-token';
import type { PhantomTokenSigner } from '../../core/ports';
import { publishedKeySet, readSigningKeys } from '../../core/signing-keys';
import type { CachedSecret } from '../aws/cached-secret';

/** Signing keys of the secret, ready for use. */
export interface LoadedKeys {
  readonly current: KeyName & { readonly privateKey: KeyObject };
  /** Ids of all keys in the secret. */
  readonly published: ReadonlySet<string>;
  /** Time at which `current` began to sign, in epoch seconds. */
  readonly rotatedAt: number | undefined;
}

/** Loads the text of the signing secret. @throws Fault `signing_keys_invalid`. */
export function loadSigningKeys(text: string): LoadedKeys {
  const keys = readSigningKeys(text);
  const { jwk, keyId, algorithm } = keys.current;
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  } catch {
    // Not the cause: its message may quote the key.
    throw new Fault('signing_keys_invalid', 'the key "current" cannot sign');
  }
  const published = new Set(publishedKeySet(keys).keys.map(({ kid }) => String(kid)));
  return { current: { keyId, algorithm, privateKey }, published, rotatedAt: keys.rotatedAt };
}

/** Signs phantom tokens with the key "current" of the signing secret. */
export function createLocalSigner(secret: CachedSecret<LoadedKeys>): PhantomTokenSigner {
  let known: LoadedKeys | undefined;
  let isOutdated = false;

  async function load(): Promise<LoadedKeys> {
    const mustReread = isOutdated;
    known = await (mustReread ? secret.reread() : secret.get());
    if (mustReread) isOutdated = false;
    return known;
  }

  return {
    async ready() {
      await load();
    },
    async sign(claims) {
      const { current } = await load();
      const input = signingInput(current, claims);
      return `${input}.${signatureOf(current.algorithm, current.privateKey, input)}`;
    },
    isPublished(keyId) {
      const isKnown = known?.published.has(keyId) ?? false;
      // It can be newer than what this environment knows: the next signature reads the secret again.
      if (known !== undefined && !isKnown) isOutdated = true;
      // In the background: no request that a cache serves waits for the secret.
      load().catch(() => undefined);
      return isKnown;
    },
  };
}

/** @see https://www.rfc-editor.org/rfc/rfc7518#section-3 and https://www.rfc-editor.org/rfc/rfc8037#section-3.1 */
function signatureOf(algorithm: SigningAlgorithm, key: KeyObject, input: string): string {
  const data = Buffer.from(input);
  switch (algorithm) {
    case 'ES256':
      return sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
    case 'EdDSA':
      return sign(null, data, key).toString('base64url');
    case 'PS256': {
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
      return sign('sha256', data, { key, padding, saltLength }).toString('base64url');
    }
    case 'RS256':
      return sign('sha256', data, key).toString('base64url');
  }
}
