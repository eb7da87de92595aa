import { randomUUID } from 'node:crypto';
import { TokenCacheAttribute as Attribute } from '../contract';
import type { CachedResult } from '../core/cache-lifetime';
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

/** Lease that was written, or only begun if introspections are not coalesced. */
interface Acquisition {
  readonly id: string;
  /** The `lease_id` that it follows. */
  readonly seen: Item[string];
  readonly write?: Promise<UpdateResult> | undefined;
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

  /**
   * Returns the result of another environment, or a lease. Waits while another environment holds it, unless
   * there is a known result, which is to be renewed.
   */
  async function resultOrLease(
    accessToken: string,
    known?: CachedResult,
  ): Promise<SharedResult | IntrospectionLease> {
    const entry = await entryOf(accessToken);
    const since = clock.now();
    const wait = waits.start();
    const read = (consistent = false) => reads('read', () => table.get(entry.id, { consistent }));
    let uncertain: Acquisition | undefined;
    let snapshot = await read();
    for (let round = 0; snapshot !== undefined && round < MAX_ROUNDS; round += 1) {
      const item = snapshot.value ?? {};
      const result = entry.open(item, since);
      if (result !== undefined && result.expiresAt !== known?.expiresAt) return result;
      const { [Attribute.leaseId]: leaseId, [Attribute.leaseExpiresAt]: leaseExpiresAt } = item;
      if (!options.coalesceIntrospections || !areStored) {
        return known ?? createLease(accessToken, entry.id, { id: randomUUID(), seen: leaseId });
      }
      const leftMs = Number(leaseExpiresAt ?? 0) - clock.now() * 1000;
      if (leftMs > 0 && leaseId !== uncertain?.id) {
        if (known !== undefined || !(await wait.pause(leaseId, leftMs))) return known ?? NO_LEASE;
        snapshot = await read();
        continue;
      }
      if (uncertain !== undefined) break;
      // Completed without a result that can be shared: the next lease would bring none either.
      if (leaseExpiresAt === undefined && wait.awaited(leaseId)) return NO_LEASE;
      const { outcome, ...acquisition } = await acquire(entry, item);
      if (outcome?.updated) return createLease(accessToken, entry.id, acquisition);
      // A write that timed out can still succeed, and one that was throttled lost against many others.
      if (outcome === undefined) uncertain = acquisition;
      snapshot = outcome?.item ? { value: outcome.item } : await read(true);
    }
    return uncertain ? createLease(accessToken, entry.id, uncertain) : (known ?? NO_LEASE);
  }

  /** Writes a lease, if the item is as it was seen. The outcome is `undefined` if the write failed. */
  async function acquire(
    entry: TokenCacheEntry,
    { [Attribute.leaseId]: seen, [Attribute.expiresAt]: expiresAt }: Item,
  ) {
    const id = randomUUID();
    const changes = {
      [Attribute.leaseId]: id,
      [Attribute.leaseExpiresAt]: Math.ceil(clock.now() * 1000 + leaseMs),
      ...entry.keep(),
    };
    const unchanged = { [Attribute.leaseId]: seen, [Attribute.expiresAt]: expiresAt };
    let write: Promise<UpdateResult> | undefined;
    const attempt = await writes('acquire', () => {
      write = table.update(entry.id, changes, unchanged);
      return write;
    });
    return { id, seen, write, outcome: attempt?.value };
  }

  function createLease(
    accessToken: string,
    entryId: string,
    { id, seen, write }: Acquisition,
  ): IntrospectionLease {
    const [began, beganAt] = [clock.elapsed(), clock.now()];

    async function end(result: SharedResult | undefined): Promise<boolean> {
      const isShared = result !== undefined && clock.now() < result.expiresAt;
      if (!isShared && write === undefined) return true;
      const ended = await writes('store', async () => {
        // A late write of the lease must not follow the one that ends it.
        await write?.catch(() => undefined);
        // Under the secret as it is now: it may have been rotated meanwhile, and the entry have another id.
        const entry = await entryOf(accessToken);
        const changes = { [Attribute.leaseId]: id, ...entry.store(isShared ? result : undefined) };
        // An item that has the id of the lease passes, too.
        const expected = { [Attribute.leaseId]: entry.id === entryId ? seen : undefined };
        return table.update(entry.id, changes, expected);
      });
      return ended?.value.updated ?? true;
    }

    return {
      async complete(result) {
        if ('facts' in result && !isExpired(result.facts, beganAt)) {
          areStored = beganAt < result.expiresAt;
        }
        const isCurrent = await end(result);
        waits.observe(clock.elapsed() - began);
        return isCurrent;
      },
      async release(error) {
        // Other environments may have other credentials and keys, and none of our defects.
        const isShared =
          write !== undefined &&
          error instanceof Fault &&
          !/^(credentials|signing)_/.test(error.code);
        const expiresAt = clock.now() + FAULT_TTL_SECONDS;
        await end(isShared ? { fault: error.code, expiresAt } : undefined);
      },
    };
  }

  return { resultOrLease };
}
