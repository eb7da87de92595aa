import { CompactSign, compactVerify, importJWK } from 'jose';
import {
  publishedKeySet,
  readSigningKeys,
  type SigningKey,
} from '../../../lambda/core/signing-keys';
import { createSigningKey, testKeyPair } from '../../../lambda/rotation/key-pair';
import { createPrivateJwk } from '../../support/signing-keys';

describe.each(['ES256', 'EdDSA', 'PS256', 'RS256'] as const)('a created %s key', (algorithm) => {
  let key: SigningKey;
  beforeAll(async () => {
    key = await createSigningKey(algorithm);
  });

  it(`a created ${algorithm} key signs what its published JWK verifies`, async () => {
    const { current } = readSigningKeys(JSON.stringify({ current: key.jwk }));
    const [published = {}] = publishedKeySet({ current }).keys;

    const jws = await new CompactSign(Buffer.from('payload'))
      .setProtectedHeader({ alg: algorithm })
      .sign(await importJWK({ ...key.jwk }));

    expect(current).toEqual(key);
    await expect(compactVerify(jws, await importJWK({ ...published }))).resolves.toBeDefined();
  });

  it(`a created ${algorithm} key passes the test of a key pair, unless its halves are of two keys`, async () => {
    const { x, y, n } = createPrivateJwk(algorithm);
    const mixed = {
      ...key,
      jwk: { ...key.jwk, ...(n === undefined ? { x, y } : { n }) },
    };

    expect(() => testKeyPair(key)).not.toThrow();
    expect(() => testKeyPair(mixed)).toThrow();
  });
});
