import type { Claims } from '../../../lambda/core/claims';
import {
  type Decision,
  type DenialReason,
  decide,
  type Requirements,
} from '../../../lambda/core/decision';
import { AUDIENCE, facts, ISSUER, NOW } from '../../support/tokens';

const NONE: Requirements = {
  issuer: undefined,
  audience: [],
  scopes: [[]],
  notBeforeToleranceSeconds: 60,
};
const ALL: Requirements = { ...NONE, issuer: ISSUER, audience: [AUDIENCE], scopes: [['read']] };

const decided = (claims: Partial<Claims>, requirements: Partial<Requirements> = {}): Decision =>
  decide({ facts: facts(claims) }, { ...ALL, ...requirements }, NOW);
/** A denial for what is known without a comparison. */
const denied = (reason: DenialReason) => ({ outcome: 'unauthorized', reason });
/** A denial by comparison. */
const mismatch = (reason: DenialReason) => ({
  ...denied(reason),
  comparison: {
    expected: expect.any(String),
    received: expect.any(String),
    identifying: expect.any(Boolean),
  },
});

describe('decide', () => {
  it('allows a token that meets every requirement', () => {
    expect(decided({})).toEqual({ outcome: 'allow', facts: facts() });
  });

  it.each(['token_inactive', 'signature_invalid'] as const)(
    'denies a token that is known as %s, whatever is required',
    (invalid) => {
      expect(decide({ invalid }, NONE, NOW)).toEqual(denied(invalid));
      expect(decide({ invalid }, ALL, NOW)).toEqual(denied(invalid));
    },
  );

  it('allows a token until the moment of exp and not at it', () => {
    expect(decided({ exp: NOW + 0.001 }).outcome).toBe('allow');
    expect(decided({ exp: NOW })).toEqual(mismatch('token_expired'));
    expect(decided({ exp: NOW - 1 })).toEqual(mismatch('token_expired'));
    expect(decided({ exp: 0 })).toEqual(mismatch('token_expired'));
  });

  it('allows a token without exp', () => {
    expect(decided({ exp: undefined }).outcome).toBe('allow');
  });

  it.each([0, 10, 60, 0.5])(
    'allows a token with nbf up to a tolerance of %d s, and not beyond',
    (seconds) => {
      const tolerance = { notBeforeToleranceSeconds: seconds };

      expect(decided({ nbf: NOW + seconds }, tolerance).outcome).toBe('allow');
      expect(decided({ nbf: NOW + seconds + 0.001 }, tolerance)).toEqual(
        mismatch('token_not_yet_valid'),
      );
    },
  );

  it('applies no tolerance of nbf to exp', () => {
    const tolerance = { notBeforeToleranceSeconds: 600 };

    expect(decided({ exp: NOW - 0.001 }, tolerance)).toEqual(mismatch('token_expired'));
    expect(decided({ exp: NOW }, tolerance)).toEqual(mismatch('token_expired'));
  });

  it('denies a token with nbf where the tolerance is not a number', () => {
    expect(decided({ nbf: NOW }, { notBeforeToleranceSeconds: Number.NaN })).toEqual(
      mismatch('token_not_yet_valid'),
    );
  });

  it('denies a token of another kind even where nothing is required', () => {
    const refresh = { facts: facts({ otherKind: 'token_type: Refresh' }) };

    expect(decide(refresh, NONE, NOW)).toEqual(mismatch('token_not_access_token'));
  });

  it('denies a sender-constrained token even where nothing is required', () => {
    const bound = { facts: facts({ senderConstrained: true }) };

    expect(decide(bound, NONE, NOW)).toEqual(denied('token_sender_constrained'));
  });

  it.each([undefined, '', `${ISSUER}/`, ISSUER.toUpperCase(), 'https://evil.example.com'])(
    'denies a token of the issuer %j',
    (iss) => {
      expect(decided({ iss })).toEqual(mismatch('issuer_mismatch'));
    },
  );

  it('checks no issuer where none is required', () => {
    expect(decided({ iss: 'https://other.example.com' }, { issuer: undefined }).outcome).toBe(
      'allow',
    );
  });

  it.each([
    ['no audience', []],
    ['an audience that is absent', undefined],
    ['another audience', ['other']],
    ['a longer audience', [`${AUDIENCE}.evil.example`]],
  ])('denies a token with %s', (_, aud) => {
    expect(decided({ aud })).toEqual(mismatch('audience_mismatch'));
  });

  it('allows a token with one of several audiences, on both sides', () => {
    const audience = ['orders', AUDIENCE];

    expect(decided({ aud: ['other', AUDIENCE] }, { audience }).outcome).toBe('allow');
    expect(decided({ aud: ['other'] }, { audience })).toEqual(mismatch('audience_mismatch'));
    expect(decided({ aud: ['other'] }, { audience: [] }).outcome).toBe('allow');
  });

  it.each([
    ['no scope', []],
    ['scopes that are absent', undefined],
    ['one of two scopes', ['read']],
    ['a scope that begins alike', ['read', 'write2']],
    ['a scope in another case', ['read', 'Write']],
    ['both in one string', ['read write']],
  ])('forbids a token with %s if two scopes are required', (_, scopes) => {
    expect(decided({ scopes }, { scopes: [['read', 'write']] })).toEqual({
      outcome: 'forbidden',
      reason: 'insufficient_scope',
      comparison: mismatch('insufficient_scope').comparison,
      facts: facts({ scopes }),
      requiredScopes: ['read', 'write'],
    });
  });

  it.each([
    [
      ['a', 'b'],
      ['a', 'b', 'c'],
    ],
    [['a'], ['read', 'write']],
    [['read'], ['read', 'write']],
    [[], ['read', 'write']],
    [undefined, ['read', 'write']],
  ])(
    'requires of a token with scopes %j the alternative with the fewest missing',
    (scopes, required) => {
      const alternatives = [
        ['read', 'write'],
        ['admin', 'root'],
        ['a', 'b', 'c'],
      ];

      expect(decided({ scopes }, { scopes: alternatives })).toHaveProperty(
        'requiredScopes',
        required,
      );
    },
  );

  it('forbids every token, and names no scopes, if there is no alternative of required scopes', () => {
    expect(decided({ scopes: ['read'] }, { scopes: [] })).toMatchObject({
      outcome: 'forbidden',
      reason: 'insufficient_scope',
      requiredScopes: [],
    });
  });

  it.each(['mcp_version_refused', 'mcp_header_invalid', 'mcp_tool_not_configured'] as const)(
    'forbids a request that is refused as %s whatever the scopes of its token, and names no scopes',
    (reason) => {
      const comparison = { expected: 'a', received: 'b', identifying: true };

      for (const scopes of [[], ['read'], ['read', 'write']]) {
        const requirements = { scopes: [['read', 'write']], refusal: { reason, comparison } };
        expect(decided({ scopes }, requirements)).toEqual({
          ...{ outcome: 'forbidden', reason, comparison },
          facts: facts({ scopes }),
          requiredScopes: [],
        });
      }
    },
  );

  it('denies an invalid token with 401 also if its request is refused', () => {
    const comparison = { expected: 'a', received: 'b', identifying: true };
    const refusal = { reason: 'mcp_header_invalid', comparison } as const;

    expect(decided({ exp: NOW }, { refusal })).toEqual(mismatch('token_expired'));
    expect(decide({ invalid: 'token_inactive' }, { ...ALL, refusal }, NOW)).toEqual(
      denied('token_inactive'),
    );
  });

  it('allows a token with more scopes than required', () => {
    expect(decided({ scopes: ['write', 'admin', 'read'] }).outcome).toBe('allow');
    expect(decided({ scopes: [] }, { scopes: [[]] }).outcome).toBe('allow');
    expect(decided({ scopes: undefined }, { scopes: [[]] }).outcome).toBe('allow');
  });

  it('allows a token with any of several sets of scopes, but no mixture of them', () => {
    const scopes = [['admin'], ['read', 'write']];

    expect(decided({ scopes: ['admin'] }, { scopes }).outcome).toBe('allow');
    expect(decided({ scopes: ['write', 'read'] }, { scopes }).outcome).toBe('allow');
    expect(decided({ scopes: ['write'] }, { scopes }).outcome).toBe('forbidden');
    expect(decided({}, { scopes: [] }).outcome).toBe('forbidden');
  });

  it('denies an invalid token before it looks at scopes', () => {
    expect(decided({ exp: NOW, scopes: [] })).toEqual(mismatch('token_expired'));
    expect(decided({ aud: [], scopes: [] })).toEqual(mismatch('audience_mismatch'));
  });

  it('returns no facts with an unauthorized outcome', () => {
    expect(decided({ iss: 'x' })).not.toHaveProperty('facts');
  });

  it.each<[DenialReason, Partial<Claims>, string, string, boolean]>([
    ['token_expired', { exp: NOW - 5 }, `later than ${NOW}`, `${NOW - 5}`, false],
    ['token_not_yet_valid', { nbf: NOW + 61 }, `at most ${NOW + 60}`, `${NOW + 61}`, false],
    ['token_not_access_token', { otherKind: 'typ: ID' }, 'access token', 'typ: ID', false],
    ['issuer_mismatch', { iss: 'http://localhost' }, ISSUER, 'http://localhost', false],
    ['issuer_mismatch', { iss: undefined }, ISSUER, '(absent)', false],
    ['audience_mismatch', { aud: ['account', 'shop'] }, 'api or orders', 'account shop', true],
    ['audience_mismatch', { aud: undefined }, 'api or orders', '(absent)', true],
    ['insufficient_scope', { scopes: ['a', 'b'] }, 'read write or admin', 'a b', true],
    ['insufficient_scope', { scopes: [] }, 'read write or admin', '(empty)', true],
  ])('a denial as %s names the expected and the received value: %j', (reason, claims, ...sides) => {
    const [expected, received, identifying] = sides;
    const audience = reason === 'audience_mismatch' ? ['api', 'orders'] : [AUDIENCE];
    const scopes = [['read', 'write'], ['admin']];

    expect(decided(claims, { audience, scopes })).toMatchObject({
      reason,
      comparison: { expected, received, identifying },
    });
  });
});
