import fc from 'fast-check';
import type { CachedResult } from '../../../lambda/core/cache-lifetime';
import { Fault } from '../../../lambda/core/errors';
import { createModelTable, type Passage } from '../../support/model-table';
import {
  BUDGET,
  INTROSPECTION_MS,
  originOf,
  resultOf,
  startEnvironment,
  TABLE_TIMEOUT_MS,
} from '../../support/token-cache-fleet';
import { createVirtualTime } from '../../support/virtual-time';

const TOKENS = ['alice', 'bob'];
const SKEW_SECONDS = 2;
const STALENESS_MS = 20;
const MAX_TTL_SECONDS = 5;
const COLD_TIMEOUT_MS = Math.max(200, TABLE_TIMEOUT_MS);

const environment = fc.record({
  skewSeconds: fc.double({ min: -SKEW_SECONDS, max: SKEW_SECONDS, noNaN: true }),
  coalesceIntrospections: fc.boolean(),
});

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('request' as const),
      environment: fc.nat(3),
      token: fc.constantFrom(...TOKENS),
      /** How long the authorization server takes, in milliseconds, and what it says. */
      latencyMs: fc.constantFrom(5, 25, 100, 1000, INTROSPECTION_MS),
      outcome: fc.constantFrom('active', 'active', 'inactive', 'fault', 'must not be stored'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('invalidate' as const),
      environment: fc.nat(3),
      token: fc.constantFrom(...TOKENS),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('freeze' as const, 'thaw' as const),
      environment: fc.nat(3),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete expired' as const) }) },
);
const steps = fc.array(
  fc.record({
    step,
    /** Passes afterwards, in milliseconds. */
    pauseMs: fc.constantFrom(0, 0, 1, 10, 10, 60, 60, 300, 300, 1000, 4000, 80_000),
  }),
  { minLength: 5, maxLength: 40 },
);
/** Mostly quick; some requests and responses are late or get lost. */
const passage: fc.Arbitrary<Passage> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      requestMs: fc.constantFrom(1, 2, 5),
      responseMs: fc.constantFrom(1, 3),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      requestMs: fc.constantFrom(1, 40, 300, 2000, 20_000),
      responseMs: fc.constantFrom(1, 40, 300),
      lost: fc.constantFrom(undefined, 'request' as const, 'response' as const),
    }),
  },
);

it('no expired, invalidated or foreign result is served, and no request waits beyond the bound, whatever fails', async () => {
  const seen = { shared: 0, invalidations: 0, refused: 0, faults: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(environment, { minLength: 4, maxLength: 4 }),
      steps,
      fc.infiniteStream(passage),
      async (settings, plan, passages) => {
        const time = createVirtualTime();
        const table = createModelTable(time, {
          stalenessMs: STALENESS_MS,
          passage: () => passages.next().value as Passage,
        });
        const environments = settings.map((options) => ({
          ...startEnvironment(time, table, { maxTtlSeconds: MAX_TTL_SECONDS, ...options }),
          frozenMs: 0,
          frozenSince: undefined as number | undefined,
        }));
        const introspections: { readonly token: string; readonly beganMs: number }[] = [];
        const invalidations: { token: string; startedMs: number; doneMs: number }[] = [];

        async function request(index: number, operation: Extract<Step, { kind: 'request' }>) {
          const current = environments[index] as (typeof environments)[number];
          const { token, latencyMs, outcome } = operation;
          const askedMs = time.elapsed();
          const [wasFrozen, frozenBefore] = [current.frozenSince !== undefined, current.frozenMs];
          const found = await current.cache.getOrAcquire(token).catch((error: unknown) => error);
          const wasEverFrozen =
            wasFrozen || current.frozenSince !== undefined || current.frozenMs > frozenBefore;
          if (!wasEverFrozen) {
            const bound = BUDGET.waitMs + 3 * COLD_TIMEOUT_MS;
            expect(time.elapsed() - askedMs).toBeLessThanOrEqual(bound);
          }
          if (found instanceof Fault) {
            seen.faults += 1;
            return;
          }
          const answer = found as Awaited<ReturnType<typeof current.cache.getOrAcquire>>;
          if (!('complete' in answer)) {
            assertServable(token, answer, askedMs, wasEverFrozen);
            return;
          }
          const introspection = introspections.length;
          introspections.push({ token, beganMs: time.elapsed() });
          const began = current.clock.now();
          await new Promise<void>((resolve) => void current.clock.after(latencyMs, resolve));
          if (outcome === 'fault') {
            await answer.release(new Fault('introspection_unavailable', 'x'));
            return;
          }
          const life = outcome === 'must not be stored' ? 0 : MAX_TTL_SECONDS;
          const expiresAt = Math.floor(began + life);
          const isCurrent = await answer.complete(
            outcome === 'inactive'
              ? { invalid: 'token_inactive', expiresAt }
              : resultOf(token, introspection, expiresAt),
          );
          if (!isCurrent) seen.refused += 1;
        }

        function assertServable(
          token: string,
          result: CachedResult,
          askedMs: number,
          wasEverFrozen: boolean,
        ) {
          if (!('facts' in result)) return;
          seen.shared += 1;
          const origin = originOf(result);
          const introspection = introspections[origin.introspection];
          expect(origin.token).toBe(token);
          expect(introspection?.token).toBe(token);
          const beganMs = introspection?.beganMs ?? Number.NaN;
          if (!wasEverFrozen) {
            const ageMs = time.elapsed() - beganMs;
            expect(ageMs).toBeLessThan((MAX_TTL_SECONDS + 2 * SKEW_SECONDS) * 1000);
          }
          for (const { token: invalidated, startedMs, doneMs } of invalidations) {
            if (invalidated !== token || doneMs > askedMs - STALENESS_MS) continue;
            expect(beganMs).toBeGreaterThanOrEqual(startedMs);
          }
        }

        async function invalidate(index: number, token: string) {
          const startedMs = time.elapsed();
          await environments[index]?.cache.invalidate(token).then(
            () => {
              seen.invalidations += 1;
              invalidations.push({ token, startedMs, doneMs: time.elapsed() });
            },
            () => undefined,
          );
        }

        const work: Promise<unknown>[] = [];
        for (const { step: operation, pauseMs } of plan) {
          const index = 'environment' in operation ? operation.environment : 0;
          const current = environments[index] as (typeof environments)[number];
          if (operation.kind === 'request') work.push(request(index, operation));
          else if (operation.kind === 'invalidate') work.push(invalidate(index, operation.token));
          else if (operation.kind === 'delete expired') table.deleteExpired();
          else if (operation.kind === 'freeze') {
            current.frozenSince ??= time.elapsed();
            current.freeze();
          } else thaw(current);
          await time.run(time.sleep(pauseMs));
        }
        for (const current of environments) thaw(current);
        await time.run(Promise.all(work));

        function thaw(current: (typeof environments)[number]) {
          if (current.frozenSince !== undefined) {
            current.frozenMs += time.elapsed() - current.frozenSince + 1;
          }
          current.frozenSince = undefined;
          current.thaw();
        }
      },
    ),
    { numRuns: 400 },
  );
  // Otherwise nothing would have been shown.
  expect(seen.shared).toBeGreaterThan(100);
  expect(seen.invalidations).toBeGreaterThan(100);
  expect(seen.refused).toBeGreaterThan(50);
  expect(seen.faults).toBeGreaterThan(20);
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
