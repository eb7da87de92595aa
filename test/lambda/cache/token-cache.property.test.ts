import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CachedResult } from '../../../lambda/core/cache-lifetime';
import { Fault } from '../../../lambda/core/errors';
import { NO_LEASE } from '../../../lambda/core/ports';
import type { Item } from '../../../lambda/io/aws/token-table';
import { createModelTable, type Passage } from '../../support/model-table';
import { propertyRuns } from '../../support/property-runs';
import {
  BUDGET,
  INTROSPECTION_MS,
  originOf,
  resultOf,
  startEnvironment,
  TABLE_TIMEOUT_MS,
} from '../../support/token-cache-fleet';
import { NOW } from '../../support/tokens';
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
      /** Duration of the introspection, in milliseconds. */
      latencyMs: fc.constantFrom(5, 25, 100, 1000, INTROSPECTION_MS),
      outcome: fc.constantFrom('active', 'active', 'inactive', 'fault', 'must not be stored'),
      /** True for a renewal of the result that the environment knows, if there is one. */
      isRenewal: fc.constantFrom(true, true, false),
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
  { minLength: 5, maxLength: 40, size: 'max' },
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

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Setting = typeof environment extends fc.Arbitrary<infer T> ? T : never;
type Plan = typeof steps extends fc.Arbitrary<infer T> ? T : never;

/** Counts of what happened, so that a property can show that it was put to the test. */
const createCounts = () => ({
  shared: 0,
  renewals: 0,
  invalidations: 0,
  refused: 0,
  faults: 0,
  leases: 0,
});

/**
 * Runs operations of several environments, and checks each result, wait and lease.
 *
 * @returns the introspections under a lease, the leases that the table has seen, and the writes of leases
 * that failed.
 */
async function simulate(
  settings: readonly Setting[],
  plan: Plan,
  passage: () => Passage,
  counts: ReturnType<typeof createCounts>,
) {
  const time = createVirtualTime();
  const table = createModelTable(time, { stalenessMs: STALENESS_MS, passage });
  const environments = settings.map((options) => ({
    ...startEnvironment(time, table, { maxTtlSeconds: MAX_TTL_SECONDS, ...options }),
    known: new Map<string, CachedResult>(),
    frozenMs: 0,
    frozenSince: undefined as number | undefined,
  }));
  type Environment = (typeof environments)[number];
  const introspections: { readonly token: string; readonly beganMs: number }[] = [];
  const invalidations: { token: string; startedMs: number; doneMs: number }[] = [];
  const leases = new Set<unknown>();
  /** Leases since DynamoDB deleted expired items: a late attempt can create a deleted item, and its lease, again. */
  const acquired = new Set<unknown>();
  const ended = new Set<unknown>();
  /** Items before and after each wrong acquisition. An error thrown here would count as a failure of the table. */
  const wrongLeases: Item[] = [];
  let underLease = 0;
  table.onUpdate(noteLease);

  /**
   * Notes a lease, and whether it is wrong. It must be a new one, after one that has ended, or has expired by the clock of
   * the environment that acquires. A late attempt to acquire can write the times of an ended lease again.
   */
  function noteLease(before: Item, after: Item): void {
    const [id, expiresAt] = [after['lease_id'], after['lease_expires_at']];
    if (expiresAt === undefined) ended.add(id);
    if (expiresAt === undefined || before['lease_id'] === id) return;
    const acquiredAt = Number(expiresAt) - BUDGET.leaseMs;
    const isFree =
      ended.has(before['lease_id']) || Number(before['lease_expires_at'] ?? 0) <= acquiredAt;
    if (acquired.has(id) || !isFree) wrongLeases.push(before, after);
    leases.add(id);
    acquired.add(id);
  }

  async function request(current: Environment, operation: Extract<Step, { kind: 'request' }>) {
    const { token, latencyMs, outcome } = operation;
    const known = operation.isRenewal ? knownBy(current, token) : undefined;
    const askedMs = time.elapsed();
    const [wasFrozen, frozenBefore] = [current.frozenSince !== undefined, current.frozenMs];
    const found = await current.cache.getOrAcquire(token, known).catch((error: unknown) => error);
    const wasEverFrozen =
      wasFrozen || current.frozenSince !== undefined || current.frozenMs > frozenBefore;
    if (!wasEverFrozen) {
      const waitMs = known === undefined ? BUDGET.waitMs : 0;
      const tookMs = time.elapsed() - askedMs;
      assert(tookMs <= waitMs + 3 * COLD_TIMEOUT_MS, `a request took ${tookMs} ms`);
    }
    if (found instanceof Fault) {
      counts.faults += 1;
      return;
    }
    const answer = found as Awaited<ReturnType<typeof current.cache.getOrAcquire>>;
    if (answer === known) return;
    if (known !== undefined) counts.renewals += 1;
    if (!('complete' in answer)) {
      assertServable(token, answer, askedMs, wasEverFrozen);
      current.known.set(token, answer);
      return;
    }
    if (answer !== NO_LEASE) underLease += 1;
    const introspection = introspections.length;
    introspections.push({ token, beganMs: time.elapsed() });
    const began = current.clock.now();
    await new Promise<void>((resolve) => void current.clock.after(latencyMs, resolve));
    if (outcome === 'fault') {
      // A lease to renew is left to expire.
      if (known === undefined) await answer.release(new Fault('introspection_unavailable', 'x'));
      return;
    }
    const life = outcome === 'must not be stored' ? 0 : MAX_TTL_SECONDS;
    const expiresAt = Math.floor(began + life);
    const result: CachedResult =
      outcome === 'inactive'
        ? { invalid: 'token_inactive', expiresAt }
        : resultOf(token, introspection, expiresAt);
    if (await answer.complete(result)) current.known.set(token, result);
    else counts.refused += 1;
  }

  function knownBy({ known, clock }: Environment, token: string): CachedResult | undefined {
    const result = known.get(token);
    const isLive = result !== undefined && 'facts' in result && clock.now() < result.expiresAt;
    return isLive ? result : undefined;
  }

  function assertServable(
    token: string,
    result: CachedResult,
    askedMs: number,
    wasEverFrozen: boolean,
  ) {
    if (!('facts' in result)) return;
    counts.shared += 1;
    const origin = originOf(result);
    const introspection = introspections[origin.introspection];
    assert.equal(origin.token, token);
    assert.equal(introspection?.token, token);
    const beganMs = introspection?.beganMs ?? Number.NaN;
    if (!wasEverFrozen) {
      const ageMs = time.elapsed() - beganMs;
      const maxMs = (MAX_TTL_SECONDS + 2 * SKEW_SECONDS) * 1000;
      assert(ageMs < maxMs, `a result is ${ageMs} ms old`);
    }
    const earlier = invalidations.filter(
      (it) => it.token === token && it.doneMs <= askedMs - STALENESS_MS,
    );
    const startedMs = Math.max(0, ...earlier.map((it) => it.startedMs));
    assert(beganMs >= startedMs, `a result of ${beganMs} ms was invalidated at ${startedMs} ms`);
  }

  async function invalidate(current: Environment, token: string) {
    const startedMs = time.elapsed();
    await current.cache.invalidate(token).then(
      () => {
        counts.invalidations += 1;
        invalidations.push({ token, startedMs, doneMs: time.elapsed() });
      },
      () => undefined,
    );
  }

  function thaw(current: Environment) {
    if (current.frozenSince !== undefined) {
      current.frozenMs += time.elapsed() - current.frozenSince + 1;
    }
    current.frozenSince = undefined;
    current.thaw();
  }

  const work: Promise<unknown>[] = [];
  for (const { step: operation, pauseMs } of plan) {
    const index = 'environment' in operation ? operation.environment : 0;
    const current = environments[index] as Environment;
    if (operation.kind === 'request') work.push(request(current, operation));
    else if (operation.kind === 'invalidate') work.push(invalidate(current, operation.token));
    else if (operation.kind === 'delete expired') {
      table.deleteExpired();
      acquired.clear();
    } else if (operation.kind === 'freeze') {
      current.frozenSince ??= time.elapsed();
      current.freeze();
    } else thaw(current);
    await time.run(time.sleep(pauseMs));
  }
  for (const current of environments) thaw(current);
  await time.run(Promise.all(work));
  expect(wrongLeases).toEqual([]);
  counts.leases += leases.size;
  const faults = environments.flatMap((current) => current.faults as [string, unknown][]);
  const uncertain = faults.filter(([operation]) => operation === 'acquire').length;
  return { underLease, leases: leases.size, uncertain };
}

it('no expired, invalidated or foreign result is served, and no request waits beyond the bound, whatever fails', async () => {
  const counts = createCounts();
  await fc.assert(
    fc.asyncProperty(
      fc.array(environment, { minLength: 4, maxLength: 4 }),
      steps,
      fc.infiniteStream(passage),
      async (settings, plan, passages) => {
        await simulate(settings, plan, () => passages.next().value as Passage, counts);
      },
    ),
    { numRuns: propertyRuns(150) },
  );
  // Otherwise nothing would have been shown.
  expect(counts.shared).toBeGreaterThan(propertyRuns(50));
  expect(counts.renewals).toBeGreaterThan(propertyRuns(5));
  expect(counts.invalidations).toBeGreaterThan(propertyRuns(100));
  expect(counts.refused).toBeGreaterThan(propertyRuns(50));
  expect(counts.faults).toBeGreaterThan(propertyRuns(8));
});

it('each lease is for one introspection, also of frozen environments and with clocks that differ', async () => {
  const counts = createCounts();
  const coalescing = environment.map((setting) => ({ ...setting, coalesceIntrospections: true }));
  const storable = steps.map((plan) => plan.filter(({ step: it }) => isStorable(it)));
  await fc.assert(
    fc.asyncProperty(
      fc.array(coalescing, { minLength: 4, maxLength: 4 }),
      storable,
      async (settings, plan) => {
        const passage = () => ({ requestMs: 1, responseMs: 2 });
        const { underLease, leases, uncertain } = await simulate(settings, plan, passage, counts);

        // A frozen environment does not see in time that it has acquired a lease, or another one has.
        expect(underLease).toBeLessThanOrEqual(leases + uncertain);
      },
    ),
    { numRuns: propertyRuns(50) },
  );
  expect(counts.leases).toBeGreaterThan(propertyRuns(100));
});

it('300 environments that miss the same token at the same time introspect it once', async () => {
  const time = createVirtualTime();
  const table = createModelTable(time);
  const result = resultOf('alice', 1, NOW + 300);
  let introspections = 0;
  const request = async () => {
    const found = await startEnvironment(time, table).cache.getOrAcquire('alice');
    if (!('complete' in found)) return found;
    introspections += 1;
    await time.sleep(100);
    await found.complete(result);
    return result;
  };
  const results = await time.run(Promise.all(Array.from({ length: 300 }, request)));

  expect(introspections).toBe(1);
  expect(new Set(results.map(({ expiresAt }) => expiresAt))).toEqual(new Set([NOW + 300]));
  expect(time.elapsed()).toBeLessThan(BUDGET.leaseMs);
  // One to find nothing, and at most six while the lease lasts.
  expect(table.counts.get).toBeLessThanOrEqual(7 * 300);
});

/** Results that must not be stored end the coalescing, and with it the leases. */
function isStorable(operation: Step): boolean {
  return operation.kind !== 'request' || operation.outcome !== 'must not be stored';
}
