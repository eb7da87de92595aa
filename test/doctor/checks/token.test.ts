import { checkToken } from '../../../doctor/checks/token';
import { authorizerSettings } from '../../../doctor/settings';
import type { Introspection } from '../../../lambda/core/introspection-response';
import { deploymentConfigSchema } from '../../../lib/stack/config/schema';
import { type ConfigParts, configFile } from '../../support/synthesize';
import { AUDIENCE, facts, ISSUER, jws, NOW } from '../../support/tokens';

/** Checks an active token with the given claims. */
function check(parts: ConfigParts, claims: Parameters<typeof facts>[0], jwt = jws({ sub: 'a' })) {
  const freshness = { cacheControl: undefined, age: undefined };
  return findings(parts, { facts: facts({ exp: NOW + 600, ...claims }, jwt), freshness });
}

function findings(parts: ConfigParts, introspection: Introspection) {
  const config = deploymentConfigSchema({ local: false }).parse(configFile(parts));
  return checkToken(introspection, { config, settings: authorizerSettings(config), now: NOW });
}

const ROUTES = {
  routes: [
    { method: 'GET', path: '/orders' },
    { method: 'POST', path: '/orders', scopes: [['orders:write'], ['admin']] },
    { method: 'GET', path: '/health', public: true },
  ],
};

test('each protected route is decided, and public ones are not counted', () => {
  const [routes] = check({ api: { ...ROUTES, scopes: ['read'] } }, { scopes: ['read'] });

  expect(routes).toEqual({
    status: 'info',
    message:
      'the token may call 1 of 2 protected routes; POST /orders needs read orders:write or read admin',
  });
});

test('a token with every scope can call every route, on both kinds of APIs', () => {
  for (const type of ['REST', 'HTTP']) {
    expect(check({ api: { ...ROUTES, type } }, { scopes: ['admin'] })[0]).toEqual({
      status: 'ok',
      message: 'the token may call every protected route (2)',
    });
  }
});

test('the lifetimes and the size of a token are reported', () => {
  const messages = check({}, {}).map(({ message }) => message);

  expect(messages).toContain('it expires in 600 s');
  expect(messages).toContain('it is cached for 300 s at most');
  expect(messages.join()).toMatch(/the authorizer result has \d+ of at most 8192 bytes/);
});

test('a JWT without exp, and one near the limit of its size, are warnings', () => {
  const large = jws({ sub: 'x'.repeat(5500) });

  expect(check({}, { exp: undefined })).toContainEqual(
    expect.objectContaining({ status: 'warn', message: 'the JWT has no claim exp' }),
  );
  expect(check({}, {}, large)).toContainEqual(
    expect.objectContaining({ status: 'warn', message: expect.stringContaining('of at most') }),
  );
});

test.each<[string, ConfigParts, Parameters<typeof facts>[0], string, RegExp]>([
  [
    'another issuer',
    { token: { issuer: `${ISSUER}/` } },
    { iss: ISSUER },
    `issuer_mismatch: got ${ISSUER}, expected ${ISSUER}/`,
    /token\.issuer/,
  ],
  ['an expired token', {}, { exp: NOW - 1 }, `token_expired: got ${NOW - 1}, expected`, /clocks/],
  ['a token for later', {}, { nbf: NOW + 900 }, 'token_not_yet_valid: got', /notBeforeTolerance/],
  [
    'a refresh token',
    {},
    { otherKind: 'token_type: Refresh' },
    'token_not_access_token: got token_type: Refresh',
    /access token/,
  ],
  ['a bound token', {}, { senderConstrained: true }, 'token_sender_constrained', /cnf/],
])('%s is a fault with both sides of the check and the key', (_title, parts, claims, text, key) => {
  const [finding, ...others] = check(parts, claims);

  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    status: 'fault',
    message: expect.stringContaining(text),
    advice: expect.stringMatching(key),
  });
});

test('an audience that names the client or user is masked', () => {
  const claims = { aud: ['shop', 'alice', AUDIENCE], sub: 'alice', clientId: 'shop' };
  const [finding] = check({ token: { audience: 'other' } }, claims);

  expect(finding?.message).toBe(
    `audience_mismatch: got (the client or user) (the client or user) ${AUDIENCE}, expected other`,
  );
});

test('received audiences are left out where logs must not name identities', () => {
  const parts = { token: { audience: 'other' }, operations: { logIdentities: false } };

  expect(check(parts, {})[0]?.message).toBe('audience_mismatch: got (not shown), expected other');
});

test('the advice for an inactive token of Keycloak is to compare host names', () => {
  const endpoint = 'http://127.0.0.1:8180/realms/shop/protocol/openid-connect/token/introspect';
  const parts = {
    introspection: { endpoint: endpoint.replace('http:', 'https:') },
    token: { issuer: 'https://login.example.com/realms/shop' },
  };
  const freshness = { cacheControl: undefined, age: undefined };
  const [finding] = findings(parts, { invalid: 'token_inactive', freshness });

  expect(finding?.advice).toMatch(/another host name than 127\.0\.0\.1:8180: set its option host/);
});
