import { createMemoryCache } from '../../../lambda/cache/memory-cache';
import { publishedKeysOnly } from '../../../lambda/cache/published-keys';
import type { CachedResult } from '../../../lambda/core/cache-lifetime';
import { NO_LEASE, type TokenCache } from '../../../lambda/core/ports';
import { signerOf } from '../../support/minting';
import { facts, NOW } from '../../support/tokens';

const minted = (keyId: string): CachedResult => ({
  facts: { ...facts(), keyId },
  expiresAt: NOW + 60,
});
const tokenCache: TokenCache = {
  getOrAcquire: async () => NO_LEASE,
  invalidate: async () => undefined,
};

describe('publishedKeysOnly', () => {
  it('publishedKeysOnly hides memory entries whose keys are not published, until they are replaced', async () => {
    const published = new Set(['one']);
    const signer = { isPublished: (id: string) => published.has(id), ready: async () => undefined };
    const { memoryCache } = publishedKeysOnly(
      { memoryCache: createMemoryCache(), tokenCache },
      signer,
    );
    memoryCache.set('a', minted('one'));
    memoryCache.set('b', { invalid: 'token_inactive', expiresAt: NOW + 60 });

    expect(memoryCache.get('a')).toEqual(minted('one'));
    expect(memoryCache.get('b')).toBeDefined();
    expect(memoryCache.get('c')).toBeUndefined();
    published.delete('one');
    expect(memoryCache.get('a')).toBeUndefined();
    memoryCache.set('a', minted('one'));
    published.add('one');
    expect(memoryCache.get('a')).toEqual(minted('one'));
  });

  it('publishedKeysOnly passes the known result of a renewal on', async () => {
    const getOrAcquire = jest.fn(async () => NO_LEASE);
    const caches = {
      memoryCache: createMemoryCache(),
      tokenCache: { ...tokenCache, getOrAcquire },
    };
    const known = minted('one');
    await publishedKeysOnly(caches, signerOf()).tokenCache.getOrAcquire('token', known);

    expect(getOrAcquire).toHaveBeenCalledWith('token', known);
  });

  it('publishedKeysOnly reads the token cache only when the published keys are known', async () => {
    const signer = { ...signerOf(), ready: () => Promise.reject(new Error('no keys')) };
    const caches = publishedKeysOnly({ memoryCache: createMemoryCache(), tokenCache }, signer);

    await expect(caches.tokenCache.getOrAcquire('token')).rejects.toThrow('no keys');
    await expect(caches.tokenCache.invalidate('token')).resolves.toBeUndefined();
  });
});
