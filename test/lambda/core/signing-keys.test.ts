import { createPublicKey } from 'node:crypto';
import {
  formatSigningKeys,
  publishedKeySet,
  readSigningKeys,
} from '../../../lambda/core/signing-keys';
import { faultWith, thrownBy } from '../../support/faults';
import { createPrivateJwk } from '../../support/signing-keys';

const read = (secret: unknown) =>
  readSigningKeys(typeof secret === 'string' ? secret : JSON.stringify(secret));

describe('readSigningKeys', () => {
  it('reads signing keys of all states, and the time of the last rotation', () => {
    const [previous, current, next] = (['RS256', 'ES256', 'EdDSA'] as const).map(createPrivateJwk);
    const state = (jwk = {} as Record<string, string>) => ({
      keyId: jwk['kid'],
      algorithm: jwk['alg'],
      jwk,
    });

    expect(read({ previous, current, next, rotated_at: 1_800_000_000 })).toEqual({
      previous: state(previous),
      current: state(current),
      next: state(next),
      rotatedAt: 1_800_000_000,
    });
  });

  it('accepts a current signing key alone', () => {
    const current = createPrivateJwk();

    expect(Object.keys(read({ current }))).toEqual(['current']);
  });

  it.each<[string, unknown, string]>([
    ['a secret that is not JSON', 'Sesame-7f3a"{', 'the signing secret is not a JSON object'],
    ['a list', '["Sesame-7f3a"]', 'the signing secret is not a JSON object'],
    ['an empty object', {}, 'the signing secret has no key "current"'],
    ['a client secret', { client_secret: 'Sesame-7f3a' }, 'the signing secret has no key'],
  ])('throws signing_keys_invalid for %s', (_, secret, detail) => {
    const fault = thrownBy(() => read(secret));

    expect(fault).toEqual(faultWith('signing_keys_invalid', detail));
    expect(JSON.stringify([fault, String(fault)])).not.toContain('Sesame');
  });

  it('accepts a signing key without a use', () => {
    const { use: _, ...current } = createPrivateJwk();

    expect(read({ current }).current.jwk).toEqual(current);
  });

  const CANNOT_SIGN =
    'MEMBER must be a private JWK for its alg, one of ES256, EdDSA, PS256 and RS256';
  it.each<[string, unknown, string]>([
    ['null', null, 'MEMBER must be a private JWK'],
    ['a PEM key', '-----BEGIN PRIVATE KEY-----Sesame-7f3a', 'MEMBER must be a private JWK'],
    ['a key without an id', { ...createPrivateJwk(), kid: undefined }, 'MEMBER must have a kid'],
    ['a key with an empty id', { ...createPrivateJwk(), kid: '' }, 'MEMBER must have a kid'],
    ['a key for encryption', { ...createPrivateJwk(), use: 'enc' }, 'the use of MEMBER must be'],
    ['a public key', { ...createPrivateJwk(), d: undefined }, CANNOT_SIGN],
    ['a symmetric key', { kty: 'oct', k: 'Sesame-7f3a', kid: '1', alg: 'HS256' }, CANNOT_SIGN],
    ['a key without an algorithm', { ...createPrivateJwk(), alg: undefined }, CANNOT_SIGN],
  ])('throws signing_keys_invalid that names the member that is %s', (_, key, rule) => {
    const [current, other] = [createPrivateJwk(), createPrivateJwk()];
    const secrets = {
      previous: { previous: key, current, next: other },
      current: { previous: other, current: key },
      next: { current, next: key },
    };

    for (const [name, secret] of Object.entries(secrets)) {
      const fault = thrownBy(() => read(secret));
      expect(fault).toEqual(faultWith('signing_keys_invalid', rule.replace('MEMBER', name)));
      expect(JSON.stringify([fault, String(fault)])).not.toContain('Sesame');
    }
  });

  it('throws signing_keys_invalid for two keys with the same id', () => {
    const current = createPrivateJwk();

    for (const secret of [
      { current, next: current },
      { previous: current, current },
    ]) {
      expect(thrownBy(() => read(secret))).toEqual(
        faultWith('signing_keys_invalid', 'previous, current and next must have different key ids'),
      );
    }
  });

  it.each(['1800000000', 1.5, null, {}])(
    'throws signing_keys_invalid for rotated_at %j',
    (time) => {
      const secret = { current: createPrivateJwk(), rotated_at: time };

      expect(thrownBy(() => read(secret))).toEqual(
        faultWith('signing_keys_invalid', 'rotated_at must be a whole number of epoch seconds'),
      );
    },
  );
});

describe('formatSigningKeys', () => {
  it('readSigningKeys reads the keys that formatSigningKeys wrote, together with other members', () => {
    const [previous, current, next] = [1, 2, 3].map(() => createPrivateJwk());

    for (const keys of [
      read({ previous, current, next, rotated_at: 1_800_000_000 }),
      read({ current }),
    ]) {
      const text = formatSigningKeys(keys, { made_at: 7 });

      expect(read(text)).toEqual(keys);
      expect(JSON.parse(text)).toHaveProperty('made_at', 7);
    }
  });
});

describe('publishedKeySet', () => {
  it.each(['ES256', 'EdDSA', 'PS256', 'RS256'] as const)(
    'the published key set contains the public members of %s keys only, in the order of their states',
    (algorithm) => {
      const jwks = ['1', '2', '3'].map((kid) => ({ ...createPrivateJwk(algorithm), kid }));
      const [previous, current, next] = jwks;
      const { keys } = publishedKeySet(read({ previous, current, next, rotated_at: 1 }));

      expect(keys).toEqual(
        jwks.map((key) => ({
          ...createPublicKey({ key, format: 'jwk' }).export({ format: 'jwk' }),
          ...{ kid: key.kid, alg: algorithm, use: 'sig' },
        })),
      );
    },
  );

  it('the published key set leaves out states that the secret does not have', () => {
    expect(publishedKeySet(read({ current: createPrivateJwk() })).keys).toHaveLength(1);
  });
});
