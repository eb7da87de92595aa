import { createWaits } from '../../../lambda/cache/wait';
import { systemClock } from '../../../lambda/io/system-clock';

const LONG_MS = 100_000;

/** Waits by a clock that only pauses move on. */
function waits({ waitMs = LONG_MS, random = 0 } = {}) {
  const pauses: number[] = [];
  const time = { ms: 1000 };
  const clock = {
    ...systemClock,
    elapsed: () => time.ms,
    after(ms: number, act: () => void) {
      pauses.push(ms);
      time.ms += ms;
      act();
      return () => undefined;
    },
  };
  return { ...createWaits({ waitMs, clock, random: () => random }), pauses, time };
}

/** Returns the duration of the first pause after own introspections of some durations. */
async function firstPause(durations: readonly number[]): Promise<number | undefined> {
  const { observe, start, pauses } = waits();
  for (const milliseconds of durations) observe(milliseconds);
  await start().pause('lease', LONG_MS);
  return pauses[0];
}
const times = (count: number, milliseconds: number) => Array<number>(count).fill(milliseconds);

describe('the waits for the introspections of other environments', () => {
  it.each([
    ['50 ms before any introspection', [], 50],
    ['the duration of the only introspection', [80], 80],
    ['the median of three introspections', [300, 100, 200], 200],
    ['the median of introspections in order', [100, 200, 900], 200],
    ['the longer one of two introspections', [300, 100], 300],
    ['at least 25 ms', [1, 2, 3], 25],
    ['the median of the 15 introspections before', [...times(8, 100), ...times(7, 900)], 100],
    ['a median without the 16th introspection before', [...times(8, 900), ...times(8, 100)], 100],
  ])(
    'the first pause for the lease of another environment is %s',
    async (_, durations, expected) => {
      expect(await firstPause(durations)).toBe(expected);
    },
  );

  it.each([
    [0, [50, 0, 0, 0, 0, 9000]],
    [0.5, [56.25, 25, 50, 100, 200, 9025]],
    [1, [62.5, 50, 100, 200, 400, 9050]],
  ])(
    'pauses for a lease double by the jitter %d, the sixth one lasts until the lease expires, and no seventh one follows',
    async (random, expected) => {
      const { start, pauses } = waits({ random });
      const wait = start();

      for (const _ of expected) expect(await wait.pause('lease', 9000)).toBe(true);
      expect(await wait.pause('lease', 9000)).toBe(false);
      expect(pauses).toEqual(expected);
    },
  );

  it('pauses start again for the lease of another environment', async () => {
    const { start, pauses } = waits();
    const wait = start();
    for (let read = 0; read < 6; read += 1) await wait.pause('one', 9000);

    expect(await wait.pause('two', 9000)).toBe(true);
    expect(pauses.at(-1)).toBe(50);
  });

  it.each([
    [0, 10],
    [0.5, 35],
    [1, 60],
  ])(
    'a pause for a lease ends after the lease expires, with the jitter %d',
    async (random, expected) => {
      const { start, pauses } = waits({ random });
      await start().pause('lease', 10);

      expect(pauses).toEqual([expected]);
    },
  );

  it('a pause for a lease lasts at most as long as the wait', async () => {
    const { start, pauses } = waits({ waitMs: 70 });
    const wait = start();

    expect(await wait.pause('one', 9000)).toBe(true);
    expect(await wait.pause('two', 9000)).toBe(true);
    expect(await wait.pause('three', 9000)).toBe(false);
    expect(pauses).toEqual([50, 20]);
  });

  it('a wait for a lease that is over is without a pause', async () => {
    const { start, pauses, time } = waits({ waitMs: 70 });
    const wait = start();
    time.ms += 71;

    expect(await wait.pause('lease', 9000)).toBe(false);
    expect(await waits({ waitMs: 0 }).start().pause('lease', 9000)).toBe(false);
    expect(pauses).toEqual([]);
  });

  it('the awaited lease is the one of the last pause', async () => {
    const wait = waits().start();
    expect(wait.awaited(undefined)).toBe(false);
    await wait.pause('one', 9000);
    expect([wait.awaited('one'), wait.awaited('two')]).toEqual([true, false]);
    await wait.pause('two', 9000);
    expect([wait.awaited('one'), wait.awaited('two')]).toEqual([false, true]);
  });
});
