import { execFileSync } from 'node:child_process';
import { retainedBytes } from '../../../lambda/cache/retained-size';
import { type Measurement, SHAPES } from '../../support/memory-cache-heap';

const MIB = 1024 * 1024;

describe('createMemoryCache', () => {
  let measurements: Readonly<Record<string, Measurement>>;
  beforeAll(() => {
    const script = require.resolve('../../support/memory-cache-heap.ts');
    // Other threads of V8 would keep garbage alive.
    const args = ['--expose-gc', '--single-threaded', '--require', 'tsx/cjs', script];
    measurements = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  });

  it.each(Object.keys(SHAPES))(
    'the memory cache takes at most 32 MiB of the heap for tokens with %s',
    (shape) => {
      const { takenBytes, has } = measurements[shape] as Measurement;

      // It is full.
      expect(has).toEqual({ first: false, last: true });
      expect(takenBytes).toBeGreaterThan(8 * MIB);
      expect(takenBytes).toBeLessThan(32 * MIB);
    },
  );
});

describe('retainedBytes', () => {
  it('retainedBytes measures a value that is nested deeper than the stack allows', () => {
    const nested = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));

    expect(retainedBytes(nested)).toBeGreaterThan(4_000_000);
  });

  it('retainedBytes counts characters beyond Latin-1 twice', () => {
    expect(retainedBytes('\u4e2d'.repeat(1000)) - retainedBytes('\xe9'.repeat(1000))).toBe(1000);
  });
});
