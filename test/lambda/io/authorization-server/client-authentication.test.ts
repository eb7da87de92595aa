import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import type {
  ClientAuthentication,
  ClientCredentials,
} from '../../../../lambda/core/client-credentials';
import { authenticate } from '../../../../lambda/io/authorization-server/client-authentication';
import { faultWith } from '../../../support/faults';
import { rsaKey } from '../../../support/rsa-key';
import { NOW } from '../../../support/tokens';

type Algorithm = 'PS256' | 'ES256' | 'RS256' | 'EdDSA';
const AUDIENCE = 'https://login.example.com/token';
const BASIC = { method: 'client_secret_basic', encoding: 'form' } as const;

const secretOf = (clientId: string, secret: string): ClientCredentials => ({
  kind: 'secret',
  clientId,
  secret,
});
const keyOf = (privateKey: string | object, keyId?: string) =>
  ({ kind: 'key', clientId: 'gateway', secret: 'x', privateKey, keyId }) as ClientCredentials;
const assertionBy = (algorithm?: Algorithm): ClientAuthentication => ({
  method: 'private_key_jwt',
  audience: AUDIENCE,
  algorithm,
});

/** Base64 and form decoding by hand: what a server does that knows RFC 6749, appendix B. */
function decodeBasic(header = ''): string[] {
  expect(header).toMatch(/^Basic [A-Za-z0-9+/]+=*$/);
  return Buffer.from(header.slice(6), 'base64')
    .toString('latin1')
    .split(':')
    .map((part) => decodeURIComponent(part.replace(/\+/g, ' ')));
}

describe('authenticate by client_secret_basic', () => {
  const header = async (id: string, secret: string, encoding: 'form' | 'raw' = 'form') =>
    (await authenticate(secretOf(id, secret), { ...BASIC, encoding }, NOW)).headers[
      'authorization'
    ];

  it('client_secret_basic encodes id and secret as a form: colons, signs, spaces and accents', async () => {
    const encoded = Buffer.from('g%3Aw%25+%2B%2F%C3%A9:s%3Ae%25c+%2B%2F%C3%A9%26%3D').toString(
      'base64',
    );

    expect(await header('g:w% +/é', 's:e%c +/é&=')).toBe(`Basic ${encoded}`);
  });

  it('credentials of client_secret_basic can be decoded by any decoder', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.string({
        unit: fc.constantFrom(':', '%', '+', '/', 'é', ' ', '%3A', '*', '~'),
        minLength: 1,
      }),
    );

    await fc.assert(
      fc.asyncProperty(text, text, async (id, secret) => {
        const wellFormed = [id, secret].map((part) => Buffer.from(part).toString());
        expect(decodeBasic(await header(id, secret))).toEqual(wellFormed);
      }),
    );
  });

  it('client_secret_basic leaves id and secret as they are for a server with raw encoding', async () => {
    const raw = Buffer.from('g%w +/é:s:e%c +/é').toString('base64');

    expect(await header('g%w +/é', 's:e%c +/é', 'raw')).toBe(`Basic ${raw}`);
  });

  it('client_secret_basic is the same with either encoding for letters, digits and the like', async () => {
    expect(await header('gate-way_1.x', 'aZ09-._*', 'raw')).toBe(
      await header('gate-way_1.x', 'aZ09-._*'),
    );
  });
});

describe('authenticate', () => {
  it('puts id and secret among the parameters for client_secret_post', async () => {
    expect(
      await authenticate(secretOf('g:w', 's e&c'), { method: 'client_secret_post' }, NOW),
    ).toEqual({ headers: {}, parameters: { client_id: 'g:w', client_secret: 's e&c' } });
  });

  it('sends the bearer token in the header for bearer, and nothing for the method none', async () => {
    const bearer = { kind: 'bearer', clientId: '', secret: 'pat' } as const;
    const none = { kind: 'none', clientId: '', secret: 'cache-key' } as const;

    expect(await authenticate(bearer, { method: 'bearer' }, NOW)).toEqual({
      headers: { authorization: 'Bearer pat' },
      parameters: {},
    });
    expect(await authenticate(none, { method: 'none' }, NOW)).toEqual({
      headers: {},
      parameters: {},
    });
  });

  it('sends the client_id for tls_client_auth, and nothing of the key', async () => {
    const certificate = { kind: 'certificate', certificate: 'CERT', privateKey: 'KEY' } as const;
    const credentials = { ...certificate, clientId: 'gateway', secret: 'KEY' };

    expect(await authenticate(credentials, { method: 'tls_client_auth' }, NOW)).toEqual({
      headers: {},
      parameters: { client_id: 'gateway' },
    });
  });
});

describe('authenticate by private_key_jwt', () => {
  const rsa = rsaKey();
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ed = generateKeyPairSync('ed25519');
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
  type Pair = { privateKey: KeyObject; publicKey: KeyObject };
  const pem = (type: 'pkcs8' | 'pkcs1' | 'sec1', { privateKey }: Pair) =>
    String(privateKey.export({ type: type as 'pkcs8', format: 'pem' }));
  const jwk = ({ privateKey }: Pair) => privateKey.export({ format: 'jwk' });

  /** What a server finds in the assertion that verifies it at the time. */
  async function verified(
    credentials: ClientCredentials,
    algorithm: Algorithm | undefined,
    pair: Pair,
  ) {
    const { headers, parameters } = await authenticate(
      credentials,
      assertionBy(algorithm),
      NOW + 0.9,
    );
    const { client_assertion: jwt = '', ...others } = parameters;
    expect(headers).toEqual({});
    expect(others).toEqual({
      client_id: 'gateway',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
    return jwtVerify(jwt, pair.publicKey, {
      audience: AUDIENCE,
      issuer: 'gateway',
      subject: 'gateway',
      currentDate: new Date(NOW * 1000),
      requiredClaims: ['jti', 'iat', 'exp'],
    });
  }

  it.each<[string, Algorithm | undefined, string, Pair, string | object]>([
    ['PKCS #8', 'PS256', 'PS256', rsa, pem('pkcs8', rsa)],
    ['PKCS #8', 'RS256', 'RS256', rsa, pem('pkcs8', rsa)],
    ['PKCS #8', 'ES256', 'ES256', ec, pem('pkcs8', ec)],
    ['PKCS #8', 'EdDSA', 'EdDSA', ed, pem('pkcs8', ed)],
    ['PKCS #1', 'PS256', 'PS256', rsa, pem('pkcs1', rsa)],
    ['SEC 1', 'ES256', 'ES256', ec, pem('sec1', ec)],
    ['JWK', 'PS256', 'PS256', rsa, jwk(rsa)],
    ['JWK', 'ES256', 'ES256', ec, jwk(ec)],
    ['JWK', 'EdDSA', 'EdDSA', ed, jwk(ed)],
    ['PKCS #8, by its kind', undefined, 'RS256', rsa, pem('pkcs8', rsa)],
    ['PKCS #8, by its kind', undefined, 'ES256', ec, pem('pkcs8', ec)],
    ['PKCS #8, by its kind', undefined, 'EdDSA', ed, pem('pkcs8', ed)],
    ['JWK, by its own alg', undefined, 'PS256', rsa, { ...jwk(rsa), alg: 'PS256' }],
    ['JWK, by ours before its own', 'RS256', 'RS256', rsa, { ...jwk(rsa), alg: 'PS256' }],
  ])(
    'private_key_jwt with a key in %s, and %s as the configured algorithm, signs by %s',
    async (_, algorithm, expected, pair, key) => {
      const { payload, protectedHeader } = await verified(keyOf(key), algorithm, pair);

      expect(protectedHeader).toEqual({ alg: expected, typ: 'JWT' });
      expect(payload).toEqual({
        iss: 'gateway',
        sub: 'gateway',
        aud: AUDIENCE,
        iat: NOW,
        exp: NOW + 60,
        jti: expect.stringMatching(/^[\w-]{20,}$/),
      });
    },
  );

  it('private_key_jwt gives every assertion an id of its own', async () => {
    const credentials = keyOf(pem('pkcs8', ec));
    const all = await Promise.all(
      Array.from({ length: 20 }, () => verified(credentials, 'ES256', ec)),
    );

    expect(new Set(all.map(({ payload }) => payload.jti)).size).toBe(20);
  });

  it('private_key_jwt names the key if it has an id', async () => {
    const { parameters } = await authenticate(keyOf(jwk(ec), 'k1'), assertionBy('ES256'), NOW);

    expect(decodeProtectedHeader(parameters['client_assertion'] ?? '')).toMatchObject({
      kid: 'k1',
    });
  });

  it.each<[string, { key: unknown; algorithm?: Algorithm }]>([
    ['is not a key', { key: 'Sesame-7f3a' }],
    ['is cut off', { key: pem('pkcs8', rsa).slice(0, 200) }],
    ['is a public key', { key: ec.publicKey.export({ type: 'spki', format: 'pem' }) }],
    ['is a public JWK', { key: ec.publicKey.export({ format: 'jwk' }) }],
    ['is a symmetric JWK', { key: { kty: 'oct', k: 'U2VzYW1lLTdmM2E' } }],
    ['is a malformed JWK', { key: { kty: 'EC', d: 'Sesame-7f3a' } }],
    ['is a list', { key: ['Sesame-7f3a'] }],
    ['wants to be symmetric', { key: { ...jwk(ec), alg: 'HS256' } }],
    ['wants to sign nothing', { key: { ...jwk(ec), alg: 'none' } }],
    ['is of another kind than the algorithm', { key: pem('pkcs8', ec), algorithm: 'RS256' }],
    ['is too short', { key: pem('pkcs8', short), algorithm: 'RS256' }],
    [
      'wants a passphrase',
      {
        key: ec.privateKey.export({
          type: 'pkcs8',
          format: 'pem',
          cipher: 'aes256',
          passphrase: 'x',
        }),
      },
    ],
  ])(
    'private_key_jwt is a fault that quotes nothing if the key %s',
    async (_, { key, algorithm }) => {
      const credentials = keyOf(key as string);
      const fault = await authenticate(credentials, assertionBy(algorithm), NOW).catch((e) => e);

      expect(fault).toEqual(faultWith('credentials_invalid', 'the private key cannot sign ('));
      expect(fault.cause).toBeUndefined();
      expect(`${fault}${JSON.stringify(fault)}`).not.toMatch(/Sesame|U2VzYW1l|PRIVATE|BEGIN/);
    },
  );

  it('client authentication is a fault if the secret was read for another method', async () => {
    await expect(authenticate(secretOf('gateway', 's'), assertionBy('ES256'), NOW)).rejects.toEqual(
      faultWith('credentials_invalid'),
    );
  });
});
