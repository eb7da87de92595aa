import type { Introspection } from '../../../lambda/core/introspection-response';
import {
  allInactiveHint,
  createOperatorHints,
  NO_EXPIRY_HINT,
  NOT_CACHED_HINT,
  UNTYPED_HINT,
  WEAK_CACHE_KEY_HINT,
} from '../../../lambda/core/operator-hints';
import { facts, jws, NOW } from '../../support/tokens';

const LIMITS = { maxTtlSeconds: 300, inactiveTtlSeconds: 10, cacheControl: 'respect' } as const;
const SERVER = {
  endpoint: new URL('https://login.example.com/introspect'),
  issuer: 'https://login.example.com/~',
};
const INACTIVE: Introspection = {
  invalid: 'token_inactive',
  freshness: { cacheControl: 'no-store', age: undefined },
};
const active = (cacheControl?: string, exp = NOW + 600): Introspection => ({
  facts: facts({ exp }),
  freshness: { cacheControl, age: undefined },
});

/** The hints after each of some answers. */
function hints(answers: readonly Introspection[], limits = {}) {
  const hintAfter = createOperatorHints({ ...LIMITS, ...limits }, SERVER);
  return answers.map((answer) => hintAfter(answer, NOW));
}
const times = (count: number, answer: Introspection) => Array<Introspection>(count).fill(answer);
const NO_HINT = undefined;

describe('operator hints', () => {
  it.each([
    [
      'every token is inactive',
      allInactiveHint(SERVER),
      /^The first 20 access tokens .* does the authorization server .* audience .*Keycloak since 26\..*ZITADEL.* Were the tokens issued .* \(login\.example\.com\)\? .* set its option hostname\.$/,
    ],
    [
      'nothing is cached',
      NOT_CACHED_HINT,
      /Cache-Control header forbids .* API Gateway's result cache .* set cache\.cacheControl to "ignore"\.$/,
    ],
    [
      'responses have no token_type',
      UNTYPED_HINT,
      /no token_type, .* refresh tokens and authorization codes .* calls its refresh tokens inactive .* set token\.untyped to "accept"\.$/,
    ],
    [
      'a phantom token has no expiry',
      NO_EXPIRY_HINT,
      /no claim exp, .* Have the authorization server add exp .* 60 seconds, unless Cache-Control says/,
    ],
    [
      'the token cache is sealed with a short secret',
      WEAK_CACHE_KEY_HINT,
      /fewer than 32 characters, .*: with one access token .* guessed offline\. Add a cache_key to the secret \(openssl rand -base64 32\)/,
    ],
  ])('the hint that %s says why, and what to do', (_, hint, text) => {
    expect(hint).toMatch(text);
  });
});

describe('the hint that every token is inactive', () => {
  it('the hint that every token is inactive is given after the twentieth, and once', () => {
    const given = hints(times(45, INACTIVE));

    expect(given.slice(0, 19)).toEqual(Array(19).fill(NO_HINT));
    expect(given[19]).toBe(allInactiveHint(SERVER));
    expect(given.slice(20)).toEqual(Array(25).fill(NO_HINT));
  });

  it('the hint that every token is inactive is not given once a token was active, early or late', () => {
    expect(hints([active(), ...times(30, INACTIVE)])).toEqual(Array(31).fill(NO_HINT));
    expect(hints([...times(19, INACTIVE), active(), ...times(30, INACTIVE)])).toEqual(
      Array(50).fill(NO_HINT),
    );
  });

  it('the hint that every token is inactive names the host of the introspection endpoint, and that of another issuer', () => {
    const hint = (issuer?: string) => allInactiveHint({ ...SERVER, issuer });

    for (const issuer of [SERVER.issuer, undefined, 'accounts', '']) {
      expect(hint(issuer)).toContain('introspected at (login.example.com)? Keycloak');
    }
    expect(hint('http://localhost:8180/realms/shop')).toContain(
      '(login.example.com; the host of token.issuer is localhost:8180)?',
    );
  });
});

describe('the hint that nothing is cached', () => {
  it.each(['no-store', 'no-cache', 'max-age=0', 'private, no-store'])(
    'the hint that nothing is cached is given for Cache-Control: %s, and once',
    (header) => {
      expect(hints(times(3, active(header)))).toEqual([NOT_CACHED_HINT, NO_HINT, NO_HINT]);
    },
  );

  it('the hint that nothing is cached is given when the first active token comes, whatever came before', () => {
    expect(hints([INACTIVE, active('max-age=1'), active('no-store')])).toEqual([
      NO_HINT,
      NO_HINT,
      NOT_CACHED_HINT,
    ]);
  });

  it.each<[string, Introspection, object]>([
    ['a result can be cached', active('max-age=1'), {}],
    ['the server sends no Cache-Control', active(), {}],
    ['the token is inactive', INACTIVE, {}],
    ['the token has expired', active('no-store', NOW), { inactiveTtlSeconds: 0 }],
    ['the operator ignores Cache-Control', active('no-store'), { cacheControl: 'ignore' }],
    ['the operator turned the caches off', active('no-store'), { maxTtlSeconds: 0 }],
  ])('the hint that nothing is cached is not given where %s', (_, answer, limits) => {
    expect(hints([answer, answer], limits)).toEqual([NO_HINT, NO_HINT]);
  });
});

describe('the hint that responses have no token_type', () => {
  const refused = (received: string): Introspection => ({
    invalid: 'token_not_access_token',
    comparison: { expected: 'a token_type', received, identifying: false },
    freshness: { cacheControl: undefined, age: undefined },
  });

  it('the hint that responses have no token_type is given for the first untyped token, and once', () => {
    const given = hints([active(), refused('(absent)'), refused('(absent)')]);

    expect(given).toEqual([NO_HINT, UNTYPED_HINT, NO_HINT]);
  });

  it.each<[string, Introspection]>([
    ['that state another kind', refused('token_type: Refresh')],
    ['whose signature is bad', { ...INACTIVE, invalid: 'signature_invalid' }],
    ['that have expired', { ...refused('(absent)'), invalid: 'token_expired' }],
  ])('the hint that responses have no token_type is not given for tokens %s', (_, answer) => {
    expect(hints([answer])).toEqual([NO_HINT]);
  });

  it('the hint that responses have no token_type does not count untyped tokens as inactive ones', () => {
    expect(hints([refused('Refresh'), ...times(30, INACTIVE)])).toEqual(Array(31).fill(NO_HINT));
  });
});

describe('the hint that a phantom token has no expiry', () => {
  const freshness = { cacheControl: undefined, age: undefined };

  it('the hint that a phantom token has no expiry is given for the first JWT without exp, and once', () => {
    const endless: Introspection = { facts: facts({ exp: undefined }), freshness };

    expect(hints([active(), endless, endless])).toEqual([NO_HINT, NO_EXPIRY_HINT, NO_HINT]);
  });

  it('the hint that a phantom token has no expiry is given if the response has exp, but not its JWT', () => {
    const own = { ...facts({ exp: NOW + 600 }), responseClaims: { exp: NOW + 600 } };

    expect(hints([{ facts: own, freshness }])).toEqual([NO_EXPIRY_HINT]);
  });

  it('the hint that a phantom token has no expiry is not given for a minted token of an access token without exp', () => {
    const minted = { ...facts({ exp: undefined }), responseClaims: {}, keyId: 'one' };

    expect(hints([{ facts: minted, freshness }])).toEqual([NO_HINT]);
  });

  it('the hint that a phantom token has no expiry is not given if the JWT in a response has exp', () => {
    const jwt = jws({ exp: NOW + 600 });
    const own = { ...facts({ exp: NOW + 600 }, jwt), responseClaims: { exp: NOW + 600 } };

    expect(hints([{ facts: own, freshness }])).toEqual([NO_HINT]);
  });
});
