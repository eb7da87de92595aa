import { createRefreshed, MAX_AGE_SECONDS, RETRY_SECONDS } from '../../../lambda/key-set/refreshed';

let now = 0;
const read = jest.fn<Promise<string>, []>();
const create = () => createRefreshed(read, () => now);
beforeEach(() => {
  now = 0;
  read.mockReset().mockResolvedValue('one');
});

describe('createRefreshed', () => {
  it('a refreshed value is read once for concurrent calls, and again after the maximum age', async () => {
    const get = create();
    expect(await Promise.all([get(), get()])).toEqual(['one', 'one']);
    read.mockResolvedValue('two');

    now = MAX_AGE_SECONDS - 0.001;
    expect(await get()).toBe('one');
    now = MAX_AGE_SECONDS;
    expect(await get()).toBe('two');
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('a refreshed value stays while reading fails, and is read again after the maximum age', async () => {
    const get = create();
    await get();
    read.mockRejectedValue(new Error('throttled'));

    now = MAX_AGE_SECONDS;
    expect([await get(), await get()]).toEqual(['one', 'one']);
    expect(read).toHaveBeenCalledTimes(2);
    read.mockResolvedValue('two');
    now = 2 * MAX_AGE_SECONDS;
    expect(await get()).toBe('two');
  });

  it('a refreshed value that was never read is an error, and is read again after five seconds at the earliest', async () => {
    const get = create();
    read.mockRejectedValueOnce(new Error('throttled'));

    await expect(get()).rejects.toThrow('throttled');
    now = RETRY_SECONDS - 0.001;
    await expect(get()).rejects.toThrow('throttled');
    expect(read).toHaveBeenCalledTimes(1);
    now = RETRY_SECONDS;
    expect(await get()).toBe('one');
    expect(RETRY_SECONDS).toBe(5);
  });

  it('the time until the next read of a refreshed value counts from the end of a read that fails', async () => {
    const get = create();
    read.mockImplementationOnce(async () => {
      now = 2;
      throw new Error('too late');
    });

    await expect(get()).rejects.toThrow('too late');
    now = 2 + RETRY_SECONDS - 0.001;
    await expect(get()).rejects.toThrow('too late');
    now = 2 + RETRY_SECONDS;
    expect(await get()).toBe('one');
  });

  it('a refreshed value that was never read is the last error of several', async () => {
    const get = create();
    read.mockRejectedValueOnce(new Error('first')).mockRejectedValueOnce(new Error('second'));

    await expect(get()).rejects.toThrow('first');
    now = RETRY_SECONDS;
    await expect(get()).rejects.toThrow('second');
  });
});
