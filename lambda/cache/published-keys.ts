import type { MemoryCache, PhantomTokenSigner, TokenCache } from '../core/ports';

interface Caches {
  readonly memoryCache: MemoryCache;
  readonly tokenCache: TokenCache;
}

/**
 * Returns the caches without phantom tokens whose keys are not published any more. Upstream APIs would reject
 * those.
 *
 * @see https://github.com/ory/oathkeeper/issues/763
 */
export function publishedKeysOnly(
  { memoryCache, tokenCache }: Caches,
  { isPublished, ready }: Pick<PhantomTokenSigner, 'isPublished' | 'ready'>,
): Caches {
  return {
    memoryCache: {
      ...memoryCache,
      get(id) {
        const result = memoryCache.get(id);
        const keyId = result && 'facts' in result ? result.facts.keyId : undefined;
        return keyId === undefined || isPublished(keyId) ? result : undefined;
      },
    },
    tokenCache: {
      ...tokenCache,
      async getOrAcquire(accessToken, known) {
        // The parser of entries compares their keys with the published ones.
        await ready();
        return tokenCache.getOrAcquire(accessToken, known);
      },
    },
  };
}
