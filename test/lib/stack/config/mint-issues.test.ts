import { configFaults, loadedConfig } from '../../../support/config-faults';

const MINT = { issuer: 'https://api.example.com', audience: 'orders' };
const SERVER = { issuer: 'https://login.example.com', jwksUri: 'https://login.example.com/jwks' };
const json = (mint: object = {}, more: object = {}) => ({
  introspection: { response: 'json' },
  token: { mint: { ...MINT, ...mint } },
  ...more,
});

describe('minting in a deployment config', () => {
  it('accepts the responses that have no phantom token, with the minimum of keys', () => {
    expect(loadedConfig(json()).token.mint).toEqual({
      issuer: 'https://api.example.com',
      audience: ['orders'],
      claims: {},
      key: 'secret',
      algorithm: 'ES256',
    });
    const signed = { introspection: { response: 'signed' }, token: { ...SERVER, mint: MINT } };
    expect(() => loadedConfig(signed)).not.toThrow();
  });

  it.each(['json', 'signed'])('reports %s responses without minting', (response) => {
    expect(configFaults({ introspection: { response }, token: SERVER })).toEqual([
      `token.mint: is required, since no response is a phantom token, got: "${response}" as introspection.response`,
    ]);
  });

  it.each([['jwt'], [{ member: 'jwt' }]])('reports minting for the response %j', (response) => {
    expect(configFaults({ introspection: { response }, token: { mint: MINT } })).toEqual([
      'token.mint: must be combined with "json" or "signed" as introspection.response, got: ' +
        JSON.stringify(response),
    ]);
  });

  it('reports routes in place of which the key set is served', () => {
    const routes = [
      { method: 'GET', path: '/orders' },
      { method: 'GET', path: '/.well-known/jwks.json' },
      { method: 'POST', path: '/.well-known/jwks.json' },
      { method: 'ANY', path: '/.well-known/oauth-authorization-server' },
    ];

    expect(configFaults(json({}, { api: { routes } }))).toEqual([
      'api.routes[1]: conflicts with token.mint, whose key set is served at this path',
      'api.routes[3]: conflicts with token.mint, whose key set is served at this path',
    ]);
  });

  it('reports what is missing to verify signed responses', () => {
    const introspection = { response: 'signed', clientAuthentication: 'none' };

    expect(configFaults({ introspection, token: { mint: MINT } })).toEqual([
      'token.issuer: is required to verify signed responses',
      'token.jwksUri: is required to verify signed responses',
      'introspection.clientAuthentication: must name a client, to which signed responses are addressed, got: "none"',
    ]);
    const bearer = { response: 'signed', clientAuthentication: { method: 'bearer' } };
    expect(configFaults({ introspection: bearer, token: { ...SERVER, mint: MINT } })).toEqual([
      expect.stringMatching(/^introspection\.clientAuthentication: .*got: "bearer"$/),
    ]);
  });

  it('reports a lifetime that the caches outlive, at its limit', () => {
    const rule =
      'token.mint.lifetimeSeconds: must be at least cache.maxTtlSeconds + cache.authorizerResultTtlSeconds + 60, ' +
      'so that no cache outlives a minted token';

    expect(configFaults(json({ lifetimeSeconds: 419 }))).toEqual([`${rule}: 420, got: 419`]);
    // The result cache is off.
    const bound = (lifetimeSeconds: number) => {
      const { introspection, token } = json({ lifetimeSeconds });
      const api = { publicUrls: ['https://api.example.com'] };
      return { introspection, token: { ...token, senderConstraint: 'accept' }, api };
    };
    expect(configFaults(bound(359))).toEqual([`${rule}: 360, got: 359`]);
    expect(() => loadedConfig(bound(360))).not.toThrow();
    expect(() => loadedConfig(json({ lifetimeSeconds: 420 }))).not.toThrow();
    const cache = { maxTtlSeconds: 0.5, authorizerResultTtlSeconds: 0 };
    expect(configFaults(json({ lifetimeSeconds: 60 }, { cache }))).toEqual([
      `${rule}: 61, got: 60`,
    ]);
    expect(() => loadedConfig(json({ lifetimeSeconds: 61 }, { cache }))).not.toThrow();
  });

  it.each<[object, string]>([
    [{ issuer: 'http://api.example.com' }, 'token.mint.issuer: must be an https: URL'],
    [
      { issuer: 'https://api.example.com?x' },
      'token.mint.issuer: must not have a query or fragment',
    ],
    [{ issuer: undefined }, 'token.mint.issuer: is required'],
    [{ audience: [] }, 'token.mint.audience: must be a non-empty string or a non-empty list'],
    [
      { algorithm: 'HS256' },
      'token.mint.algorithm: must be one of "ES256", "EdDSA", "PS256", "RS256"',
    ],
    [{ key: 'file' }, 'token.mint.key: must be one of "secret", "kms"'],
    [
      { lifetimeSeconds: 172_801 },
      'token.mint.lifetimeSeconds: must be a whole number from 1 to 172800',
    ],
    [{ rotationDays: 1 }, 'token.mint.rotationDays: must be a whole number from 4 to 1000'],
    [
      { claims: { iss: 'ext.iss' } },
      'token.mint.claims.iss: must not be a claim that the authorizer sets',
    ],
    [
      { claims: { exp: 'ext.exp' } },
      'token.mint.claims.exp: must not be a claim that the authorizer sets',
    ],
    [{ claims: { own: 'cnf.jkt' } }, 'token.mint.claims.own: must be the path of a member'],
    [{ claims: { own: 'iss' } }, 'token.mint.claims.own: must be the path of a member'],
    [{ key: 'kms', algorithm: 'RS256' }, 'token.mint.algorithm: must be ES256 with the key in KMS'],
    [
      { key: 'kms', rotationDays: 30 },
      'token.mint.rotationDays: must not be set with the key in KMS',
    ],
  ])('reports the faulty minting %j', (mint, message) => {
    const faults = configFaults(json(mint));

    expect(faults).toEqual([expect.stringContaining(message)]);
  });

  it('reports untyped responses that are to be refused, where every response is a JWT', () => {
    expect(configFaults({ token: { untyped: 'refuse' } })).toEqual([
      'token.untyped: must not be "refuse" if introspection.response is a JWT, which has no token_type, got: "jwt"',
    ]);
    const member = { introspection: { response: { member: 'jwt' } }, token: { untyped: 'refuse' } };
    expect(() => loadedConfig(member)).not.toThrow();
  });
});
