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
  it.each<[string, (token: number) => object, number?, number?]>([
    ['long lists of audiences', (token) => ({ aud: list(600, (index) => `a${index}${token}`) })],
    ['many scopes', (token) => ({ scope: list(600, (index) => `s${index}${token}`).join(' ') })],
    ['empty lists in a confirmation', () => ({ cnf: list(1000, () => []) })],
    [
      'many members in a confirmation',
      (token) => ({ cnf: { [`x${token}`]: list(500, () => ({})) } }),
    ],
    ['texts beyond Latin-1', (token) => ({ sub: `\u4e2d${token}`.repeat(4000) })],
    ['many booleans in a confirmation', () => ({ cnf: list(3000, () => true) })],
    ['a JWT of 24 KB', () => ({}), 18_000],
    ['a JWT of 6 KB', () => ({}), 4500, 5500],
  ])('the memory cache takes at most 32 MiB of the heap for tokens with %s', (...shape) => {
    const [, statedOf, padding = 0, tokens = 1500] = shape;
    const before = heapUsed();
    const cache = createMemoryCache();
    for (let token = 0; token < tokens; token++) {
      const stated = JSON.parse(JSON.stringify(statedOf(token)));
      const payload = { jti: token, padding: 'p'.repeat(padding) };
      const facts = readPhantomToken(jws(payload, { alg: 'RS256' }, 's'.repeat(342)), stated);
      const times = { expiresAt: NOW + 60, renewAt: NOW + 54.5 + token / 1e5 };
      cache.set(`token ${token}`, { facts, ...times });
    }
    const taken = heapUsed() - before;

    expect(cache.get(`token ${tokens - 1}`)).toBeDefined();
    expect(taken).toBeLessThan(32 * 1024 * 1024);
  });
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
