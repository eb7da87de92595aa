import { LRUCache } from 'lru-cache';

/** Maximum number of tokens of each kind. */
const MAX_TOKENS = 10_000;

/**
 * Store of oidc-provider's tokens, in memory. The other methods of the adapter are for flows with a user,
 * which this authorization server does not offer.
 *
 * @see https://github.com/panva/node-oidc-provider/blob/main/example/my_adapter.js
 */
export class TokenStore {
  readonly #payloads = new LRUCache<string, object>({ max: MAX_TOKENS });

  async upsert(id: string, payload: object, expiresInSeconds: number): Promise<void> {
    this.#payloads.set(id, payload, { ttl: expiresInSeconds * 1000 });
  }

  async find(id: string): Promise<object | undefined> {
    return this.#payloads.get(id);
  }

  async destroy(id: string): Promise<void> {
    this.#payloads.delete(id);
  }
}
