import { LRUCache } from 'lru-cache';

/** Tokens kept at most, of each kind: far more than anybody issues by hand. */
const maxTokens = 10_000;

/**
 * Where oidc-provider keeps the tokens it issued: in memory. It calls more methods than these for
 * flows with a user, none of which this authorization server offers.
 *
 * @see https://github.com/panva/node-oidc-provider/blob/main/example/my_adapter.js
 */
export class TokenStore {
  readonly #payloads = new LRUCache<string, object>({ max: maxTokens });

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
