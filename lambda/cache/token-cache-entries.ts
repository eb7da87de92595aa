import { randomUUID } from 'node:crypto';
import { TokenCacheAttribute as Attribute } from '../contract';
import type { CachedResult } from '../core/cache-lifetime';
import { type ClientCredentials, isCacheKeyWeak } from '../core/client-credentials';
import { Fault, type FaultCode } from '../core/errors';
import type { TokenInvalid } from '../core/introspection-response';
import { serializeTokenInfo } from '../core/phantom-token';
import type { Clock, PhantomTokenSource } from '../core/ports';
import type { ClientCredentialsSource } from '../io/authorization-server/client-credentials';
import type { OnTableFault } from '../io/aws/table-circuit-breaker';
import type { Item, TokenTable } from '../io/aws/token-table';
import { type CacheIdentity, createSealing, type Sealing } from './sealed-entry';

/** Result of an introspection as environments share it. */
export type SharedResult = CachedResult | { readonly fault: FaultCode; readonly expiresAt: number };

/** The entry of one access token: one item of the table. */
export interface TokenCacheEntry {
  readonly id: string;
  /** Returns the attributes that store a result, or remove one. They also end a lease. */
  store(result: SharedResult | undefined): Item;
  /** Returns the attributes that any write of the item sets. */
  keep(): Item;
  /**
   * Returns the result in an item, unless it has expired. A fault counts as live if it was at `since`, so
   * that it reaches an environment that has waited from then on.
   *
   * @param since epoch seconds.
   */
  open(item: Item, since: number): SharedResult | undefined;
}

export interface TokenCacheEntriesOptions {
  readonly table: TokenTable;
  readonly identity: CacheIdentity;
  /** Reads the facts of an entry. One whose phantom token is not to be used any more is a miss. */
  readonly parse: PhantomTokenSource['parse'];
  readonly credentials: ClientCredentialsSource;
  /** Longest life of a result, in seconds. */
  readonly maxTtlSeconds: number;
  /** Reports an entry that cannot be opened; it counts as a miss. */
  readonly onFault: OnTableFault;
  /** Reports, once for each secret, that the entries are sealed with a short one. */
  readonly onWeakKey: () => void;
  readonly clock: Clock;
}

/** Margin for clocks that differ, in seconds. */
const TIME_TO_LIVE_MARGIN_SECONDS = 60;

/** Attempts to invalidate an entry that other environments change at the same time. */
const INVALIDATION_ROUNDS = 8;

/** Prefixes of sealed results other than facts; no JWT contains a colon. */
const INVALID = 'invalid:';
const FAULT = 'fault:';

export type TokenCacheEntries = ReturnType<typeof createTokenCacheEntries>;

/** Creates the stored entries of the token cache: naming, sealing, expiry, invalidation. */
export function createTokenCacheEntries(options: TokenCacheEntriesOptions) {
  const { table, identity, parse, credentials, maxTtlSeconds, onFault, onWeakKey, clock } = options;
  // Derived once for each secret, not for each request.
  const sealings = new WeakMap<ClientCredentials, Sealing>();

  function sealingOf(current: ClientCredentials): Sealing {
    const known = sealings.get(current);
    if (known !== undefined) return known;
    // Nothing is sealed where no result is kept.
    if (maxTtlSeconds > 0 && isCacheKeyWeak(current)) onWeakKey();
    const key = current.cacheKey ?? current.secret;
    const sealing = createSealing(key, [...identity, current.clientId]);
    sealings.set(current, sealing);
    return sealing;
  }

  function entryOf(accessToken: string, current: ClientCredentials): TokenCacheEntry {
    const sealing = sealingOf(current);
    const id = sealing.entryId(accessToken);

    /** @throws Error if the item was not written by this deployment, or is not to be accepted any more. */
    function unseal(item: Item): SharedResult | undefined {
      const { [Attribute.expiresAt]: expiresAt, [Attribute.sealed]: sealed } = item;
      const isWhole = typeof expiresAt === 'number' && sealed instanceof Uint8Array;
      const text = isWhole ? sealing.open(accessToken, sealed, { id, expiresAt }) : undefined;
      if (!isWhole || text === undefined) {
        throw new Error('the item was not written by this deployment');
      }
      if (text.startsWith(INVALID)) {
        return { invalid: text.slice(INVALID.length) as TokenInvalid, expiresAt };
      }
      if (text.startsWith(FAULT)) {
        return { fault: text.slice(FAULT.length) as FaultCode, expiresAt };
      }
      const facts = parse(text);
      return facts && { facts, expiresAt };
    }

    /**
     * An item outlives every result that an introspection begun before this write can bring: DynamoDB
     * does not delete an invalidation before the results that it is to keep out have expired.
     */
    const keep = () => ({
      [Attribute.timeToLive]: Math.ceil(clock.now() + maxTtlSeconds + TIME_TO_LIVE_MARGIN_SECONDS),
    });
    return {
      id,
      keep,
      store: (result) => ({
        [Attribute.sealed]:
          result && sealing.seal(accessToken, textOf(result), { id, expiresAt: result.expiresAt }),
        [Attribute.expiresAt]: result?.expiresAt,
        [Attribute.leaseExpiresAt]: undefined,
        ...keep(),
      }),
      open(item, since) {
        const { [Attribute.expiresAt]: expiresAt, [Attribute.sealed]: sealed } = item;
        const isEmpty = expiresAt === undefined && sealed === undefined;
        if (isEmpty || (typeof expiresAt === 'number' && expiresAt <= since)) return undefined;
        try {
          const result = unseal(item);
          if (result === undefined) return undefined;
          return 'fault' in result || clock.now() < result.expiresAt ? result : undefined;
        } catch (error) {
          onFault('open', error);
          return undefined;
        }
      },
    };
  }

  /**
   * Removes the result in an item, and gives the item another lease id, so that no introspection that began before
   * stores its result. The write is conditional: a repeated attempt of it must not undo a later invalidation.
   */
  async function removeResult(entry: TokenCacheEntry): Promise<void> {
    for (let round = 0; round < INVALIDATION_ROUNDS; round += 1) {
      const item = await table.get(entry.id, { consistent: true });
      const changes = {
        ...entry.store(undefined),
        [Attribute.leaseId]: randomUUID(),
        [Attribute.invalidatedAt]: Math.floor(clock.now()),
      };
      const expected = { [Attribute.leaseId]: item?.[Attribute.leaseId] };
      if ((await table.update(entry.id, changes, expected)).updated) return;
    }
    throw new Error(`other environments changed the item ${INVALIDATION_ROUNDS} times meanwhile`);
  }

  return {
    of: async (accessToken: string) => entryOf(accessToken, await credentials.get()),
    /** Also under a secret that this environment has not read yet. */
    async invalidate(accessToken: string) {
      const known = await credentials.get();
      for (const current of new Set([known, await credentials.reread()])) {
        try {
          await removeResult(entryOf(accessToken, current));
        } catch (cause) {
          throw new Fault('token_cache_unavailable', 'the token is not invalidated', { cause });
        }
      }
    },
  };
}

function textOf(result: SharedResult): string {
  if ('facts' in result) return serializeTokenInfo(result.facts);
  return 'invalid' in result ? `${INVALID}${result.invalid}` : `${FAULT}${result.fault}`;
}
