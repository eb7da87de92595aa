import { TokenCacheAttribute as Attribute } from '../contract';
import type { CachedAnswer } from '../core/cache-lifetime';
import type { ClientCredentials } from '../core/client-credentials';
import { parseFacts, serializeFacts } from '../core/phantom-token';
import type { TokenCache } from '../core/ports';
import { type CacheIdentity, deploymentKey, entryKey, seal, unseal } from '../core/sealed-entry';
import type { ClientCredentialsSource } from './client-credentials';
import type { Item, TokenTable } from './token-table';

/**
 * DynamoDB may delete an item this long after its entry ended, in seconds; until then the end is
 * compared on read. The margin covers clocks that differ.
 */
const TIME_TO_LIVE_MARGIN_SECONDS = 60;

interface Options {
  readonly table: TokenTable;
  readonly identity: CacheIdentity;
  /** Accepted values of a phantom token's `typ`; `undefined` for the usual ones. */
  readonly types: readonly string[] | undefined;
  readonly credentials: ClientCredentialsSource;
  /** Hears of each failure; the request goes on as if the cache had missed. */
  readonly onFault: (operation: 'get' | 'put' | 'open', error: unknown) => void;
}

/** The token cache in DynamoDB, shared by all execution environments, its entries sealed. */
export function createTokenCache(options: Options): TokenCache {
  const { table, identity, types, credentials, onFault } = options;

  // Derived once for each secret, not on every read and write.
  const deploymentKeys = new WeakMap<ClientCredentials, Buffer>();

  async function key(accessToken: string): Promise<Buffer> {
    const current = await credentials.get();
    const deployment = deploymentKeys.get(current) ?? deploymentKey(current.secret);
    deploymentKeys.set(current, deployment);
    return entryKey(deployment, [...identity, current.clientId], accessToken);
  }

  async function load(id: string): Promise<Item | undefined> {
    try {
      return await table.get(id);
    } catch (error) {
      onFault('get', error);
      return undefined;
    }
  }

  function open(id: string, item: Item, entry: Buffer): CachedAnswer | undefined {
    try {
      const { [Attribute.expiresAt]: expiresAt, [Attribute.sealed]: sealed } = item;
      const whole = typeof expiresAt === 'number' && sealed instanceof Uint8Array;
      const facts = whole ? unseal(sealed, entry, { id, expiresAt }) : undefined;
      if (whole && facts !== undefined) return { facts: parseFacts(facts, types), expiresAt };
      throw new Error('the client secret was rotated or someone else wrote it');
    } catch (error) {
      onFault('open', error);
      return undefined;
    }
  }

  return {
    async get(id, accessToken) {
      // A cold start reads the secret meanwhile.
      const [item, entry] = await Promise.all([load(id), key(accessToken)]);
      return item && open(id, item, entry);
    },
    async put(id, accessToken, facts, expiresAt) {
      try {
        const sealed = seal(serializeFacts(facts), await key(accessToken), { id, expiresAt });
        await table.put({
          [Attribute.id]: id,
          [Attribute.sealed]: sealed,
          [Attribute.expiresAt]: expiresAt,
          [Attribute.timeToLive]: expiresAt + TIME_TO_LIVE_MARGIN_SECONDS,
        });
      } catch (error) {
        onFault('put', error);
      }
    },
  };
}
