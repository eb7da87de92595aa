import { setTimeout as sleep } from 'node:timers/promises';
import { withDeadline } from '../../../../lambda/io/http/deadline';

describe('withDeadline', () => {
  it('gives what the work gives, and leaves no timer behind', async () => {
    const signals: AbortSignal[] = [];

    const value = await withDeadline(20, async ({ signal }) => {
      signals.push(signal);
      return 'done';
    });
    await sleep(40);

    expect(value).toBe('done');
    expect(signals[0]?.aborted).toBe(false);
  });

  it('aborts when the time is over, and says so', async () => {
    const work = withDeadline(20, async ({ signal, remainingMs }) => {
      expect(remainingMs()).toBeGreaterThan(0);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      expect(remainingMs()).toBeLessThan(1);
      throw signal.reason;
    });

    await expect(work).rejects.toMatchObject({ name: 'TimeoutError', code: 'ETIMEDOUT' });
  });

  it('leaves no timer behind where the work fails', async () => {
    const signals: AbortSignal[] = [];
    const work = withDeadline(20, async ({ signal }) => {
      signals.push(signal);
      throw new Error('failed');
    });

    await expect(work).rejects.toThrow('failed');
    await sleep(40);
    expect(signals[0]?.aborted).toBe(false);
  });
});
