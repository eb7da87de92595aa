import type { Behavior } from './authorization-server';
import { type Figures, measure } from './figures';
import { type Fleet, MAX_TTL_SECONDS, type Sample, startFleet } from './fleet';

/** Course of requests that a fleet of a given size serves. */
export interface Scenario {
  readonly title: string;
  readonly behaviors: readonly Behavior[];
  run(size: number, behavior: Behavior): Promise<Figures>;
}

const times = <T>(count: number, of: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => of(index));

/** Every environment gets a request with the same new token at once. */
export const freshToken: Scenario = {
  title: 'A new token meets every environment at once',
  behaviors: [25, 100, 1000, 'failing', 'hanging'],
  async run(size, behavior) {
    const fleet = await startFleet(size, behavior, 1);
    return measure(fleet, 1, () => everyEnvironment(fleet, 'token'));
  },
};

const PAGE_REQUESTS = 10;
const PAGE_SPREAD_MS = 20;

/** Pages load at the same time, each with a new token and ten requests in other environments. */
export const pageLoad: Scenario = {
  title: 'Pages load, one for ten environments: ten requests with a new token each',
  behaviors: [100, 1000, 'hanging'],
  async run(size, behavior) {
    const fleet = await startFleet(size, behavior, 2);
    const pages = Math.ceil(size / PAGE_REQUESTS);
    return measure(fleet, pages, () =>
      Promise.all(
        times(pages * PAGE_REQUESTS, (index) =>
          fleet.request(
            index % size,
            `page-${Math.floor(index / PAGE_REQUESTS)}`,
            fleet.random() * PAGE_SPREAD_MS,
          ),
        ),
      ),
    );
  },
};

const FLOOD_REQUESTS = 4;

/** Every environment gets one invalid token after the other, none of them twice. */
export const flood: Scenario = {
  title: 'A flood of bad tokens, none of them twice',
  behaviors: [100, 'hanging'],
  async run(size, behavior) {
    const fleet = await startFleet(size, behavior, 3);
    return measure(fleet, size * FLOOD_REQUESTS, async () =>
      (await Promise.all(times(size, (environment) => floodOne(fleet, environment)))).flat(),
    );
  },
};

async function floodOne(fleet: Fleet, environment: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let count = 0; count < FLOOD_REQUESTS; count += 1) {
    samples.push(await fleet.request(environment, `bad-${environment}-${count}`));
  }
  return samples;
}

/** Period between two requests for a token in one environment, in milliseconds. */
const PERIOD_MS = 1000;
const HOT_PERIOD_MS = 2500;
/** Part of an entry's life before its expiry that is simulated, and the time after it, in milliseconds. */
const BEFORE_EXPIRY_MS = 35_000;
const AFTER_EXPIRY_MS = 5000;

/** All environments know a token that each of them gets every 2.5 s. Its entry expires. */
export const expiry: Scenario = {
  title: 'A hot token expires: requests that no memory cache serves',
  behaviors: [100, 1000],
  async run(size, behavior) {
    const fleet = await startHotToken(size, behavior, 4);
    await fleet.time.run(fleet.time.sleep(MAX_TTL_SECONDS * 1000 - BEFORE_EXPIRY_MS));
    return measure(fleet, 1, async () => {
      const durationMs = BEFORE_EXPIRY_MS + AFTER_EXPIRY_MS;
      const samples = await traffic(fleet, 'hot', durationMs, HOT_PERIOD_MS);
      return samples.filter(({ source }) => source !== 'memory');
    });
  },
};

/** Tokens that every environment reads from the table. */
const HITS = 3;

/** Measures requests that the token cache serves, with no expiry near. */
export async function tableHit(size: number): Promise<Figures> {
  const fleet = await startFleet(size, 100, 5);
  const tokens = times(HITS, (index) => `token-${index}`);
  await fleet.time.run(Promise.all(tokens.map((token) => fleet.request(0, token))));
  await fleet.time.run(fleet.time.sleep(1000));
  return measure(fleet, HITS, async () => {
    const hits = tokens.map((token) => everyEnvironment(fleet, token, PERIOD_MS));
    const samples = (await Promise.all(hits)).flat();
    return samples.filter(({ source }) => source === 'token_cache');
  });
}

const OUTAGE_MS = 4000;

/** The server is away for four seconds. Every environment gets a cached token, and a new one, each second. */
export const restart: Scenario = {
  title: 'The server is away for 4 s: requests with a new token, one a second',
  behaviors: [100],
  async run(size, behavior) {
    const fleet = await startHotToken(size, behavior, 6);
    fleet.server.become('failing');
    return measure(fleet, 1, async () => {
      const requests = Promise.all([
        traffic(fleet, 'hot', 2 * OUTAGE_MS, PERIOD_MS),
        traffic(fleet, 'new', 2 * OUTAGE_MS, PERIOD_MS),
      ]);
      await fleet.time.sleep(OUTAGE_MS);
      fleet.server.become(behavior);
      const [cached, fresh] = await requests;
      if (cached.some(({ source }) => source === 'fault')) {
        throw new Error('a request with a cached token failed');
      }
      return fresh;
    });
  },
};

async function startHotToken(size: number, behavior: Behavior, seed: number): Promise<Fleet> {
  const fleet = await startFleet(size, behavior, seed);
  await fleet.time.run(fleet.request(0, 'hot'));
  await fleet.time.run(everyEnvironment(fleet, 'hot', PERIOD_MS));
  return fleet;
}

/** Sends a token to every environment once a period. */
async function traffic(
  fleet: Fleet,
  token: string,
  durationMs: number,
  periodMs: number,
): Promise<Sample[]> {
  const samples: Promise<Sample>[] = [];
  for (let spentMs = 0; spentMs < durationMs; spentMs += periodMs) {
    for (let environment = 0; environment < fleet.size; environment += 1) {
      samples.push(fleet.request(environment, token, fleet.random() * periodMs));
    }
    await fleet.time.sleep(periodMs);
  }
  return Promise.all(samples);
}

function everyEnvironment(fleet: Fleet, token: string, spreadMs = 0): Promise<Sample[]> {
  return Promise.all(
    times(fleet.size, (environment) =>
      fleet.request(environment, token, fleet.random() * spreadMs),
    ),
  );
}
