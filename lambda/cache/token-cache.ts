import { Fault } from '../core/errors';
import type { TokenCache } from '../core/ports';
import { createIntrospectionLeases, type IntrospectionLeasesOptions } from './introspection-lease';
import {
  createTokenCacheEntries,
  type TokenCacheEntries,
  type TokenCacheEntriesOptions,
} from './token-cache-entries';

export type TokenCacheOptions = TokenCacheEntriesOptions &
  Omit<IntrospectionLeasesOptions, 'entryOf'>;

/** The token cache in DynamoDB, shared by all execution environments: one item for each access token. */
export function createTokenCache(
  options: TokenCacheOptions,
  entries: TokenCacheEntries = createTokenCacheEntries(options),
): TokenCache {
  const leases = createIntrospectionLeases({ ...options, entryOf: entries.of });

  return {
    async getOrAcquire(accessToken, known) {
      const found = await leases.resultOrLease(accessToken, known);
      if (!('fault' in found)) return found;
      throw new Fault(found.fault, 'the introspection of another execution environment failed');
    },
    invalidate: entries.invalidate,
  };
}
