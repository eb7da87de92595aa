import { clientAuthentication } from '../../../lambda/core/config-values';

const read = (value: unknown) => clientAuthentication(JSON.stringify(value));

describe('clientAuthentication', () => {
  it.each<[object, object]>([
    [{ method: 'client_secret_basic' }, { method: 'client_secret_basic', encoding: 'form' }],
    [
      { method: 'client_secret_basic', encoding: 'raw' },
      { method: 'client_secret_basic', encoding: 'raw' },
    ],
    [{ method: 'client_secret_post' }, { method: 'client_secret_post' }],
    [{ method: 'tls_client_auth' }, { method: 'tls_client_auth' }],
    [{ method: 'bearer' }, { method: 'bearer' }],
    [{ method: 'none' }, { method: 'none' }],
    [
      { method: 'private_key_jwt', audience: 'https://login.example.com' },
      { method: 'private_key_jwt', audience: 'https://login.example.com', algorithm: undefined },
    ],
    ...['PS256', 'ES256', 'RS256', 'EdDSA'].map((algorithm) => {
      const value = { method: 'private_key_jwt', audience: 'a', algorithm };
      return [value, value] as [object, object];
    }),
  ])('reads the client authentication %j', (value, expected) => {
    expect(read(value)).toEqual(expected);
  });

  it.each([
    {},
    [],
    null,
    'client_secret_basic',
    { method: 'digest' },
    { method: 'client_secret_jwt' },
    { method: 'constructor' },
    { method: ['client_secret_post'] },
    { method: 'client_secret_basic', encoding: 'url' },
    { method: 'client_secret_basic', encoding: 1 },
    { method: 'private_key_jwt' },
    { method: 'private_key_jwt', audience: '' },
    { method: 'private_key_jwt', audience: ['a'] },
    { method: 'private_key_jwt', audience: 'a', algorithm: 'none' },
    { method: 'private_key_jwt', audience: 'a', algorithm: 'HS256' },
    { method: 'private_key_jwt', audience: 'a', algorithm: 'es256' },
    { method: 'private_key_jwt', audience: 'a', algorithm: null },
  ])('refuses the client authentication %j', (value) => {
    expect(read(value)).toBeUndefined();
  });
});
