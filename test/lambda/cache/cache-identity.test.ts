import { cacheIdentity } from '../../../lambda/cache/cache-identity';
import { CLAIM_NAMES } from '../../../lambda/core/claims';
import type { AuthorizerConfig } from '../../../lambda/core/config';

type Config = Parameters<typeof cacheIdentity>[0];

const INTROSPECTION: AuthorizerConfig['introspection'] = {
  endpoint: new URL('https://login.example.com/introspect'),
  timeoutSeconds: 3,
  accept: 'application/jwt',
  parameters: {},
  response: { member: undefined, types: undefined },
  clientAuthentication: { method: 'client_secret_post' },
  credentialsSecretArn: 'arn:one',
  caBundle: undefined,
};
const TOKEN: AuthorizerConfig['token'] = {
  issuer: undefined,
  audience: [],
  jwksUri: undefined,
  notBeforeToleranceSeconds: 60,
  senderConstraint: 'refuse',
};
const CONFIG: Config = {
  introspection: INTROSPECTION,
  token: TOKEN,
  limits: {
    maxTtlSeconds: 300,
    inactiveTtlSeconds: 10,
    cacheControl: 'respect',
    requiredClaims: ['iss'],
  },
};
const introspection = (changes: Partial<AuthorizerConfig['introspection']>): Config => ({
  ...CONFIG,
  introspection: { ...INTROSPECTION, ...changes },
});
const limits = (changes: Partial<Config['limits']>): Config => ({
  ...CONFIG,
  limits: { ...CONFIG.limits, ...changes },
});
const jwksUri = new URL('https://login.example.com/jwks');

const mint = { lifetimeSeconds: 60 } as unknown as Config['mint'];
const minting = (issuer: string): Config => ({ ...CONFIG, mint, token: { ...TOKEN, issuer } });

describe('the cache identity', () => {
  it.each<[string, Config]>([
    ['endpoint', introspection({ endpoint: new URL('https://login.example.com/other') })],
    ['media type', introspection({ accept: 'application/json' })],
    ['parameter', introspection({ parameters: { a: 'b' } })],
    ['kind of response', introspection({ response: { member: 'jwt', types: undefined } })],
    ['token type', introspection({ response: { member: undefined, types: ['at+jwt'] } })],
    ['secret', introspection({ credentialsSecretArn: 'arn:two' })],
    ['key set', { ...CONFIG, token: { ...TOKEN, jwksUri } }],
    ['ceiling', limits({ maxTtlSeconds: 299 })],
    ['lifetime of inactive tokens', limits({ inactiveTtlSeconds: 9 })],
    ['treatment of Cache-Control', limits({ cacheControl: 'ignore' })],
    ['list of required claims', limits({ requiredClaims: ['iss', 'aud'] })],
    ['origin of phantom tokens', { ...CONFIG, mint }],
  ])('the cache identity differs for another %s', (_, other) => {
    expect(cacheIdentity(other)).not.toEqual(cacheIdentity(CONFIG));
  });

  it('the cache identity does not depend on the checks that run on every hit', () => {
    const token = {
      ...TOKEN,
      issuer: 'https://login.example.com',
      audience: ['api'],
      notBeforeToleranceSeconds: 0,
    };

    expect(cacheIdentity({ ...CONFIG, token })).toEqual(cacheIdentity(CONFIG));
  });

  it('the cache identity differs for another issuer if phantom tokens are minted', () => {
    const [one, other] = ['https://one.example.com', 'https://other.example.com'].map(minting);

    expect(cacheIdentity(one as Config)).not.toEqual(cacheIdentity(other as Config));
  });

  it('the cache identity of a configuration is the same in all versions that keep the same claims', () => {
    expect(cacheIdentity(CONFIG)).toEqual([
      'https://login.example.com/introspect',
      'application/jwt',
      '{}',
      '{}',
      '',
      'arn:one',
      '[300,10,"respect",["iss"]]',
      CLAIM_NAMES.join(' '),
    ]);
  });
});
