import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { TokenCacheAttribute as Attribute } from '../contract';
import type { CachedAnswer } from '../core/cache-lifetime';
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

type Item = Readonly<Record<string, AttributeValue>>;

/** The token cache in DynamoDB, shared by all execution environments, its entries sealed. */
export function createTokenCache(options: Options): TokenCache {
  const { client, table, identity, credentials, onFault } = options;

  async function key(accessToken: string): Promise<Buffer> {
    const { clientId, clientSecret } = await credentials.get();
    return entryKey(deploymentKey(clientSecret), [...identity, clientId], accessToken);
  }

  async function load(id: string): Promise<Item | undefined> {
    try {
      const key = { [Attribute.id]: { S: id } };
      return (await client.send(new GetItemCommand({ TableName: table, Key: key }))).Item;
    } catch (error) {
      onFault('get', error);
      return undefined;
    }
  }

  function open(id: string, item: Item, entry: Buffer): CachedAnswer | undefined {
    try {
      const expiresAt = Number(item[Attribute.expiresAt]?.N);
      const sealed = item[Attribute.sealed]?.B ?? new Uint8Array();
      const jwt = unseal(sealed, entry, { id, expiresAt });
      if (jwt !== undefined) return { facts: readPhantomToken(jwt), expiresAt };
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
