import { setTimeout as sleep } from 'node:timers/promises';
import { createTableCircuitBreaker } from '../../../../lambda/io/aws/table-circuit-breaker';
import { OPEN_SECONDS } from '../../../../lambda/io/circuit-breaker';
import { systemClock } from '../../../../lambda/io/system-clock';
import { inIdleTime } from '../../../support/idle-time';

const TIMEOUT_MS = 30;
const FAILURE = new Error('slow down');

function create() {
  const clock = { elapsedMs: 0 };
  const onFault = jest.fn();
  const attempt = createTableCircuitBreaker({
    timeoutMs: TIMEOUT_MS,
    onFault,
    clock: { ...systemClock, elapsed: () => clock.elapsedMs },
  });
  const late = (ms: number) => attempt('read', () => sleep(ms, 'late'));
  const failing = jest.fn(async () => {
    throw FAILURE;
  });
  /** The environment has served a first request. */
  const warmUp = async () => {
    for (let i = 0; i < 3; i++) await attempt('read', async () => undefined);
  };
  return { attempt, onFault, clock, late, failing, warmUp };
}

describe('createTableCircuitBreaker', () => {
  it('a table operation returns its value, also if that is undefined', async () => {
    const { attempt, onFault } = create();

    expect(await attempt('read', async () => 'item')).toEqual({ value: 'item' });
    expect(await attempt('read', async () => undefined)).toEqual({ value: undefined });
    expect(onFault).not.toHaveBeenCalled();
  });

  it('a table operation that fails returns nothing, and is reported', async () => {
    const { attempt, onFault, failing } = create();

    expect(await attempt('store', failing)).toBeUndefined();
    expect(onFault.mock.calls).toEqual([['store', FAILURE]]);
  });

  it('a table operation is not awaited beyond its timeout, which is reported once', () =>
    inIdleTime(async () => {
      const { attempt, onFault, late, warmUp } = create();
      await warmUp();
      let finished = false;

      const began = performance.now();
      const answer = attempt('read', async () => {
        await sleep(TIMEOUT_MS + 300);
        finished = true;
      });

      expect(await answer).toBeUndefined();
      expect(performance.now() - began).toBeGreaterThanOrEqual(TIMEOUT_MS - 2);
      expect(finished).toBe(false);
      expect(onFault.mock.calls).toEqual([
        ['read', expect.objectContaining({ message: 'the table did not respond within 30 ms' })],
      ]);
      expect(await late(1)).toEqual({ value: 'late' });
    }));

  it('a table operation beyond its timeout finishes, and its failure is not reported', () =>
    inIdleTime(async () => {
      const { attempt, onFault, warmUp } = create();
      await warmUp();
      const written = jest.fn();

      await attempt('store', async () => {
        await sleep(TIMEOUT_MS + 30);
        written();
        throw FAILURE;
      });
      expect(written).not.toHaveBeenCalled();
      await sleep(60);

      expect(written).toHaveBeenCalledTimes(1);
      expect(onFault).toHaveBeenCalledTimes(1);
    }));

  it('the first three table operations of an environment have more time', () =>
    inIdleTime(async () => {
      const { late } = create();

      for (let i = 0; i < 3; i++) expect(await late(TIMEOUT_MS + 50)).toEqual({ value: 'late' });
      expect(await late(TIMEOUT_MS + 50)).toBeUndefined();
    }));

  it('table operations have more time until three succeeded', () =>
    inIdleTime(async () => {
      const { attempt, late, failing } = create();

      await attempt('read', failing);
      for (let i = 0; i < 3; i++) expect(await late(TIMEOUT_MS + 50)).toEqual({ value: 'late' });
      expect(await late(TIMEOUT_MS + 50)).toBeUndefined();
    }));

  it('a response of the table that waited in a busy event loop precedes the timeout', async () => {
    const { attempt, warmUp } = create();
    await warmUp();

    const answer = attempt('read', () => new Promise((resolve) => setImmediate(resolve, 'there')));
    const until = performance.now() + TIMEOUT_MS + 20;
    while (performance.now() < until);

    expect(await answer).toEqual({ value: 'there' });
  });

  it('table operations are skipped after three failures in a row, and tried again after five seconds', async () => {
    const { attempt, onFault, clock, failing } = create();
    for (let i = 0; i < 5; i++) await attempt('read', failing);

    expect(failing).toHaveBeenCalledTimes(3);
    expect(onFault).toHaveBeenCalledTimes(5);
    clock.elapsedMs += OPEN_SECONDS * 1000 - 1;
    await attempt('read', failing);
    expect(failing).toHaveBeenCalledTimes(3);
    clock.elapsedMs += 1;
    expect(await attempt('read', async () => 'up')).toEqual({ value: 'up' });
    expect(await attempt('read', async () => 'again')).toEqual({ value: 'again' });
  });
});
