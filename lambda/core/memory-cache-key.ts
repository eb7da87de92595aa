import { hash } from 'node:crypto';

/**
 * Returns the memory-cache key of an access token: a digest, so that the cache holds no tokens. The
 * configuration is not part of it, because it is the same for a whole execution environment.
 */
export function memoryCacheKey(accessToken: string): string {
  return hash('sha256', accessToken, 'base64url');
}
