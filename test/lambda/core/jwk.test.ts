import { calculateJwkThumbprint } from 'jose';
import {
  isSigningAlgorithm,
  publicMembers,
  signingAlgorithmOf,
  thumbprint,
} from '../../../lambda/core/jwk';
import { createPrivateJwk } from '../../support/signing-keys';

const ALGORITHMS = ['ES256', 'EdDSA', 'PS256', 'RS256'] as const;
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi'];

describe.each(ALGORITHMS)('a JWK for %s', (algorithm) => {
  let key: ReturnType<typeof createPrivateJwk>;
  beforeAll(() => {
    key = createPrivateJwk(algorithm);
  });

  it(`a JWK for ${algorithm} signs with all of its members, and not without one of them`, () => {
    expect(signingAlgorithmOf(key)).toBe(algorithm);
    for (const name of Object.keys(key).filter((member) => !['kid', 'use'].includes(member))) {
      expect(signingAlgorithmOf({ ...key, [name]: undefined })).toBeUndefined();
      expect(signingAlgorithmOf({ ...key, [name]: '' })).toBeUndefined();
    }
  });

  it(`a JWK for ${algorithm} has the thumbprint of RFC 7638, with and without its private members`, async () => {
    expect(thumbprint(key)).toBe(await calculateJwkThumbprint(key));
    expect(thumbprint(publicMembers(key))).toBe(thumbprint(key));
  });

  it(`the public members of a JWK for ${algorithm} contain no private one`, () => {
    const members = publicMembers({ ...key, oth: [{ r: 'r' }], other: 'x' });

    for (const name of [...PRIVATE, 'oth', 'other']) expect(members).not.toHaveProperty(name);
  });
});

describe('isSigningAlgorithm', () => {
  it('isSigningAlgorithm accepts the algorithms of phantom tokens, and no others', () => {
    expect(ALGORITHMS.every(isSigningAlgorithm)).toBe(true);
    expect(['none', 'HS256', 'ES384', 'es256', ''].some(isSigningAlgorithm)).toBe(false);
  });
});

describe('signingAlgorithmOf', () => {
  it.each<[string, Record<string, string>]>([
    ['an algorithm of another type of key', { alg: 'RS256' }],
    ['an algorithm that is not supported', { alg: 'ES384' }],
    ['no signature', { alg: 'none' }],
    ['another curve', { crv: 'P-384' }],
    ['another type', { kty: 'oct' }],
  ])('signingAlgorithmOf returns undefined for %s', (_, members) => {
    expect(signingAlgorithmOf({ ...createPrivateJwk(), ...members })).toBeUndefined();
  });
});

describe('publicMembers', () => {
  it('publicMembers throws for a symmetric key, without quoting it', () => {
    expect(() => publicMembers({ kty: 'oct', k: 'Sesame' })).toThrow(
      /^the key is of a type that signs no phantom tokens$/,
    );
  });
});
