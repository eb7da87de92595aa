import { compared } from './compared';
import { authorize, newAccessToken, type startFunction } from './function';
import { cpuMicroseconds, interleave, rounds } from './sample';

type Handler = ReturnType<typeof startFunction>;

const SIZES = process.env['BENCH_QUICK'] ? [1, 100, 2000] : [1, 100, 10_000, 100_000];
const ROUNDS = rounds(40);
/** Rounds that are not measured. Each environment is as warm as the others. */
const WARM_UP_ROUNDS = rounds(20);

/**
 * Measures decisions of environments that know more and more tokens, in turn. The environment with ten thousand is also
 * weighed.
 *
 * @param decisions runs 500 decisions about tokens of a function.
 */
export async function measureGrowth(
  start: () => Handler,
  decisions: (handler: Handler, token: () => string) => Promise<void>,
) {
  let heapBytes = 0;
  const environments: [string, () => Promise<void>][] = [];
  for (const size of SIZES) {
    const handler = start();
    // Loads what is loaded lazily, so that it does not count as cached tokens.
    await authorize(handler, newAccessToken());
    const empty = heap();
    const tokens: string[] = [];
    while (tokens.length < size) {
      const batch = Array.from({ length: Math.min(20, size - tokens.length) }, newAccessToken);
      await Promise.all(batch.map((token) => authorize(handler, token)));
      tokens.push(...batch);
    }
    if (size >= 2000) heapBytes ||= (heap() - empty) * (10_000 / size) - 10_000 * 64;
    // The memory cache is bounded: of more tokens it holds the ones used last.
    const held = tokens.slice(-5000);
    const any = () => held[Math.floor(Math.random() * held.length)] ?? '';
    environments.push([String(size), () => decisions(handler, any)]);
  }
  const contenders = Object.fromEntries(environments);
  await interleave(WARM_UP_ROUNDS, contenders, cpuMicroseconds);
  const ofSizes = await interleave(ROUNDS, contenders, cpuMicroseconds);
  const first = ofSizes['1'] ?? [];
  const growth = SIZES.map((tokens) => {
    const taken = { ours: ofSizes[String(tokens)] ?? [], reference: first };
    return { tokens, decision: compared(taken, 500) };
  });
  return { growth, heapBytes };
}

function heap(): number {
  for (let n = 0; n < 3; n += 1) global.gc?.();
  return process.memoryUsage().heapUsed;
}
