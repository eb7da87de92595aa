import fc from 'fast-check';
import { propertyRuns } from '../support/property-runs';
import { type StubServer, startStubServer } from '../support/stub-server';
import type { Kind, Rules } from '../support/updated-api';
import { serveUpdatable, type UpdatableApi } from '../support/updated-api';

/**
 * API Gateway's result cache must replay for a route only the decision by the rules in force, during and
 * after a deployment or a rollback. The local gateway changes its rules in the steps of CloudFormation,
 * with a cache whose entries never expire.
 */

const SCOPES = ['a', 'b', 'c'] as const;
const PATHS = ['/payments', '/reports', '/orders', '/users', '/files', '/jobs', '/tags'];

const alternatives = fc.array(fc.subarray([...SCOPES], { minLength: 1 }), {
  minLength: 1,
  maxLength: 2,
});

/** Rules of an API with some or all of the paths. */
const rules: fc.Arbitrary<Rules> = fc.record({
  apiScopes: fc.subarray(['a']),
  routes: fc
    .tuple(
      fc.array(alternatives, { minLength: PATHS.length, maxLength: PATHS.length }),
      fc.subarray(PATHS, { minLength: 4 }),
    )
    .map(([lists, paths]) => new Map(paths.map((path, index) => [path, lists[index] ?? []]))),
});

let upstream: StubServer;

beforeAll(async () => {
  upstream = await startStubServer('/', (response) => {
    response.end();
  });
});

afterAll(() => upstream.close());

async function withApi(
  kind: Kind,
  start: Rules,
  act: (api: UpdatableApi) => Promise<void>,
): Promise<number> {
  const api = await serveUpdatable(kind, start, upstream.url.origin);
  try {
    await act(api);
    return api.replayed();
  } finally {
    await api.close();
  }
}

const routes = (reports: string) =>
  new Map([
    ['/payments', [['a']]],
    ['/reports', [[reports]]],
  ]);
const alike: Rules = { apiScopes: [], routes: routes('a') };
const divided: Rules = { apiScopes: [], routes: routes('b') };
const firstOf = (ids: readonly string[]) => ids[0] as string;
const lastOf = (ids: readonly string[]) => ids.at(-1) as string;

describe.each<Kind>(['REST', 'HTTP'])('%s API', (kind) => {
  it.each([
    ['', firstOf],
    [', in another order of updates', lastOf],
  ])(
    `replays no ${kind} API result of other rules when deployments separate and join the scopes of two routes%s`,
    async (_, choose) => {
      const replayed = await withApi(kind, alike, async (api) => {
        const paths = [...alike.routes.keys()];
        await api.check(paths);
        for (const target of [divided, alike, divided, alike]) {
          await api.update(target, paths, choose);
        }
      });
      expect(replayed).toBeGreaterThan(40);
    },
    300_000,
  );

  it(`replays no ${kind} API result of other rules whatever deployments change and roll back`, async () => {
    let replayed = 0;
    const deployment = fc.record({
      target: rules,
      order: fc.nat(),
      /** Number of steps after which it fails and is rolled back. Absent if it succeeds. */
      failsAfter: fc.option(fc.integer({ min: 1, max: 12 })),
    });
    await fc.assert(
      fc.asyncProperty(
        rules,
        fc.array(deployment, { minLength: 1, maxLength: 2 }),
        fc.nat(),
        async (start, deployments, again) => {
          replayed += await withApi(kind, start, async (api) => {
            await api.check(PATHS);
            for (const { target, order, failsAfter } of deployments) {
              await api.update(target, PATHS, shuffled(order), failsAfter ?? undefined);
            }
            await api.update(start, PATHS, shuffled(again));
          });
        },
      ),
      { numRuns: propertyRuns(2), endOnFailure: true },
    );
    expect(replayed).toBeGreaterThan(propertyRuns(15));
  }, 300_000);
});

/** Returns a pseudorandom choice that is stable for a seed. */
function shuffled(seed: number): (ids: readonly string[]) => string {
  let state = seed;
  return (ids) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return ids[state % ids.length] as string;
  };
}
