import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createMemoryCache } from '../../../lambda/cache/memory-cache';
import { retainedBytes } from '../../../lambda/cache/retained-size';
import { readPhantomToken } from '../../../lambda/core/phantom-token';
import { jws, NOW } from '../../support/tokens';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function heapUsed(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
const list = (length: number, entry: (index: number) => unknown) =>
  Array.from({ length }, (_, index) => entry(index));

describe('createMemoryCache', () => {
  it.each<[string, (token: number) => object]>([
    ['long lists of audiences', (token) => ({ aud: list(600, (index) => `a${index}${token}`) })],
    ['many scopes', (token) => ({ scope: list(600, (index) => `s${index}${token}`).join(' ') })],
    ['empty lists in a confirmation', () => ({ cnf: list(1000, () => []) })],
    [
      'many members in a confirmation',
      (token) => ({ cnf: { [`x${token}`]: list(500, () => ({})) } }),
    ],
    ['texts beyond Latin-1', (token) => ({ sub: `\u4e2d${token}`.repeat(4000) })],
  ])('takes about 32 MiB of the heap for tokens with %s', (_, statedOf) => {
    const cache = createMemoryCache();
    const before = heapUsed();
    for (let token = 0; token < 1200; token++) {
      const stated = JSON.parse(JSON.stringify(statedOf(token)));
      const facts = readPhantomToken(
        jws({ jti: token }, { alg: 'RS256' }, 's'.repeat(342)),
        stated,
      );
      cache.set(`token ${token}`, { facts, expiresAt: NOW + 60 });
    }
    const taken = heapUsed() - before;

    expect(cache.get('token 1199')).toBeDefined();
    // The tables for 10 000 entries and what else the test keeps come on top.
    expect(taken).toBeLessThan(38 * 1024 * 1024);
  });
});

describe('retainedBytes', () => {
  it('measures a value that is nested deeper than the stack allows', () => {
    const nested = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));

    expect(retainedBytes(nested)).toBeGreaterThan(4_000_000);
  });

  it('counts characters beyond Latin-1 twice', () => {
    expect(retainedBytes('\u4e2d'.repeat(1000)) - retainedBytes('\xe9'.repeat(1000))).toBe(1000);
  });
});
