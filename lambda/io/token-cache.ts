import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { TokenCacheAttribute as Attribute } from '../contract';
import type { CachedAnswer } from '../core/cache-lifetime';
import { Fault } from '../core/errors';
import { type Facts, readPhantomToken } from '../core/phantom-token';
import { type CacheIdentity, deploymentKey, entryKey, seal, unseal } from '../core/sealed-entry';
import type { ClientCredentialsSource } from './client-credentials';

/**
 * DynamoDB may delete an item this long after its entry ended, in seconds; until then the end is
 * compared on read. The margin covers clocks that differ.
 */
const TIME_TO_LIVE_MARGIN_SECONDS = 60;

export interface TokenCache {
  /**
   * The entry, also one past its end; `undefined` if there is none that opens, and if the table fails.
   *
   * @throws Fault only if our own client credentials cannot be had: nothing works without them.
   */
  get(id: string, accessToken: string): Promise<CachedAnswer | undefined>;
  /** Keeps an active token's facts. Never throws: the answer at hand matters more. */
  put(id: string, accessToken: string, facts: Facts, expiresAt: number): Promise<void>;
}

interface Options {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly identity: CacheIdentity;
  readonly credentials: ClientCredentialsSource;
  /** Hears of each failure; the request goes on as if the cache had missed. */
  readonly onFault: (operation: 'get' | 'put' | 'open', error: unknown) => void;
}

/** The token cache in DynamoDB, shared by all execution environments, its entries sealed. */
export function createTokenCache(options: Options): TokenCache {
  const { client, table, identity, credentials, onFault } = options;

  async function key(accessToken: string): Promise<Buffer> {
    const { clientId, clientSecret } = await credentials.get();
    return entryKey(deploymentKey(clientSecret), [...identity, clientId], accessToken);
  }

  async function read(id: string, accessToken: string): Promise<CachedAnswer | undefined> {
    const command = new GetItemCommand({ TableName: table, Key: { [Attribute.id]: { S: id } } });
    // A cold start reads the secret meanwhile.
    const [{ Item: item }, entry] = await Promise.all([client.send(command), key(accessToken)]);
    if (item === undefined) return undefined;
    const expiresAt = Number(item[Attribute.expiresAt]?.N);
    const sealed = item[Attribute.sealed]?.B ?? new Uint8Array();
    const jwt = unseal(sealed, entry, { id, expiresAt });
    if (jwt === undefined) {
      onFault('open', new Error('the client secret was rotated or someone else wrote it'));
      return undefined;
    }
    return { facts: readPhantomToken(jwt), expiresAt };
  }

  return {
    async get(id, accessToken) {
      try {
        return await read(id, accessToken);
      } catch (error) {
        if (error instanceof Fault) throw error;
        onFault('get', error);
        return undefined;
      }
    },
    async put(id, accessToken, facts, expiresAt) {
      try {
        const sealed = seal(facts.jwt, await key(accessToken), { id, expiresAt });
        const item = {
          [Attribute.id]: { S: id },
          [Attribute.sealed]: { B: sealed },
          [Attribute.expiresAt]: { N: String(expiresAt) },
          [Attribute.timeToLive]: { N: String(expiresAt + TIME_TO_LIVE_MARGIN_SECONDS) },
        };
        await client.send(new PutItemCommand({ TableName: table, Item: item }));
      } catch (error) {
        onFault('put', error);
      }
    },
  };
}
