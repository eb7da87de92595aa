import { LRUCache } from 'lru-cache';

/** Members of a payload that the store reads or writes. */
interface Payload {
  readonly uid?: string;
  readonly grantId?: string;
  consumed?: number;
}

/** Maximum number of tokens of each kind. */
const MAX_TOKENS = 10_000;

/**
 * Store of oidc-provider's tokens, clients and sessions, in memory. It lacks what only the device flow needs.
 *
 * @see https://github.com/panva/node-oidc-provider/blob/main/example/my_adapter.js
 */
export class TokenStore {
  readonly #payloads = new LRUCache<string, Payload>({ max: MAX_TOKENS });

  /** @param expiresInSeconds absent for registered clients, which do not expire */
  async upsert(id: string, payload: Payload, expiresInSeconds?: number): Promise<void> {
    this.#payloads.set(id, payload, { ttl: (expiresInSeconds ?? 0) * 1000 });
  }

  async find(id: string): Promise<Payload | undefined> {
    return this.#payloads.get(id);
  }

  async findByUid(uid: string): Promise<Payload | undefined> {
    return [...this.#payloads.values()].find((payload) => payload.uid === uid);
  }

  async consume(id: string): Promise<void> {
    const payload = this.#payloads.get(id);
    if (payload) payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    this.#payloads.delete(id);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [id, payload] of this.#payloads) {
      if (payload.grantId === grantId) this.#payloads.delete(id);
    }
  }
}
