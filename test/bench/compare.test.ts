import { comparison, regressions } from '../../bench/compare';
import { goals, type Measured } from '../../bench/goals';
import { report } from '../../bench/report';

const phase = (elapsed: number) => ({ elapsed, cpu: elapsed / 2 });
const start = (init: number, invocation: number) => ({
  init: phase(init),
  invocation: phase(invocation),
  spread: 0.05,
});
const compared = (ours: number, reference: number) => ({
  ...{ ours, reference, difference: ours - reference, spread: 0.02 },
});

/** Returns a run in which each goal is met, but for what is given. */
function run({ tokenCache = 105, isLimited = true } = {}): Measured {
  const ours = start(50, 5);
  const others = { bareRead: start(40, 5), limitedBareRead: start(40, 5) };
  return {
    date: '2026-11-27',
    machine: 'Node.js 24.9.0',
    cold: {
      isLimited,
      starts: {
        ...{ empty: start(20, 0), tokenCache: ours, limitedTokenCache: ours, introspection: ours },
        ...{ minting: ours, sdkTokenCache: start(190, 10), jwtAuthorizer: start(50, 30) },
        ...others,
      },
    },
    inProcess: {
      nodeVersion: '24.9.0',
      memoryHit: compared(6, 28),
      proofs: { known: compared(130, 100), first: compared(200, 100) },
      tokenCacheHit: { ...compared(tokenCache, 100), cpu: compared(400, 300) },
      miss: { ...compared(40_000, 39_000), cpu: compared(900, 800) },
      mintingCpu: 50,
      growth: [1, 100].map((tokens) => ({ tokens, decision: compared(6, 6) })),
      heapBytes: 2 ** 20,
      shared: [],
    },
    introspections: [1],
    roundTrips: { miss: { dynamoDb: { requests: 4, connections: 1 } } },
    bytes: { plain: 98_000, minting: 108_000 },
  };
}

test('a run that meets each goal is reported without a reason', () => {
  const text = report(run());

  expect(text).not.toContain('short');
  expect(text).toContain('| bundle | ≤ 100 KB minified | 98.0 KB minified | pass |');
  expect(text).toContain('miss: dynamoDb 4 on 1');
});

test('a goal that is not met is reported as short, with its reason', () => {
  const text = report(run({ tokenCache: 120 }));

  expect(text).toContain('| 1.20 × (120 : 100 µs) | short |');
  expect(text).toMatch(/^Short, and why:\n\n- \*\*token cache.*: the entry is opened/m);
});

test('every goal that a faster machine cannot meet by itself has a reason', () => {
  const sizes = /^(bundle|10 000 tokens|introspections)/;
  const unexplained = goals(run()).filter(({ path, reason }) => !reason && !sizes.test(path));

  expect(unexplained).toEqual([]);
});

test('the invocation at 512 MB is marked as computed where the processor cannot be limited', () => {
  const paths = goals(run({ isLimited: false })).map(({ path }) => path);

  expect(paths).toContain('cold, invocation at 512 MB (computed)');
});

test.each([
  ['less than the spread of both runs', 108, []],
  ['more than the spread of both runs', 120, ['token cache, DynamoDB 4 ms']],
  ['to the better', 90, []],
])('a ratio that moved %s (to %d : 100) regresses: %j', (_, tokenCache, expected) => {
  const regressed = regressions(run(), run({ tokenCache }));

  expect(regressed.map(({ path }) => path)).toEqual(expected);
});

test('times of different machines are not compared, ratios and sizes are', () => {
  const slower: Measured = {
    ...run({ tokenCache: 120 }),
    machine: 'another',
    bytes: { plain: 99_000, minting: 108_000 },
    inProcess: { ...run({ tokenCache: 120 }).inProcess, mintingCpu: 500 },
  };

  const regressed = regressions(run(), slower);

  expect(regressed.map(({ path }) => path)).toEqual(['token cache, DynamoDB 4 ms', 'bundle']);
});

test('the comparison names the former run and what moved', () => {
  const text = comparison(run(), run({ tokenCache: 120 }));

  expect(text).toContain('Compared with 2026-11-27, Node.js 24.9.0:');
  expect(text).toContain('1.05 → 1.20, **worse**');
  expect(text).toContain('98.0 → 98.0, within noise');
});
