import { hash } from 'node:crypto';

/**
 * Under which the memory cache knows an access token: a digest, so that it holds none. What else tells
 * entries apart is the same for a whole execution environment.
 */
export function memoryCacheKey(accessToken: string): string {
  return hash('sha256', accessToken, 'base64url');
}
