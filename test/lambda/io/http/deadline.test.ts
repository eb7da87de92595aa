import { setTimeout as sleep } from 'node:timers/promises';
import { withDeadline } from '../../../../lambda/io/http/deadline';

describe('withDeadline', () => {
  it('withDeadline returns the value of the work, and leaves no timer behind', async () => {
    const signals: AbortSignal[] = [];

    const value = await withDeadline(20, async ({ signal }) => {
      signals.push(signal);
      return 'done';
    });
    await sleep(40);

    expect(value).toBe('done');
    expect(signals[0]?.aborted).toBe(false);
  });

  it('withDeadline aborts the work at the deadline, and the error names it', async () => {
    const work = withDeadline(20, async ({ signal, remainingMs }) => {
      expect(remainingMs()).toBeGreaterThan(0);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      expect(remainingMs()).toBeLessThan(1);
      throw signal.reason;
    });

    await expect(work).rejects.toMatchObject({ name: 'TimeoutError', code: 'ETIMEDOUT' });
  });

  it('withDeadline leaves no timer behind if the work fails', async () => {
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
