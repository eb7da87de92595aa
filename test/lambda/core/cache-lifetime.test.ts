import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type CacheLimits, cacheLifetime, renewalTime } from '../../../lambda/core/cache-lifetime';
import type { Introspection } from '../../../lambda/core/introspection-response';
import { facts, NOW } from '../../support/tokens';

const LIMITS: CacheLimits = {
  maxTtlSeconds: 300,
  inactiveTtlSeconds: 10,
  cacheControl: 'respect',
};

function active(exp: number | undefined, cacheControl?: string, age?: string) {
  return { facts: facts({ exp }), freshness: { cacheControl, age } };
}
function inactive(cacheControl?: string, age?: string) {
  return { invalid: 'token_inactive', freshness: { cacheControl, age } } as const;
}
function badlySigned(cacheControl?: string) {
  return { invalid: 'signature_invalid', freshness: { cacheControl, age: undefined } } as const;
}
const lifetime = (answer: Introspection, limits: Partial<CacheLimits> = {}) =>
  cacheLifetime(answer, { ...LIMITS, ...limits }, NOW);

describe('cacheLifetime', () => {
  it.each([
    ['the ceiling', 300, active(NOW + 301)],
    ['what is left of the token', 299, active(NOW + 299)],
    ['next to nothing just before the end of the token', 1, active(NOW + 1)],
    ['max-age', 20, active(NOW + 600, 'max-age=20')],
    ['max-age less Age', 15, active(NOW + 600, 'max-age=20', '5')],
    ['nothing if Age exceeds max-age', 0, active(NOW + 600, 'max-age=20', '21')],
    ['the ceiling if max-age exceeds it', 300, active(NOW + 600, 'max-age=86400')],
    ['exp if max-age exceeds it', 5, active(NOW + 5, 'max-age=20')],
    ['s-maxage before max-age', 7, active(NOW + 600, 'max-age=20, s-maxage=7')],
    ['s-maxage before a smaller max-age', 20, active(NOW + 600, 's-maxage=20, max-age=7')],
    ['max-age although there is no exp', 200, active(undefined, 'max-age=200')],
    ['60 s with neither exp nor freshness', 60, active(undefined)],
    ['60 s with a Cache-Control without a lifetime', 60, active(undefined, 'private')],
  ])('the cache lifetime is %s', (_, expected, answer) => {
    expect(lifetime(answer)).toBe(expected);
  });

  it('the cache lifetime is at most the ceiling if that is below 60 s and nothing else bounds it', () => {
    expect(lifetime(active(undefined), { maxTtlSeconds: 59 })).toBe(59);
    expect(lifetime(active(undefined), { maxTtlSeconds: 61 })).toBe(60);
  });

  it.each([
    'no-store',
    'NO-STORE',
    'no-cache',
    'no-cache="Set-Cookie"',
    'max-age=60, no-store',
    'no-store,max-age=60',
    'private , no-cache',
    'max-age=0',
    'max-age',
    'max-age=',
    'max-age=-1',
    'max-age=1.5',
    'max-age=1e9',
    'max-age=sixty',
    'max-age=6"0"',
    'max-age="6"0',
    'max-age=60, max-age=60',
    's-maxage=x, max-age=60',
  ])('the cache lifetime is 0 for Cache-Control: %s', (cacheControl) => {
    expect(lifetime(active(NOW + 600, cacheControl))).toBe(0);
  });

  it.each(['x-max-age=60', 'max-age-x=60', 'x=max-age=60', 'no-store-x', 'stale-if-error=60'])(
    'the Cache-Control directive %s has no effect on the cache lifetime',
    (cacheControl) => {
      expect(lifetime(active(NOW + 600, cacheControl))).toBe(300);
    },
  );

  it.each([
    'max-age="20"',
    'Max-Age=20',
    'private,max-age=20',
    ' max-age = 20 ',
    'private , max-age=20',
  ])('the cache lifetime is the max-age of Cache-Control: %j', (cacheControl) => {
    expect(lifetime(active(NOW + 600, cacheControl))).toBe(20);
  });

  it('the cache lifetime ignores an Age that is not a number', () => {
    expect(lifetime(active(NOW + 600, 'max-age=20', 'x'))).toBe(20);
  });

  it('the cache lifetime treats numbers that are too large to hold as very large', () => {
    const huge = '9'.repeat(400);

    expect(lifetime(active(NOW + 600, `max-age=${huge}`))).toBe(300);
    expect(lifetime(active(NOW + 600, `max-age=${huge}`, huge))).toBe(0);
  });

  it('the cache lifetime ignores Cache-Control, and nothing else, if that is configured', () => {
    const ignoring = { cacheControl: 'ignore' } as const;

    expect(lifetime(active(NOW + 600, 'no-store'), ignoring)).toBe(300);
    expect(lifetime(active(NOW + 5, 'max-age=60'), ignoring)).toBe(5);
    expect(lifetime(active(undefined, 'max-age=200'), ignoring)).toBe(60);
  });

  it.each<[string, Introspection]>([
    ['inactive', inactive()],
    ['inactive, which the server wants not to be stored', inactive('no-store')],
    ['inactive, which the server calls fresh for longer', inactive('max-age=600')],
    ['badly signed', badlySigned('max-age=600')],
    ['at its very end', active(NOW)],
    ['expired', active(NOW - 100, 'max-age=600')],
    ['expired, which the server wants not to be stored', active(NOW - 100, 'no-store')],
  ])('the cache lifetime is that of inactive tokens for a token that is %s', (_, answer) => {
    expect(lifetime(answer)).toBe(10);
    expect(lifetime(answer, { inactiveTtlSeconds: 0 })).toBe(0);
    expect(lifetime(answer, { cacheControl: 'ignore' })).toBe(10);
    expect(lifetime(answer, { maxTtlSeconds: 9 })).toBe(9);
    expect(lifetime(answer, { maxTtlSeconds: 0 })).toBe(0);
  });

  it.each([
    ['iss', { iss: undefined }],
    ['aud', { aud: undefined }],
  ] as const)(
    'the cache lifetime is at most that of inactive tokens if %s is checked and absent',
    (name, some) => {
      const lacking = { ...active(undefined), facts: facts(some) };
      const checked = { requiredClaims: ['iss', 'aud'] } as const;

      expect(lifetime(lacking, checked)).toBe(10);
      expect(lifetime(lacking, { requiredClaims: [name] })).toBe(10);
      expect(lifetime(lacking, { ...checked, inactiveTtlSeconds: 0 })).toBe(0);
      expect(lifetime(lacking, { ...checked, inactiveTtlSeconds: 900 })).toBe(300);
      expect(
        lifetime({ ...lacking, freshness: { cacheControl: 'max-age=7', age: undefined } }, checked),
      ).toBe(7);
      expect(lifetime({ ...lacking, facts: facts({ ...some, exp: NOW + 3 }) }, checked)).toBe(3);
    },
  );

  it('the cache lifetime does not depend on claims that are present or not checked', () => {
    expect(lifetime(active(NOW + 600), { requiredClaims: ['iss', 'aud'] })).toBe(300);
    const lacking = { ...active(undefined), facts: facts({ aud: undefined, iss: undefined }) };
    expect(lifetime(lacking, { requiredClaims: [] })).toBe(300);
    expect(lifetime(lacking)).toBe(300);
  });

  it('the cache lifetime is 0 for active tokens where the ceiling is 0', () => {
    expect(lifetime(active(NOW + 600, 'max-age=60'), { maxTtlSeconds: 0 })).toBe(0);
    expect(lifetime(active(undefined), { maxTtlSeconds: 0 })).toBe(0);
  });

  it('the cache lifetime of any response is a number between 0 and every bound', () => {
    const digits = fc.oneof(fc.nat().map(String), fc.stringMatching(/^\d{1,400}$/));
    const directive = fc.oneof(
      fc.constantFrom('no-store', 'no-cache', 'private', 'must-revalidate'),
      fc.tuple(fc.constantFrom('max-age', 's-maxage', 'MAX-AGE'), digits).map((p) => p.join('=')),
      fc.string(),
    );
    const cacheControl = fc.option(
      fc.array(directive).map((all) => all.join(',')),
      { nil: undefined },
    );
    const age = fc.option(fc.oneof(digits, fc.string()), { nil: undefined });
    const exp = fc.option(fc.integer({ min: NOW - 1000, max: NOW + 100_000 }), { nil: undefined });
    const limits = fc.record({
      maxTtlSeconds: fc.integer({ min: 0, max: 86_400 }),
      inactiveTtlSeconds: fc.integer({ min: 0, max: 3600 }),
      cacheControl: fc.constantFrom('respect' as const, 'ignore' as const),
    });

    fc.assert(
      fc.property(exp, cacheControl, age, limits, (end, header, seconds, bounds) => {
        const yes = lifetime(active(end, header, seconds), bounds);
        const no = lifetime(inactive(header, seconds), bounds);
        assert(yes >= 0 && yes <= bounds.maxTtlSeconds, `a lifetime of ${yes} s`);
        const ended = end !== undefined && end <= NOW;
        const bound = ended ? bounds.inactiveTtlSeconds : (end ?? Infinity) - NOW;
        assert(yes <= bound, `a lifetime of ${yes} s instead of ${bound} s`);
        assert.equal(no, Math.min(bounds.inactiveTtlSeconds, bounds.maxTtlSeconds));
        const says = header?.split(',').map((part) => part.trim());
        if (!ended && bounds.cacheControl === 'respect' && says?.includes('no-store'))
          assert.equal(yes, 0);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('renewalTime', () => {
  const result = (exp: number | undefined) => ({ facts: facts({ exp }), expiresAt: NOW + 300 });

  it.each([
    ['the expiry', 0, NOW + 300],
    ['halfway through the last tenth', 0.5, NOW + 285],
    ['a tenth of the life before the expiry', 1, NOW + 270],
  ])('the renewal time is %s for the random number %d', (_, random, expected) => {
    expect(renewalTime(result(NOW + 600), NOW, random)).toBe(expected);
    expect(renewalTime(result(undefined), NOW, random)).toBe(expected);
  });

  it('the renewal time is in the last tenth of the lifetime that is left to an environment', () => {
    expect(renewalTime(result(NOW + 600), NOW + 200, 1)).toBe(NOW + 290);
  });

  it.each([
    ['expires with its token', { facts: facts({ exp: NOW + 300.9 }), expiresAt: NOW + 300 }],
    ['is inactive', { invalid: 'token_inactive' as const, expiresAt: NOW + 10 }],
  ])('the renewal time is undefined for a result that %s', (_, result) => {
    expect(renewalTime(result, NOW, 1)).toBeUndefined();
  });
});
