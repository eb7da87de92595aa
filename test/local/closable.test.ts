import { type Closable, startAll } from '../../local/closable';

const part = (name: string, closed: string[]): Closable => ({
  async close() {
    closed.push(name);
  },
});

test('parts that were started as one are closed with it, the last one first', async () => {
  const closed: string[] = [];
  const whole = await startAll(async (started) => {
    started.push(part('first', closed), part('second', closed));
    return { port: 1 };
  });

  expect(closed).toEqual([]);
  await whole.close();
  await whole.close();
  expect(whole.port).toBe(1);
  expect(closed).toEqual(['second', 'first']);
});

test('a start that fails closes what it has started', async () => {
  const closed: string[] = [];
  const starting = startAll(async (started) => {
    started.push(part('first', closed));
    throw new Error('port 9420 on 127.0.0.1 is in use');
  });

  await expect(starting).rejects.toThrow('in use');
  expect(closed).toEqual(['first']);
});
