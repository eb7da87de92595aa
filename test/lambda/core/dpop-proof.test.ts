import crypto, { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import {
  createProofVerifier,
  MAX_PROOF_LENGTH,
  type ProofContext,
} from '../../../lambda/core/dpop-proof';
import { thumbprint } from '../../../lambda/core/jwk';
import { createProofKey, type ProofKey, type ProofOptions, proofBy } from '../../support/dpop';
import { base64url } from '../../support/jws';
import { rsaKey } from '../../support/rsa-key';

const NOW = 1_800_000_000;
const ACCESS_TOKEN = 'opaque~token';
const URL_OF_ORDERS = 'https://api.example.com/orders/1';
const KEY = createProofKey();
const ED25519 = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
const verifyProof = createProofVerifier();
const CONTEXT: ProofContext = {
  method: 'GET',
  urls: [
    {
      base: 'https://api.example.com',
      origin: 'https://api.example.com',
      path: '/orders/1',
      encoding: 'kept',
    },
  ],
  accessToken: ACCESS_TOKEN,
  thumbprints: [KEY.thumbprint],
  now: NOW,
};

const proof = (options: Partial<ProofOptions> = {}, key = KEY) =>
  proofBy(key, { accessToken: ACCESS_TOKEN, htu: URL_OF_ORDERS, iat: NOW, ...options });

const denied = (expected: string, received: unknown = expect.any(String)) => ({
  denied: 'dpop_proof_invalid',
  comparison: expect.objectContaining({ expected: expect.stringContaining(expected), received }),
});

/** Returns a proof by a key of another kind. */
function proofWith(alg: string, keys: { publicKey: KeyObject; privateKey: KeyObject }) {
  const jwk = keys.publicKey.export({ format: 'jwk' });
  const [, payload] = proof().split('.');
  const signed = `${base64url({ typ: 'dpop+jwt', alg, jwk })}.${payload}`;
  const key =
    alg === 'PS256' ? { key: keys.privateKey, padding: 6, saltLength: 32 } : keys.privateKey;
  const digest = alg.startsWith('Ed') ? null : 'sha256';
  const signature = sign(digest, Buffer.from(signed), key).toString('base64url');
  return { text: `${signed}.${signature}`, thumbprint: thumbprint({ ...jwk }) };
}

afterEach(() => jest.restoreAllMocks());

describe('the verification of DPoP proofs', () => {
  it('accepts the proof in section 7.1 of RFC 9449', () => {
    const text =
      'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNo' +
      'UklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERW' +
      'clUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1' +
      'IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwi' +
      'YXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71' +
      'EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA';
    const accessToken = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU';
    const jkt = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';

    expect(
      verifyProof(text, {
        method: 'GET',
        urls: [
          {
            base: 'https://resource.example.org',
            origin: 'https://resource.example.org',
            path: '/protectedresource',
            encoding: 'kept',
          },
        ],
        accessToken,
        thumbprints: [jkt],
        now: 1_562_262_618,
      }),
    ).toEqual({
      use: { accessToken, thumbprint: jkt, jti: 'e1j3V_bKic8-LAEB', expiresAt: 1_562_262_678 },
    });
  });

  it.each(['EdDSA', 'Ed25519', 'PS256'])('accepts a proof by %s', (alg) => {
    const keys = alg === 'PS256' ? rsaKey() : generateKeyPairSync('ed25519');
    const { text, thumbprint: jkt } = proofWith(alg, keys);

    expect(verifyProof(text, { ...CONTEXT, thumbprints: [jkt] })).toMatchObject({
      use: { thumbprint: jkt },
    });
  });

  it.each([
    ['60 s old', NOW - 60],
    ['60 s in the future', NOW + 60],
    ['of a fraction of a second', NOW - 0.5],
  ])('accepts a proof that is %s', (_, iat) => {
    expect(verifyProof(proof({ iat }), CONTEXT)).toMatchObject({ use: { expiresAt: iat + 60 } });
  });

  it.each<[string, Partial<ProofOptions>, string]>([
    ['no typ', { header: { typ: undefined } }, 'typ dpop+jwt'],
    ['the typ of a JWT', { header: { typ: 'JWT' } }, 'typ dpop+jwt'],
    ['the typ of an access token', { header: { typ: 'at+jwt' } }, 'typ dpop+jwt'],
    ['alg none', { header: { alg: 'none' } }, 'alg'],
    ['an algorithm of another hash', { header: { alg: 'ES384' } }, 'alg'],
    ['an alg that is a list', { header: { alg: ['ES256'] } }, 'alg'],
    ['an alg of another key', { header: { alg: 'PS256' } }, 'a public jwk for PS256'],
    ['alg EdDSA and a key for ES256', { header: { alg: 'EdDSA' } }, 'a public jwk for EdDSA'],
    ['alg ES256 and a key for EdDSA', { header: { jwk: ED25519 } }, 'a public jwk for ES256'],
    [
      'alg ES256 and an RSA key that names a curve',
      { header: { jwk: { kty: 'RSA', crv: 'P-256', n: '_'.repeat(342), e: 'AQAB' } } },
      'a public jwk for ES256',
    ],
    ['no jwk', { header: { jwk: undefined } }, 'a public jwk for '],
    [
      'the private part in jwk',
      { header: { jwk: { ...KEY.jwk, d: 'AAAA' } } },
      'a public jwk for ',
    ],
    ['a symmetric jwk', { header: { jwk: { kty: 'oct', k: 'AAAA' } } }, 'a public jwk for '],
    [
      'a jwk of another curve',
      { header: { jwk: { ...KEY.jwk, crv: 'P-384' } } },
      'a public jwk for ',
    ],
    [
      'a jwk that is not a point',
      { header: { jwk: { ...KEY.jwk, x: KEY.jwk.y } } },
      'a public jwk for ',
    ],
    ['a jwk without y', { header: { jwk: { ...KEY.jwk, y: undefined } } }, 'a public jwk for '],
    ['a critical extension', { header: { crit: ['b64'], b64: false } }, 'crit'],
    ['another method', { claims: { htm: 'POST' } }, 'htm GET'],
    ['a method in lower case', { claims: { htm: 'get' } }, 'htm GET'],
    ['no method', { claims: { htm: undefined } }, 'htm GET'],
    ['another path', { htu: 'https://api.example.com/orders/2' }, 'htu'],
    ['another host', { htu: 'https://evil.example.com/orders/1' }, 'htu'],
    ['no htu', { claims: { htu: undefined } }, 'htu'],
    ['an htu that is a list', { claims: { htu: [URL_OF_ORDERS] } }, 'htu'],
    ['an iat over 60 s ago', { iat: NOW - 61 }, 'iat'],
    ['an iat over 60 s ahead', { iat: NOW + 61 }, 'iat'],
    ['no iat', { claims: { iat: undefined } }, 'iat'],
    ['an iat that is text', { claims: { iat: String(NOW) } }, 'iat'],
    ['the hash of another token', { accessToken: 'other' }, 'ath'],
    ['no ath', { claims: { ath: undefined } }, 'ath'],
    ['no jti', { claims: { jti: undefined } }, 'jti'],
    ['an empty jti', { claims: { jti: '' } }, 'jti'],
    ['a jti that is a number', { claims: { jti: 1 } }, 'jti'],
  ])('denies a proof with %s', (_, options, expected) => {
    expect(verifyProof(proof(options), CONTEXT)).toEqual(denied(expected));
  });

  it.each<[string, Partial<ProofOptions>, string, string]>([
    ['typ', { header: { typ: 'JWT' } }, 'typ dpop+jwt', 'JWT'],
    ['no typ', { header: { typ: undefined } }, 'typ dpop+jwt', '(absent)'],
    ['a list as alg', { header: { alg: ['ES256'] } }, 'an alg of the challenge', '(absent)'],
    ['crit', { header: { crit: ['b64'] } }, 'no crit', 'crit'],
    ['no jwk', { header: { jwk: undefined } }, 'a public jwk for ES256', 'another value'],
    ['htm', { claims: { htm: 'POST' } }, 'htm GET', 'POST'],
    ['iat', { iat: NOW - 61 }, `iat within 60 s of ${NOW}`, String(NOW - 61)],
    ['ath', { accessToken: 'other' }, 'ath of the access token', 'another value'],
    ['no ath', { claims: { ath: undefined } }, 'ath of the access token', '(absent)'],
  ])('a denial shows what a proof has in place of what is expected: %s', (...row) => {
    const [, options, expected, received] = row;

    expect(verifyProof(proof(options), CONTEXT)).toEqual({
      denied: 'dpop_proof_invalid',
      comparison: { expected, received, identifying: false },
    });
  });

  it('denies a proof that a shared secret authenticates', () => {
    const [, payload] = proof().split('.');
    const jwk = { kty: 'oct', k: 'c2VjcmV0' };
    const header = Buffer.from(JSON.stringify({ typ: 'dpop+jwt', alg: 'HS256', jwk }));
    const signed = `${header.toString('base64url')}.${payload}`;
    const mac = createHmac('sha256', 'secret').update(signed).digest('base64url');

    expect(verifyProof(`${signed}.${mac}`, CONTEXT)).toEqual(denied('alg'));
  });

  it('denies a proof by another key than that of the token', () => {
    expect(verifyProof(proof({}, createProofKey()), CONTEXT)).toEqual(
      denied('bound to', 'another key'),
    );
  });

  it('denies a proof of a token that is bound to two keys', () => {
    const thumbprints = [KEY.thumbprint, createProofKey().thumbprint];

    expect(verifyProof(proof(), { ...CONTEXT, thumbprints })).toEqual(denied('bound to'));
  });

  it('denies a proof by a key that another one signed for', () => {
    const header = { jwk: createProofKey().jwk };

    expect(verifyProof(proof({ header }), CONTEXT)).toEqual(denied('signature', 'another one'));
  });

  describe('by RSA', () => {
    /** Returns a modulus of a number of bits, in base64url, behind some zero bytes. */
    function modulus(bits: number, zeros = 0): string {
      const bytes = Buffer.alloc(Math.ceil(bits / 8), 255);
      bytes[0] = 255 >> (-bits & 7);
      return Buffer.concat([Buffer.alloc(zeros), bytes]).toString('base64url');
    }
    const verifyWith = (members: object) => {
      const jwk = { kty: 'RSA', e: 'AQAB', n: modulus(2048), ...members };
      return verifyProof(proof({ header: { alg: 'PS256', jwk } }), CONTEXT);
    };

    it.each([
      ['2048 bits', { n: modulus(2048) }],
      ['2049 bits', { n: modulus(2049) }],
      ['4096 bits', { n: modulus(4096) }],
      ['4096 bits behind zeros', { n: modulus(4096, 3) }],
      ['the exponent 3', { e: 'Aw' }],
    ])('verifies the signature of a proof by an RSA key with %s', (_, members) => {
      expect(verifyWith(members)).toEqual(denied('signature'));
    });

    it.each([
      ['1024 bits', { n: modulus(1024) }],
      ['2047 bits', { n: modulus(2047) }],
      ['1024 bits behind zeros', { n: modulus(1024, 128) }],
      ['4097 bits', { n: modulus(4097) }],
      ['a modulus of zeros', { n: Buffer.alloc(256).toString('base64url') }],
      ['an empty modulus', { n: '' }],
      ['no modulus', { n: undefined }],
      ['a modulus that is a list', { n: [modulus(2048)] }],
      ['an exponent of 5 characters', { e: 'AQABA' }],
      ['a long exponent', { e: modulus(2048) }],
      ['no exponent', { e: undefined }],
      ['an exponent that is a list', { e: ['AQAB'] }],
    ])('denies a proof by an RSA key with %s', (_, members) => {
      expect(verifyWith(members)).toEqual(denied('a public jwk for '));
    });

    it.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])(
      'denies a proof by an RSA key with the private member %s',
      (name) => {
        expect(verifyWith({ [name]: 'AAAA' })).toEqual(denied('a public jwk for '));
      },
    );
  });

  it.each([
    ['nothing', ''],
    ['two parts', proof().split('.').slice(0, 2).join('.')],
    ['four parts', `${proof()}.AAAA`],
    ['no signature', `${proof().split('.').slice(0, 2).join('.')}.`],
    ['claims that are not an object', proof().replace(/\.[^.]+\./, '.W10.')],
    ['two proofs that are joined', `${proof()},${proof()}`],
    ['a header that is not an object', `W10.${proof().split('.').slice(1).join('.')}`],
    ['JSON instead of a JWS', '{}'],
  ])('denies as a DPoP proof: %s', (_, text) => {
    expect(verifyProof(text, CONTEXT)).toEqual(denied('compact form', 'another value'));
  });

  it('reads a proof of 4096 characters, and no longer one', () => {
    const text = proof();
    const padded = (length: number) => `${text}${'A'.repeat(length - text.length)}`;

    expect(verifyProof(padded(MAX_PROOF_LENGTH), CONTEXT)).toEqual(denied('signature'));
    expect(verifyProof(padded(MAX_PROOF_LENGTH + 1), CONTEXT)).toEqual(
      denied('at most 4096 characters', '4097'),
    );
  });

  it('denies a proof over 4 KB without reading it', () => {
    const text = proof({ claims: { pad: 'x'.repeat(MAX_PROOF_LENGTH) } });

    expect(verifyProof(text, CONTEXT)).toEqual(denied('at most 4096 characters'));
  });

  it('accepts no proof with any character changed', () => {
    const original = proof();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~';

    fc.assert(
      fc.property(fc.nat(original.length - 2), fc.constantFrom(...alphabet), (index, character) => {
        fc.pre(original[index] !== character);
        const changed = `${original.slice(0, index)}${character}${original.slice(index + 1)}`;
        expect(verifyProof(changed, CONTEXT)).toHaveProperty('denied', 'dpop_proof_invalid');
      }),
    );
  });

  it('verifies each proof by a known key', () => {
    const verify = createProofVerifier();
    const [header, claims, signature] = proof().split('.');
    const others = Buffer.from('{"jti":"forged"}').toString('base64url');
    expect(verify([header, claims, signature].join('.'), CONTEXT)).toHaveProperty('use');

    expect(verify([header, others, signature].join('.'), CONTEXT)).toEqual(denied('signature'));
    expect(verify(proof({ htu: `${URL_OF_ORDERS}0` }), CONTEXT)).toEqual(denied('htu'));
    expect(verify(proof(), { ...CONTEXT, thumbprints: ['other'] })).toEqual(denied('bound to'));
    expect(verify(proof(), CONTEXT)).toHaveProperty('use');
  });

  it('keeps the imported keys of the 100 clients that sent the last good proofs', () => {
    const verify = createProofVerifier();
    const [first, second, last] = [createProofKey(), createProofKey(), createProofKey()] as const;
    const firstHundred = [first, second, ...Array.from({ length: 98 }, () => createProofKey())];
    const imported = jest.spyOn(crypto, 'createPublicKey');
    /** Returns the number of keys that are imported for proofs by one key each. */
    const imports = (...senders: readonly ProofKey[]) => {
      imported.mockClear();
      for (const key of senders) {
        const thumbprints = [key.thumbprint];
        expect(verify(proof({}, key), { ...CONTEXT, thumbprints })).toHaveProperty('use');
      }
      return imported.mock.calls.length;
    };

    expect(verify(proof({ iat: 0 }), CONTEXT)).toEqual(denied('iat'));
    expect(imports(KEY)).toBe(1);
    expect(imports(...firstHundred)).toBe(100);
    expect(imports(...firstHundred, first)).toBe(0);
    expect(imports(last, last, first)).toBe(1);
    expect(imports(second)).toBe(1);
  });

  it('denies any header and claims that differ from those of a good proof', () => {
    const junk = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('none', 'HS256', 'POST', 0, Number.MAX_VALUE),
    );
    const part = fc.constantFrom('typ', 'alg', 'jwk', 'htm', 'htu', 'iat', 'ath');

    fc.assert(
      fc.property(part, junk, (name, value) => {
        fc.pre(!(name === 'iat' && typeof value === 'number' && Math.abs(NOW - value) <= 60));
        const options = ['typ', 'alg', 'jwk'].includes(name)
          ? { header: { [name]: value } }
          : { claims: { [name]: value } };
        expect(verifyProof(proof(options), CONTEXT)).toHaveProperty('denied');
      }),
    );
  });

  it.each([
    ['https://api.example.com', ['https://api.example.com']],
    [
      'https://a.example.com or https://b.example.com',
      ['https://a.example.com', 'https://b.example.com'],
    ],
    ['api.publicUrls', []],
  ])(
    'a denial never shows the path of the request, which can name a user, but %s',
    (shown, bases) => {
      const urls = bases.map((base) => ({
        base,
        origin: base,
        path: '/users/alice',
        encoding: 'kept' as const,
      }));
      const received = 'https://api.example.com/users/bob';

      expect(verifyProof(proof({ htu: `${received}?a\n#b` }), { ...CONTEXT, urls })).toEqual({
        denied: 'dpop_proof_invalid',
        comparison: { expected: `htu of the request, below ${shown}`, received, identifying: true },
      });
    },
  );

  it('a denial shows neither the proof nor its parts', () => {
    const text = proof({ claims: { htm: proof() } });

    expect(JSON.stringify(verifyProof(text, CONTEXT))).not.toContain('eyJ');
  });
});
