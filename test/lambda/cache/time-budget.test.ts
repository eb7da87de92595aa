import { PREPARATION_TIMEOUT_MS, timeBudget } from '../../../lambda/cache/time-budget';

describe('the time budget', () => {
  it.each([
    [3000, 50, { leaseMs: 3400, waitMs: 4700 }],
    [7699, 50, { leaseMs: 8099, waitMs: 1 }],
    [7700, 50, { leaseMs: 8100, waitMs: 0 }],
    [3000, 1000, { leaseMs: 5000, waitMs: 1500 }],
    // The longest introspection with a signature check leaves no time to wait for others.
    [11_000, 50, { leaseMs: 11_400, waitMs: 0 }],
  ])(
    'the time budget for introspections of %d ms and operations of %d ms is %j',
    (introspectionMs, tableMs, budget) => {
      expect(timeBudget(introspectionMs, tableMs)).toEqual(budget);
    },
  );

  it('the time budget leaves time to introspect after the longest wait, within API Gateway’s ten seconds minus start and preparation', () => {
    for (let introspectionMs = 100; introspectionMs <= 8000; introspectionMs += 100) {
      const { waitMs, leaseMs } = timeBudget(introspectionMs, 50);
      const spentMs = waitMs + 4 * 200 + introspectionMs;
      expect(spentMs).toBeLessThanOrEqual(
        Math.max(10_000 - PREPARATION_TIMEOUT_MS - 500, introspectionMs + 800),
      );
      expect(leaseMs).toBeGreaterThan(introspectionMs);
    }
  });
});
