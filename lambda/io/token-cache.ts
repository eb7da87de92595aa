import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TokenCacheAttribute as Attribute } from '../contract';
import type { CachedAnswer } from '../core/cache-lifetime';
import type { ClientCredentials } from '../core/client-credentials';
import { Fault } from '../core/errors';
import { isExpired } from '../core/phantom-token';
import { ALONE, type TokenCache, type Turn } from '../core/ports';
import { type CacheIdentity, createSealing, type Sealing } from '../core/sealed-entry';
import type { ClientCredentialsSource } from './client-credentials';
import { createTableGuard, type TableGuardOptions } from './table-guard';
import { ending, type ItemOwner, openAnswer, sealAnswer } from './token-cache-items';
import type { Item, TokenTable } from './token-table';

export interface TokenCacheOptions extends TableGuardOptions {
  readonly table: TokenTable;
  readonly identity: CacheIdentity;
  /** Accepted values of a phantom token's `typ`; `undefined` for the usual ones. */
  readonly types: readonly string[] | undefined;
  readonly credentials: ClientCredentialsSource;
  /** Whether environments that miss the same token at the same time leave its introspection to one. */
  readonly shareIntrospections: boolean;
  /** Whether inactive tokens are remembered here too, and not just in memory. */
  readonly shareInactive: boolean;
  /** How long to wait for another environment's introspection, in milliseconds. */
  readonly waitMs: number;
}

/**
 * Claims and inactive tokens lie in this many items, chosen by the token, so that no flood of bad tokens
 * can fill the table. Tokens that meet in one merely do not share.
 */
const SLOTS = 4096;

/** Pauses between looks at what another environment has found out, in milliseconds: growing, up to the last. */
const FIRST_PAUSE_MS = 15;
const LAST_PAUSE_MS = 100;

/** Where an access token's entry and its claim are. */
interface Place extends ItemOwner {
  readonly entryId: string;
  readonly slotId: string;
}

/** The token cache in DynamoDB, shared by all execution environments, its entries sealed. */
export function createTokenCache(options: TokenCacheOptions): TokenCache {
  const { table, identity, types, credentials, waitMs, shareInactive, onFault, now } = options;
  // Apart: a table that takes no writes still answers reads.
  const [attempt, attemptWrite] = [createTableGuard(options), createTableGuard(options)];
  // Derived once for each secret, not on every read and write.
  const sealings = new WeakMap<ClientCredentials, Sealing>();
  // Answers about active tokens that may not be kept cannot be shared: waiting would double the time.
  let answersAreKept = true;

  async function placeOf(accessToken: string): Promise<Place> {
    const current = await credentials.get();
    const sealing =
      sealings.get(current) ??
      createSealing(current.cacheKey ?? current.secret, [...identity, current.clientId]);
    sealings.set(current, sealing);
    const entryId = sealing.entryId(accessToken);
    const slot = Buffer.from(entryId, 'base64url').readUInt16BE() % SLOTS;
    return { sealing, accessToken, entryId, slotId: `slot-${slot}` };
  }

  function open(place: Place, item: Item | undefined): CachedAnswer | undefined {
    try {
      return item && openAnswer(place, item, types, now());
    } catch (error) {
      onFault('open', error);
      return undefined;
    }
  }

  /** A live answer, and whether another environment is looking for one; `undefined` if the table failed. */
  async function look(place: Place, atSlot: boolean) {
    const entry = await attempt('get', () => table.get(place.entryId));
    if (entry === undefined) return undefined;
    const answer = open(place, entry.value);
    if (answer !== undefined || !atSlot) return { answer, held: false };
    const slot = await attempt('get', () => table.get(place.slotId));
    const ours = slot?.value?.[Attribute.holder] === place.entryId ? slot.value : undefined;
    return {
      answer: ours && Attribute.sealed in ours ? open(place, ours) : undefined,
      held: Number(ours?.[Attribute.heldUntil]) > now() * 1000,
    };
  }

  /** Waits for the environment that introspects; it can only ever end in our introspecting ourselves. */
  async function waitFor(place: Place): Promise<CachedAnswer | undefined> {
    const end = performance.now() + waitMs;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LAST_PAUSE_MS)) {
      const left = end - performance.now();
      if (left <= 0) return undefined;
      await sleep(Math.min(pause, left));
      const seen = await look(place, true);
      if (seen?.answer !== undefined || !seen?.held) return seen?.answer;
    }
  }

  /**
   * @returns whether the introspection is ours, everyone's own, or somebody's: another's of this token, or
   * of one that shares its slot. `unknown`: ours, if the table did what it gave no answer to in time.
   */
  async function claim(place: Place): Promise<'ours' | 'unknown' | 'everyones' | 'somebodys'> {
    if (!options.shareIntrospections || !answersAreKept) return 'everyones';
    const claimed = await attemptWrite('claim', () =>
      table.putUnlessHeld(held(place, waitMs), randomUUID(), Math.floor(now() * 1000)),
    );
    if (claimed === undefined) return 'unknown';
    return claimed.value ? 'ours' : 'somebodys';
  }

  /** The slot of an access token that is being introspected, for so many more milliseconds. */
  function held({ entryId, slotId }: Place, milliseconds: number) {
    return {
      ...ending(slotId, Math.floor(now())),
      [Attribute.holder]: entryId,
      [Attribute.heldUntil]: Math.ceil(now() * 1000 + milliseconds),
    };
  }

  /** What the others are to find. */
  function itemsFor(place: Place, answer: CachedAnswer, claimed: boolean): Item[] {
    const lifeMs = (answer.expiresAt - now()) * 1000;
    const isActive = 'facts' in answer && !isExpired(answer.facts, now());
    if (isActive) answersAreKept = lifeMs > 0;
    // Held on, though not beyond the answer: who looked just before it was there must not get the turn now.
    const slot = held(place, Math.min(waitMs, Math.max(0, lifeMs)));
    if (lifeMs > 0 && isActive) {
      const entry = sealAnswer(place, place.entryId, answer);
      return claimed && lifeMs < waitMs ? [entry, slot] : [entry];
    }
    if (lifeMs > 0 && 'invalid' in answer && shareInactive) {
      return [{ ...slot, ...sealAnswer(place, place.slotId, answer) }];
    }
    return claimed ? [held(place, 0)] : [];
  }

  function turn(place: Place, claimed: boolean): Turn {
    const put = (item: Item) => attemptWrite('put', () => table.put(item));
    return {
      async end(answer) {
        try {
          // Anew: the secret may have been rotated meanwhile.
          const current = await placeOf(place.accessToken);
          for (const item of itemsFor(current, answer, claimed)) await put(item);
        } catch (error) {
          onFault('put', error);
        }
      },
      async abandon() {
        if (claimed) await put(held(place, 0));
      },
    };
  }

  return {
    async find(accessToken) {
      const place = await placeOf(accessToken);
      const seen = await look(place, shareInactive);
      // Where nothing could be read, nothing is written: the failure costs the request its bound but once.
      if (seen === undefined) return ALONE;
      if (seen.answer !== undefined) return seen.answer;
      const claimed = await claim(place);
      const answer = claimed === 'somebodys' ? await waitFor(place) : undefined;
      return answer ?? turn(place, claimed === 'ours' || claimed === 'unknown');
    },
    async forget(accessToken) {
      const place = await placeOf(accessToken);
      try {
        await table.put(ending(place.entryId, Math.floor(now())));
        // Nobody waits for an answer that is gone, nor finds that the token is inactive.
        await table.put(held(place, 0));
      } catch (cause) {
        throw new Fault('token_cache_unavailable', 'the access token is not forgotten', { cause });
      }
    },
  };
}
