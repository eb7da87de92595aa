import { timeBudget } from '../../../lambda/cache/time-budget';

describe('the time budget', () => {
  it.each([
    [3000, 50, { leaseMs: 3400, waitMs: 5200 }],
    [8000, 50, { leaseMs: 8400, waitMs: 200 }],
    [3000, 1000, { leaseMs: 5000, waitMs: 2000 }],
    // The longest introspection with a signature check leaves no time to wait for others.
    [11_000, 50, { leaseMs: 11_400, waitMs: 0 }],
  ])(
    'for introspections of %d ms and operations of %d ms is %j',
    (introspectionMs, tableMs, budget) => {
      expect(timeBudget(introspectionMs, tableMs)).toEqual(budget);
    },
  );

  it('leaves time to introspect after the longest wait, within nine seconds', () => {
    for (let introspectionMs = 100; introspectionMs <= 8000; introspectionMs += 100) {
      const { waitMs, leaseMs } = timeBudget(introspectionMs, 50);
      const spentMs = waitMs + 4 * 200 + introspectionMs;
      expect(spentMs).toBeLessThanOrEqual(Math.max(9000, introspectionMs + 800));
      expect(leaseMs).toBeGreaterThan(introspectionMs);
    }
  });
});
