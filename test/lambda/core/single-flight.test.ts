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
});
