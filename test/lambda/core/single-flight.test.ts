import { createSingleFlight } from '../../../lambda/core/single-flight';

describe('createSingleFlight', () => {
  it('single-flight runs the work once for concurrent calls with the same key', async () => {
    const flight = createSingleFlight<string>();
    const work = jest.fn(async () => 'result');

    await expect(Promise.all([flight.run(work, 'a'), flight.run(work, 'a')])).resolves.toEqual([
      'result',
      'result',
    ]);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('single-flight runs the work for each key', async () => {
    const flight = createSingleFlight<string>();
    const work = jest.fn(async () => 'result');

    await Promise.all([flight.run(work, 'a'), flight.run(work, 'b')]);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('single-flight runs the work again after a shared failure', async () => {
    const flight = createSingleFlight<string>();
    const work = jest.fn().mockRejectedValueOnce(new Error('down')).mockResolvedValue('result');
    const calls = [flight.run(work), flight.run(work)];

    await flight.settled();
    for (const call of calls) await expect(call).rejects.toThrow('down');
    await expect(flight.run(work)).resolves.toBe('result');
    expect(work).toHaveBeenCalledTimes(2);
  });

  it.each<[string, [] | [string]]>([
    ['without a key', []],
    ['with a key', ['a']],
  ])('settled waits for the run in flight %s, also if it fails', async (_, key) => {
    const flight = createSingleFlight<string>();
    let fail: ((error: Error) => void) | undefined;
    const work = () => new Promise<string>((_, reject) => (fail = reject));
    const call = flight.run(work, ...key);
    const settled = jest.fn();
    const wait = flight.settled(...key).then(settled);

    await new Promise(setImmediate);
    expect(settled).not.toHaveBeenCalled();
    fail?.(new Error('down'));
    await expect(call).rejects.toThrow('down');
    await wait;
    expect(settled).toHaveBeenCalledTimes(1);
  });

  it('settled resolves if no run is in flight', async () => {
    await expect(createSingleFlight().settled('a')).resolves.toBeUndefined();
  });
});
