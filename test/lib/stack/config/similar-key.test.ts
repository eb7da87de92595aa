import { similarKey } from '../../../../lib/stack/config/similar-key';

const KNOWN = [
  'token.issuer',
  'token.jwksUri',
  'cache.maxTtlSeconds',
  'cache.inactiveTtlSeconds',
  'api.cors',
  'api.routes',
  'api.routes[].public',
];

it.each([
  ['token.isuer', 'token.issuer'],
  ['token.jwksURI', 'token.jwksUri'],
  ['cache.maxTTL', 'cache.maxTtlSeconds'],
  ['cache.inactivTtlSecond', 'cache.inactiveTtlSeconds'],
  ['api.route', 'api.routes'],
  ['api.routes[].pubic', 'api.routes[].public'],
])('the key similar to %s is %s', (unknown, meant) => {
  expect(similarKey(unknown, KNOWN)).toBe(meant);
});

it('a key of the same name in another object is suggested', () => {
  expect(similarKey('maxTtlSeconds', KNOWN)).toBe('cache.maxTtlSeconds');
  expect(similarKey('api.issuer', KNOWN)).toBe('token.issuer');
});

it.each(['api.colour', 'x', 'token.x', 'api.issuers', 'api.cors.routez', 'token.issuer'])(
  'no key is suggested for %s',
  (unknown) => {
    expect(similarKey(unknown, KNOWN)).toBeUndefined();
  },
);
