import { createMemoryCache } from '../../../lambda/cache/memory-cache';
import { facts, NOW } from '../../support/tokens';

const active = (jwt = 'a.b.c') => ({ facts: facts({}, jwt), expiresAt: NOW + 60 });
const INACTIVE = { invalid: 'token_inactive', expiresAt: NOW + 10 } as const;

describe('createMemoryCache', () => {
  it('the memory cache holds the results that were set, active or not', () => {
    const cache = createMemoryCache();
    const answer = active();
    cache.set('one', answer);
    cache.set('two', INACTIVE);

    expect(cache.get('one')).toBe(answer);
    expect(cache.get('two')).toBe(INACTIVE);
    expect(cache.get('three')).toBeUndefined();
  });

  it('the memory cache holds the last result of a token', () => {
    const cache = createMemoryCache();
    cache.set('one', active());
    cache.set('one', INACTIVE);
    expect(cache.get('one')).toBe(INACTIVE);

    const answer = active();
    cache.set('one', answer);
    expect(cache.get('one')).toBe(answer);
  });

  it('a memory cache holds nothing of another one', () => {
    createMemoryCache().set('one', active());

    expect(createMemoryCache().get('one')).toBeUndefined();
  });

  it('a flood of inactive tokens evicts no active token from the memory cache', () => {
    const cache = createMemoryCache();
    cache.set('one', active());
    for (let count = 0; count < 20_000; count++) cache.set(`inactive ${count}`, INACTIVE);

    expect(cache.get('one')).toBeDefined();
    expect(cache.get('inactive 9999')).toBeUndefined();
    expect(cache.get('inactive 10000')).toBe(INACTIVE);
  });

  it('the memory cache holds at most 8 MiB of inactive tokens', () => {
    const cache = createMemoryCache();
    const freshness = { cacheControl: 'x'.repeat(16 * 1024), age: undefined };
    for (let count = 0; count < 513; count++) {
      cache.set(`inactive ${count}`, { ...INACTIVE, freshness } as typeof INACTIVE);
    }

    expect(cache.get('inactive 0')).toBeUndefined();
    expect(cache.get('inactive 512')).toBeDefined();
  });

  it('the memory cache holds at most 10 000 active tokens and evicts the least recently used one', () => {
    const cache = createMemoryCache();
    for (let count = 0; count < 10_000; count++) cache.set(`active ${count}`, active());
    cache.get('active 0');
    cache.set('one more', active());

    expect(cache.get('active 0')).toBeDefined();
    expect(cache.get('active 1')).toBeUndefined();
    expect(cache.get('one more')).toBeDefined();
  });

  it('the memory cache counts the size of the response in addition to that of the token', () => {
    const cache = createMemoryCache();
    const stated = { scope: 'x'.repeat(64 * 1024) };
    for (let count = 0; count < 513; count++) {
      cache.set(`active ${count}`, {
        facts: { ...facts(), responseClaims: stated },
        expiresAt: NOW + 60,
      });
    }

    expect(cache.get('active 0')).toBeUndefined();
    expect(cache.get('active 512')).toBeDefined();
  });

  it('the memory cache holds at most 30 MiB of tokens, since its tables take 2 MiB', () => {
    const cache = createMemoryCache();
    const jwt = 'x'.repeat(64 * 1024 - 1024);
    for (let count = 0; count < 481; count++) cache.set(`active ${count}`, active(jwt));

    expect(cache.get('active 0')).toBeUndefined();
    expect(cache.get('active 1')).toBeDefined();
    expect(cache.get('active 480')).toBeDefined();
  });

  it.each([
    ['an active token', active()],
    ['an invalid token', INACTIVE],
  ])('the memory cache forgets %s that is deleted, and keeps others', (_, result) => {
    const cache = createMemoryCache();
    cache.set('one', result);
    cache.set('other', result);
    cache.delete('one');

    expect(cache.get('one')).toBeUndefined();
    expect(cache.get('other')).toEqual(result);
  });
});
