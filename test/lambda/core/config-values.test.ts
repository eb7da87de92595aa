import {
  boolean,
  cacheControl,
  certificates,
  clientAuthentication,
  mediaType,
  nonEmpty,
  positive,
  seconds,
  secureUrl,
  senderConstraint,
  someStrings,
  stringMap,
  untyped,
  usageIdentifierClaim,
} from '../../../lambda/core/config-values';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----';

describe('the parsers of environment variables', () => {
  it.each<[string, (text: string) => unknown, string, unknown]>([
    ['nonEmpty', nonEmpty, ' ', ' '],
    ['seconds', seconds, '0', 0],
    ['seconds', seconds, '12.25', 12.25],
    ['positive', positive, '0.5', 0.5],
    ['boolean', boolean, 'true', true],
    ['boolean', boolean, 'false', false],
    ['mediaType', mediaType, 'application/vnd.x-1.y+jwt', 'application/vnd.x-1.y+jwt'],
    ['cacheControl', cacheControl, 'respect', 'respect'],
    ['cacheControl', cacheControl, 'ignore', 'ignore'],
    ['certificates', certificates, CERTIFICATE, CERTIFICATE],
    ['secureUrl', secureUrl, 'https://a.example.com/i', new URL('https://a.example.com/i')],
    ['secureUrl', secureUrl, 'http://127.0.0.1:8080/i', new URL('http://127.0.0.1:8080/i')],
    ['secureUrl', secureUrl, 'http://localhost/i', new URL('http://localhost/i')],
    ['secureUrl', secureUrl, 'http://[::1]:1/i', new URL('http://[::1]:1/i')],
    ['someStrings', someStrings, '["a","b"]', ['a', 'b']],
    ['stringMap', stringMap, '{}', {}],
    ['stringMap', stringMap, '{"a":"","b":"c"}', { a: '', b: 'c' }],
    ['untyped', untyped, 'accept', 'accept'],
    ['untyped', untyped, 'refuse', 'refuse'],
    ['senderConstraint', senderConstraint, 'refuse', 'refuse'],
    ['senderConstraint', senderConstraint, 'accept', 'accept'],
    ['senderConstraint', senderConstraint, 'require', 'require'],
    ['usageIdentifierClaim', usageIdentifierClaim, 'sub', 'sub'],
    ['usageIdentifierClaim', usageIdentifierClaim, 'client_id', 'client_id'],
  ])('the parser %s returns the value of a valid one (%#)', (...[, parse, text, value]) => {
    expect(parse(text)).toEqual(value);
  });

  it.each<[string, (text: string) => unknown, readonly string[]]>([
    ['nonEmpty', nonEmpty, ['']],
    ['seconds', seconds, ['', '-1', '+1', '1.', '.5', '1.x', 'x1', '1s', '1e3', '1.2.3', ' 1']],
    ['positive', positive, ['', '0', '0.0', '-1', '1s']],
    ['boolean', boolean, ['', 'yes', 'True', '1']],
    ['mediaType', mediaType, ['', '*/*', 'jwt', '/jwt', 'application/', 'a/b, c/d', 'a/b;q=1']],
    ['mediaType', mediaType, [' a/b', 'a/b\r\nx: y']],
    ['cacheControl', cacheControl, ['', 'Respect', 'ignored']],
    ['certificates', certificates, ['', './ca.pem', '-----BEGIN PRIVATE KEY-----']],
    ['secureUrl', secureUrl, ['', 'a.example.com', 'ftp://a.example.com', 'http://a.example.com']],
    ['secureUrl', secureUrl, ['http://127.0.0.1.example.com', 'ftp://localhost', 'ws://localhost']],
    ['secureUrl', secureUrl, ['https://user@a.example.com', 'https://:secret@a.example.com']],
    ['someStrings', someStrings, ['', '[]', '[1]', '["a",1]', '"a"', '{"length":1}', 'a']],
    ['stringMap', stringMap, ['', '[]', 'null', '{"a":1}', '{"a":"b","c":null}', 'a=b']],
    ['untyped', untyped, ['', 'require', 'Accept']],
    ['senderConstraint', senderConstraint, ['', 'allow', 'Refuse']],
    ['usageIdentifierClaim', usageIdentifierClaim, ['', 'aud', 'Sub', 'clientId']],
  ])('the parser %s returns undefined for invalid values (%#)', (...[, parse, texts]) => {
    for (const text of texts) expect([text, parse(text)]).toEqual([text, undefined]);
  });
});

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
