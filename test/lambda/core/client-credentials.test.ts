import fc from 'fast-check';
import {
  type ClientAuthentication,
  isCacheKeyWeak,
  parseClientCredentials,
} from '../../../lambda/core/client-credentials';
import { faultWith, thrownBy } from '../../support/faults';

type Method = ClientAuthentication['method'];
const METHODS: readonly Method[] = [
  ...(['client_secret_basic', 'client_secret_post'] as const),
  ...(['private_key_jwt', 'tls_client_auth'] as const),
];
const parse = (secret: unknown, method: Method) =>
  parseClientCredentials(typeof secret === 'string' ? secret : JSON.stringify(secret), method);
const faultOf = (secret: unknown, method: Method) => thrownBy(() => parse(secret, method));

describe('parseClientCredentials', () => {
  it.each(['client_secret_basic', 'client_secret_post'] as const)(
    'reads client id and secret for %s, and ignores other members',
    (method) => {
      expect(parse({ client_id: 'gw', client_secret: 's', username: 'x' }, method)).toEqual({
        kind: 'secret',
        clientId: 'gw',
        secret: 's',
      });
    },
  );

  it.each(METHODS)('reads cache_key in addition to the members for %s', (method) => {
    const members = { client_id: 'gw', client_secret: 's', private_key: 'K', certificate: 'C' };
    const cacheKey = 'k'.repeat(32);

    expect(parse({ ...members, cache_key: cacheKey }, method)).toEqual({
      ...parse(members, method),
      cacheKey,
    });
    for (const short of ['k'.repeat(31), '', 7, null]) {
      expect(faultOf({ ...members, cache_key: short }, method)).toEqual(
        faultWith('credentials_invalid', 'cache_key must be a string of at least 32 characters'),
      );
    }
  });

  it.each(['ory_pat_1-2._~+/', 'a=', 'a=='])(
    'reads the token %s for bearer, which names no client',
    (secret) => {
      expect(parse({ bearer_token: secret }, 'bearer')).toEqual({
        kind: 'bearer',
        clientId: '',
        secret,
      });
    },
  );

  it('reads only cache_key for the method none', () => {
    const cacheKey = 'k'.repeat(32);

    expect(parse({ cache_key: cacheKey }, 'none')).toEqual({
      kind: 'none',
      clientId: '',
      secret: cacheKey,
      cacheKey,
    });
  });

  it.each(['a b', 'a\r\nx: y', 'ä', '=', 'a=b'])(
    'rejects the bearer token %j, which is not safe in a header',
    (token) => {
      const error = thrownBy(() => parse({ bearer_token: token }, 'bearer'));

      expect(error).toEqual(
        faultWith('credentials_invalid', 'bearer_token must be a bearer token'),
      );
    },
  );

  it('reads id, certificate and key for tls_client_auth', () => {
    const secret = { client_id: 'gw', certificate: 'CERT', private_key: 'KEY' };

    expect(parse(secret, 'tls_client_auth')).toEqual({
      kind: 'certificate',
      clientId: 'gw',
      secret: 'KEY',
      certificate: 'CERT',
      privateKey: 'KEY',
    });
  });

  it('reads a PEM key for private_key_jwt, with its id if there is one', () => {
    const read = { kind: 'key', clientId: 'gw', secret: 'PEM', privateKey: 'PEM' };

    expect(parse({ client_id: 'gw', private_key: 'PEM', key_id: 'k1' }, 'private_key_jwt')).toEqual(
      { ...read, keyId: 'k1' },
    );
    expect(parse({ client_id: 'gw', private_key: 'PEM' }, 'private_key_jwt')).toEqual({
      ...read,
      keyId: undefined,
    });
  });

  it('reads a JWK for private_key_jwt, whose own id precedes', () => {
    const jwk = { kty: 'EC', d: 'x', kid: 'own' };
    const read = (private_key: unknown) =>
      parse({ client_id: 'gw', private_key, key_id: 'k1' }, 'private_key_jwt');

    expect(read(jwk)).toEqual({
      kind: 'key',
      clientId: 'gw',
      secret: JSON.stringify(jwk),
      privateKey: jwk,
      keyId: 'own',
    });
    expect(read({ kty: 'EC', d: 'x' })).toMatchObject({ keyId: 'k1' });
  });

  it.each([7, null, ['k1'], {}])('ignores the key id %j, which is not a string', (id) => {
    const read = (secret: object) =>
      parse({ client_id: 'gw', ...secret }, 'private_key_jwt') as { keyId?: unknown };

    expect(read({ private_key: 'PEM', key_id: id }).keyId).toBeUndefined();
    expect(read({ private_key: { kty: 'EC', d: 'x', kid: id } }).keyId).toBeUndefined();
  });

  it.each<[Method, object, string]>([
    ['client_secret_basic', {}, 'client_id and client_secret'],
    ['client_secret_basic', { client_id: 'gw' }, 'client_secret'],
    ['client_secret_basic', { client_id: 'gw', client_secret: '' }, 'client_secret'],
    ['client_secret_basic', { clientId: 'gw', client_secret: 's' }, 'client_id'],
    ['client_secret_post', { client_secret: 's' }, 'client_id'],
    ['private_key_jwt', {}, 'client_id and private_key'],
    ['private_key_jwt', { private_key: { kty: 'EC' } }, 'client_id'],
    ['private_key_jwt', { client_id: 'gw', private_key: null }, 'private_key'],
    ['private_key_jwt', { client_id: 'gw', client_secret: 's' }, 'private_key'],
    ['tls_client_auth', {}, 'client_id and private_key and certificate'],
    ['bearer', { client_id: 'gw', client_secret: 's' }, 'bearer_token'],
    ['none', {}, 'cache_key'],
    ['tls_client_auth', { client_id: 'gw', private_key: 'KEY' }, 'certificate'],
  ])('the error for %s names the members that are missing in %j', (method, secret, missing) => {
    const fault = faultOf(secret, method);

    expect(fault).toEqual(faultWith('credentials_invalid', 'the secret lacks '));
    expect(String(fault)).toMatch(new RegExp(`lacks ${missing}$`));
  });

  it.each<[Method, object, string]>(
    [
      ['client_secret_basic', { client_id: 'gw', client_secret: 7 }, 'client_secret', 'number'],
      ['client_secret_post', { client_id: ['gw'], client_secret: 's' }, 'client_id', 'array'],
      ['client_secret_post', { client_id: 1.5, client_secret: 's' }, 'client_id', 'number'],
      [
        'tls_client_auth',
        { client_id: 'gw', certificate: 'CERT', private_key: {} },
        'private_key',
        'object',
      ],
    ].map(([method, secret, member, type]) => [
      method as Method,
      secret as object,
      `${member} must be a string, got: ${type}`,
    ]),
  )('the error for %s names the member of another type in %j', (method, secret, problem) => {
    expect(faultOf(secret, method)).toEqual(faultWith('credentials_invalid', problem));
  });

  it('accepts a numeric client_id, and a line break at the end of a value', () => {
    expect(parse({ client_id: 4711, client_secret: 's\n' }, 'client_secret_post')).toMatchObject({
      clientId: '4711',
      secret: 's',
    });
  });

  it.each(['', 'Sesame-7f3a"{', '"Sesame-7f3a"', 'null', '["gateway","Sesame-7f3a"]', '7'])(
    'rejects %j, which is not a JSON object, for every method',
    (text) => {
      for (const method of METHODS) {
        expect(faultOf(text, method)).toEqual(
          faultWith('credentials_invalid', 'the secret is not a JSON object'),
        );
      }
    },
  );

  it('the error of a malformed secret quotes nothing of it', () => {
    const names = ['client_id', 'client_secret', 'private_key', 'certificate', 'Sesame-7f3a'];
    const value = fc.constantFrom('Sesame-7f3a', '', 7, null, ['Sesame-7f3a'], {
      a: 'Sesame-7f3a',
    });
    const secret = fc.oneof(
      fc.dictionary(fc.constantFrom(...names), value).map((members) => JSON.stringify(members)),
      fc.string().map((text) => `Sesame-7f3a${text}`),
    );

    fc.assert(
      fc.property(secret, fc.constantFrom(...METHODS), (text, method) => {
        try {
          parse(text, method);
        } catch (error) {
          expect(error).toEqual(faultWith('credentials_invalid'));
          expect((error as Error).cause).toBeUndefined();
          expect(JSON.stringify([error, String(error)])).not.toContain('Sesame');
        }
      }),
    );
  });
});

describe('isCacheKeyWeak', () => {
  const credentials = (length: number, cacheKey?: string) =>
    parse(
      { client_id: 'gw', client_secret: 's'.repeat(length), cache_key: cacheKey },
      'client_secret_basic',
    );

  it.each([
    [31, true],
    [32, false],
    [33, false],
  ])('a client secret of %d characters is a weak key of the token cache: %j', (length, weak) => {
    expect(isCacheKeyWeak(credentials(length))).toBe(weak);
  });

  it('a cache_key is the key of the token cache, however short the client secret is', () => {
    expect(isCacheKeyWeak(credentials(1, 'k'.repeat(32)))).toBe(false);
  });
});
