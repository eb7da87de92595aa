import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { TokenCacheAttribute as Attribute } from '../contract';
import type { CachedAnswer } from '../core/cache-lifetime';
import type { ClientCredentials } from '../core/client-credentials';
import { parseFacts, serializeFacts } from '../core/phantom-token';
import type { TokenCache } from '../core/ports';
import { type CacheIdentity, deploymentKey, entryKey, seal, unseal } from '../core/sealed-entry';
import type { ClientCredentialsSource } from './client-credentials';

/**
 * DynamoDB may delete an item this long after its entry ended, in seconds; until then the end is
 * compared on read. The margin covers clocks that differ.
 */
const TIME_TO_LIVE_MARGIN_SECONDS = 60;

interface Options {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly identity: CacheIdentity;
  /** Accepted values of a phantom token's `typ`; `undefined` for the usual ones. */
  readonly types: readonly string[] | undefined;
  readonly credentials: ClientCredentialsSource;
  /** Hears of each failure; the request goes on as if the cache had missed. */
  readonly onFault: (operation: 'get' | 'put' | 'open', error: unknown) => void;
}

type Item = Readonly<Record<string, AttributeValue>>;

/** The token cache in DynamoDB, shared by all execution environments, its entries sealed. */
export function createTokenCache(options: Options): TokenCache {
  const { client, table, identity, types, credentials, onFault } = options;

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
      const facts = unseal(sealed, entry, { id, expiresAt });
      if (facts !== undefined) return { facts: parseFacts(facts, types), expiresAt };
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
