import { randomUUID } from 'node:crypto';
import { TokenCacheAttribute as Attribute } from '../contract';
import { Fault } from '../core/errors';
import { isExpired } from '../core/phantom-token';
import { type Clock, type IntrospectionLease, NO_LEASE } from '../core/ports';
import type { TableCircuitBreaker } from '../io/aws/table-circuit-breaker';
import type { Item, TokenTable, UpdateResult } from '../io/aws/token-table';
import type { SharedResult, TokenCacheEntry } from './token-cache-entries';
import { createWaits } from './wait';

export interface IntrospectionLeasesOptions {
  readonly table: TokenTable;
  readonly entryOf: (accessToken: string) => Promise<TokenCacheEntry>;
  /** Apart from each other: a table that rejects writes still serves reads. */
  readonly reads: TableCircuitBreaker;
  readonly writes: TableCircuitBreaker;
  /** Coalescing: concurrent misses of a token in several environments cost one introspection. */
  readonly coalesceIntrospections: boolean;
  /** Life of a lease, in milliseconds: as long as an introspection and its writes can take. */
  readonly leaseMs: number;
  /** Longest wait for other environments, in milliseconds. */
  readonly waitMs: number;
  readonly clock: Clock;
  /** Returns a number from 0 to 1. */
  readonly random: () => number;
}

/** Time for which a fault is shared, in seconds. */
const FAULT_TTL_SECONDS = 1;

/** Rounds of reading and acquiring after which a request stops trying: each costs an operation. */
const MAX_ROUNDS = 20;

/**
 * Coalesces the introspections of a token by leases in its item. Every write is conditional on the
 * `lease_id` that was read (compare and set), so no clock decides who may write: a frozen or late
 * environment has lost the lease once another one acquired it, or the token was invalidated.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
 */
export function createIntrospectionLeases(options: IntrospectionLeasesOptions) {
  const { table, entryOf, reads, writes, leaseMs, clock } = options;
  const waits = createWaits(options);
  // The results of active tokens cannot be shared if they must not be stored: waiting would add time only.
  let areStored = true;

  /** Returns the result of another environment, or a lease. Waits while another environment holds it. */
  async function resultOrLease(accessToken: string): Promise<SharedResult | IntrospectionLease> {
    const entry = await entryOf(accessToken);
    const since = clock.now();
    const wait = waits.start();
    const read = () => reads('read', () => table.get(entry.id));
    let snapshot = await read();
    for (let round = 0; snapshot !== undefined && round < MAX_ROUNDS; round += 1) {
      const item = snapshot.value ?? {};
      const result = entry.open(item, since);
      if (result !== undefined) return result;
      const { [Attribute.leaseId]: leaseId, [Attribute.leaseExpiresAt]: leaseExpiresAt } = item;
      if (!options.coalesceIntrospections || !areStored) {
        return createLease(accessToken, entry, randomUUID(), leaseId);
      }
      const leftMs = Number(leaseExpiresAt ?? 0) - clock.now() * 1000;
      if (leftMs > 0) {
        if (!(await wait.pause(leaseId, leftMs))) return NO_LEASE;
        snapshot = await read();
      } else if (leaseExpiresAt === undefined && wait.awaited(leaseId)) {
        // Completed without a result that can be shared: the next lease would bring none either.
        return NO_LEASE;
      } else {
        const acquired = await acquire(accessToken, entry, item);
        if (acquired === undefined || 'complete' in acquired) return acquired ?? NO_LEASE;
        snapshot = acquired;
      }
    }
    return NO_LEASE;
  }

  /** Returns the lease, or the item if another environment was faster; `undefined` if the table fails. */
  async function acquire(accessToken: string, entry: TokenCacheEntry, seen: Item) {
    const id = randomUUID();
    let settled: Promise<UpdateResult> | undefined;
    const attempt = await writes('acquire', () => {
      const changes = {
        [Attribute.leaseId]: id,
        [Attribute.leaseExpiresAt]: Math.ceil(clock.now() * 1000 + leaseMs),
        ...entry.keep(),
      };
      const { [Attribute.leaseId]: leaseId, [Attribute.expiresAt]: expiresAt } = seen;
      const unchanged = { [Attribute.leaseId]: leaseId, [Attribute.expiresAt]: expiresAt };
      settled = table.update(entry.id, changes, unchanged);
      return settled;
    });
    if (attempt?.value.updated === false) {
      const { item } = attempt.value;
      if (item !== undefined) return { value: item };
      return reads('read', () => table.get(entry.id, { consistent: true }));
    }
    // A write that timed out can still succeed: the end of the lease awaits it.
    const isAcquired = settled?.then(
      ({ updated }) => updated,
      () => undefined,
    );
    return isAcquired && createLease(accessToken, entry, id, id, isAcquired);
  }

  /**
   * @param expected the `lease_id` that the item must still have when the lease ends.
   * @param isAcquired whether the item holds the lease: `undefined` if the write failed. Absent if none
   * was acquired, since introspections are not coalesced.
   */
  function createLease(
    accessToken: string,
    { id }: TokenCacheEntry,
    leaseId: string,
    expected: Item[string],
    isAcquired?: Promise<boolean | undefined>,
  ): IntrospectionLease {
    const began = clock.elapsed();

    async function end(result: SharedResult | undefined): Promise<boolean> {
      const isShared = result !== undefined && clock.now() < result.expiresAt;
      if (!isShared && isAcquired === undefined) return true;
      const ended = await writes('store', async () => {
        const acquired = isAcquired === undefined || (await isAcquired);
        if (!acquired) return { updated: acquired === undefined };
        // Under the secret as it is now: it may have been rotated meanwhile, and the entry have another id.
        const entry = await entryOf(accessToken);
        const changes = {
          [Attribute.leaseId]: leaseId,
          ...entry.store(isShared ? result : undefined),
        };
        const fence = entry.id === id ? expected : undefined;
        return table.update(entry.id, changes, { [Attribute.leaseId]: fence });
      });
      return ended?.value.updated ?? true;
    }

    return {
      async complete(result) {
        waits.observe(clock.elapsed() - began);
        if ('facts' in result && !isExpired(result.facts, clock.now())) {
          areStored = clock.now() < result.expiresAt;
        }
        return end(result);
      },
      async release(error) {
        // Other environments may have other credentials and keys, and none of our defects.
        const isShared =
          isAcquired !== undefined &&
          error instanceof Fault &&
          !/^(credentials|signing)_/.test(error.code);
        const expiresAt = clock.now() + FAULT_TTL_SECONDS;
        await end(isShared ? { fault: error.code, expiresAt } : undefined);
      },
    };
  }

  return { resultOrLease };
}
