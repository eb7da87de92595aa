import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createAuthorizer } from '../../../lambda/authorizer';
import type { CachedResult, CacheLimits } from '../../../lambda/core/cache-lifetime';
import { propertyRuns } from '../../support/property-runs';
import { facts, NOW } from '../../support/tokens';

/** What the authorization server says of the token when it is asked. */
const answer = fc.record({
  /** From the beginning, in seconds; none for a token that says nothing of its end. */
  exp: fc.option(fc.integer({ min: -5, max: 900 }), { nil: undefined }),
  cacheControl: fc.constantFrom(
    undefined,
    'no-store',
    'no-cache',
    'max-age=0',
    'max-age=20',
    'max-age=20, max-age=30',
    's-maxage=10, max-age=600',
    'max-age=86400',
    'private',
    'nonsense=",max-age',
  ),
  age: fc.constantFrom(undefined, '0', '15', '100000', '-1', 'x'),
  active: fc.boolean(),
});
type Answer = typeof answer extends fc.Arbitrary<infer T> ? T : never;

const step = fc.record({
  /** Passes before the request, in seconds, with fractions. */
  pause: fc.oneof(
    fc.constant(0),
    fc.double({ min: 0, max: 2, noNaN: true }),
    fc.double({ min: 0, max: 400, noNaN: true }),
  ),
  environment: fc.nat(2),
  /** What the authorization server says from now on. */
  answer,
});
const limits = fc.record({
  maxTtlSeconds: fc.constantFrom(0, 1, 30, 60, 300, 3600),
  inactiveTtlSeconds: fc.constantFrom(0, 10),
  cacheControl: fc.constantFrom('respect' as const, 'ignore' as const),
});

/** How long the rules let an answer live, read by themselves. */
function allowed(said: Answer, at: number, rules: CacheLimits): number {
  const { maxTtlSeconds, inactiveTtlSeconds } = rules;
  const end = said.exp === undefined ? Infinity : NOW + said.exp;
  if (!said.active || end <= at) return Math.min(inactiveTtlSeconds, maxTtlSeconds);
  const granted: Readonly<Record<string, number>> = {
    'no-store': 0,
    'no-cache': 0,
    'max-age=0': 0,
    'max-age=20, max-age=30': 0,
    'nonsense=",max-age': 0,
    'max-age=20': 20,
    's-maxage=10, max-age=600': 10,
    'max-age=86400': 86_400,
  };
  const fresh =
    rules.cacheControl === 'respect' ? granted[said.cacheControl ?? 'private'] : undefined;
  const age = /^\d+$/.test(said.age ?? '') ? Number(said.age) : 0;
  const left = fresh === undefined ? Infinity : Math.max(0, fresh - age);
  const ceiling = said.exp === undefined && fresh === undefined ? 60 : Infinity;
  return Math.min(end - at, left, ceiling, maxTtlSeconds);
}

it('no result is served longer than allowed, nor at or after exp, for any sequence of times, responses and environments', async () => {
  let hits = 0;
  await fc.assert(
    fc.asyncProperty(
      limits,
      fc.array(step, { minLength: 2, maxLength: 25 }),
      async (rules, steps) => {
        const clock = { now: NOW };
        let said: Answer = { exp: 0, cacheControl: undefined, age: undefined, active: false };
        let asked: { at: number; said: Answer } | undefined;
        const table = new Map<string, CachedResult>();
        const environments = Array.from({ length: 3 }, () =>
          createAuthorizer({
            limits: rules,
            ports: {
              now: () => clock.now,
              random: () => 1,
              memoryCache: new Map<string, CachedResult>(),
              tokenCache: {
                async getOrAcquire(accessToken) {
                  const found = table.get(accessToken);
                  if (found !== undefined && clock.now < found.expiresAt) return found;
                  return {
                    async complete(result) {
                      table.set(accessToken, result);
                      return true;
                    },
                    release: async () => undefined,
                  };
                },
                invalidate: async () => undefined,
              },
              async introspect() {
                asked = { at: clock.now, said };
                const { cacheControl, age, active, exp } = said;
                const freshness = { cacheControl, age };
                if (!active) return { invalid: 'token_inactive', freshness };
                return { facts: facts({ exp: exp === undefined ? exp : NOW + exp }), freshness };
              },
            },
          }),
        );

        for (const { pause, environment, answer: next } of steps) {
          clock.now += pause;
          said = next;
          const authorizer = environments[environment];
          const { decision, source } = (await authorizer?.authorize(
            { headers: { authorization: 'Bearer abc' } },
            { issuer: undefined, audience: [], scopes: [[]], notBeforeToleranceSeconds: 60 },
          )) ?? { decision: undefined, source: undefined };
          const basis = asked as { at: number; said: Answer };
          if (decision?.outcome === 'allow') {
            const valid = NOW + (basis.said.exp ?? Infinity) - clock.now;
            assert(basis.said.active && valid > 0, `allowed by ${JSON.stringify(basis.said)}`);
          }
          if (source !== 'introspection') {
            hits += 1;
            // The last answer of all is the longest that may be served: caches only shorten it.
            const [age, end] = [clock.now - basis.at, allowed(basis.said, basis.at, rules)];
            assert(age < (end || -1), `served at an age of ${age} s instead of less than ${end} s`);
          }
        }
      },
    ),
    { numRuns: propertyRuns(400) },
  );
  // Otherwise nothing would have been shown about the caches.
  expect(hits).toBeGreaterThan(propertyRuns(400));
});
