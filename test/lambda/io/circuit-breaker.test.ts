import { createCircuitBreaker, OPEN_SECONDS } from '../../../lambda/io/circuit-breaker';
import { NOW } from '../../support/tokens';

class Down extends Error {}
class NotSent extends Error {}
const DOWN = new Down('down');
const REFUSED = new Error('refused');

function create() {
  const clock = { now: NOW };
  const guard = createCircuitBreaker({
    isDown: (error) => error instanceof Down,
    openError: (cause) => new NotSent('not sent', { cause }),
    now: () => clock.now,
  });
  const sent = jest.fn();
  /** Sends a request that ends so. */
  const send = (outcome: unknown = 'answer') =>
    guard(async () => {
      sent();
      if (outcome instanceof Error) throw outcome;
      return outcome;
    });
  async function open() {
    for (let count = 0; count < 3; count++) await expect(send(DOWN)).rejects.toBe(DOWN);
    sent.mockClear();
  }
  return { clock, guard, send, sent, open };
}

describe('createCircuitBreaker', () => {
  it('a circuit breaker lets every request through, and its outcome, while the dependency is up', async () => {
    const { send } = create();

    expect(await send()).toBe('answer');
    await expect(send(REFUSED)).rejects.toBe(REFUSED);
  });

  it('a circuit breaker opens after three failures in a row, and sends nothing then', async () => {
    const { send, sent } = create();
    await expect(send(DOWN)).rejects.toBe(DOWN);
    await expect(send(DOWN)).rejects.toBe(DOWN);
    await expect(send(DOWN)).rejects.toBe(DOWN);

    await expect(send()).rejects.toBeInstanceOf(NotSent);
    await expect(send()).rejects.toMatchObject({ cause: DOWN });
    expect(sent).toHaveBeenCalledTimes(3);
  });

  it.each([
    ['a response', 'answer'],
    ['another failure', REFUSED],
  ])('a circuit breaker does not open if %s came between the failures', async (_, between) => {
    const { send, sent } = create();
    for (let count = 0; count < 5; count++) {
      await send(DOWN).catch(() => undefined);
      await send(DOWN).catch(() => undefined);
      await send(between).catch(() => undefined);
    }

    expect(sent).toHaveBeenCalledTimes(15);
  });

  it('a circuit breaker does not open however often requests fail for another reason', async () => {
    const { send, sent } = create();
    for (let count = 0; count < 10; count++) await expect(send(REFUSED)).rejects.toBe(REFUSED);

    expect(sent).toHaveBeenCalledTimes(10);
  });

  it('a circuit breaker lets one request through after its time, not before', async () => {
    const { clock, send, sent, open } = create();
    await open();

    clock.now = NOW + OPEN_SECONDS - 0.001;
    await expect(send()).rejects.toBeInstanceOf(NotSent);
    clock.now = NOW + OPEN_SECONDS;
    expect(await send()).toBe('answer');
    expect(sent).toHaveBeenCalledTimes(1);
  });

  it('a circuit breaker probes with one request alone, and lets all through if the dependency is back', async () => {
    const { clock, guard, send, sent, open } = create();
    await open();
    clock.now = NOW + OPEN_SECONDS;
    let answer: (value: string) => void = () => undefined;
    const probe = guard(() => new Promise<string>((resolve) => (answer = resolve)));

    await expect(send()).rejects.toBeInstanceOf(NotSent);
    clock.now = NOW + 100;
    await expect(send()).rejects.toBeInstanceOf(NotSent);
    expect(sent).not.toHaveBeenCalled();

    answer('back');
    expect(await probe).toBe('back');
    expect(await send()).toBe('answer');
    expect(await send()).toBe('answer');
  });

  it('a circuit breaker stays open, for as long again, if the probe fails too', async () => {
    const { clock, send, sent, open } = create();
    await open();
    clock.now = NOW + OPEN_SECONDS;
    await expect(send(DOWN)).rejects.toBe(DOWN);

    clock.now = NOW + 2 * OPEN_SECONDS - 0.001;
    await expect(send()).rejects.toBeInstanceOf(NotSent);
    clock.now = NOW + 2 * OPEN_SECONDS;
    expect(await send()).toBe('answer');
    expect(sent).toHaveBeenCalledTimes(2);
  });

  it('a circuit breaker closes if the probe fails for another reason, since the dependency is back', async () => {
    const { clock, send, open } = create();
    await open();
    clock.now = NOW + OPEN_SECONDS;
    await expect(send(REFUSED)).rejects.toBe(REFUSED);

    expect(await send()).toBe('answer');
    await expect(send(DOWN)).rejects.toBe(DOWN);
    await expect(send(DOWN)).rejects.toBe(DOWN);
    expect(await send()).toBe('answer');
  });

  it('a circuit breaker needs three failures again after it closed', async () => {
    const { clock, send, open } = create();
    await open();
    clock.now = NOW + OPEN_SECONDS;
    await send();
    await expect(send(DOWN)).rejects.toBe(DOWN);
    await expect(send(DOWN)).rejects.toBe(DOWN);

    expect(await send()).toBe('answer');
  });

  it('a circuit breaker counts concurrent requests that fail', async () => {
    const { send } = create();
    const all = [send(DOWN), send(DOWN), send(DOWN), send(DOWN)];
    await Promise.allSettled(all);

    await expect(send()).rejects.toBeInstanceOf(NotSent);
  });

  it('a circuit breaker does not open however often requests of one subject fail', async () => {
    const { guard, send } = create();
    const fail = () => Promise.reject(DOWN);
    for (let count = 0; count < 5; count++) await expect(guard(fail, 'one')).rejects.toBe(DOWN);
    await expect(guard(fail, 'two')).rejects.toBe(DOWN);

    expect(await send()).toBe('answer');
  });

  it('a circuit breaker opens after requests of three subjects failed', async () => {
    const { guard, send } = create();
    const fail = () => Promise.reject(DOWN);
    for (const subject of ['one', 'two', 'three']) {
      await expect(guard(fail, subject)).rejects.toBe(DOWN);
    }

    await expect(send()).rejects.toBeInstanceOf(NotSent);
  });

  it('a circuit breaker closes although the probe of one subject hangs', async () => {
    const { clock, guard, send, open } = create();
    await open();
    clock.now = NOW + OPEN_SECONDS;
    let end: (error: Error) => void = () => undefined;
    const hanging = guard(() => new Promise<string>((_, reject) => (end = reject)), 'bad');

    await expect(guard(async () => 'answer', 'bad')).rejects.toBeInstanceOf(NotSent);
    expect(await guard(async () => 'answer', 'good')).toBe('answer');
    expect(await send()).toBe('answer');

    end(DOWN);
    await expect(hanging).rejects.toBe(DOWN);
    expect(await send()).toBe('answer');
  });

  it('a circuit breaker probes with no more than three subjects at once', async () => {
    const { clock, guard, open } = create();
    await open();
    clock.now = NOW + OPEN_SECONDS;
    const sent = jest.fn(() => new Promise<string>(() => undefined));
    for (const subject of ['one', 'two', 'three']) void guard(sent, subject);

    await expect(guard(sent, 'four')).rejects.toBeInstanceOf(NotSent);
    expect(sent).toHaveBeenCalledTimes(3);
  });
});
