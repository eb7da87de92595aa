import { setTimeout as sleep } from 'node:timers/promises';
import { TokenCacheAttribute as Attribute } from '../contract';
import type { CachedAnswer } from '../core/cache-lifetime';
import type { ClientCredentials } from '../core/client-credentials';
import { Fault } from '../core/errors';
import { isExpired } from '../core/phantom-token';
import type { TokenCache, Turn } from '../core/ports';
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
  const attempt = createTableGuard(options);
  // Derived once for each secret, not on every read and write.
  const sealings = new WeakMap<ClientCredentials, Sealing>();
  // Answers that may not be kept cannot be shared: to wait for one would double the time.
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
    const [entry, slot] = await Promise.all([
      attempt('get', () => table.get(place.entryId)),
      atSlot ? attempt('get', () => table.get(place.slotId)) : undefined,
    ]);
    if (entry === undefined) return undefined;
    const ours = slot?.value?.[Attribute.holder] === place.entryId ? slot.value : undefined;
    const remembered = ours && Attribute.sealed in ours ? open(place, ours) : undefined;
    return {
      answer: open(place, entry.value) ?? remembered,
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
   * of one that shares its slot.
   */
  async function claim(place: Place): Promise<'ours' | 'everyones' | 'somebodys'> {
    if (!options.shareIntrospections || !answersAreKept) return 'everyones';
    const claimed = await attempt('claim', () =>
      table.putUnlessHeld(held(place, waitMs), Math.floor(now() * 1000)),
    );
    if (claimed === undefined) return 'everyones';
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

  /** What the others are to find, if anything. */
  function itemFor(place: Place, answer: CachedAnswer | undefined): Item | undefined {
    if (answer === undefined) return undefined;
    if ('invalid' in answer) {
      if (!shareInactive) return undefined;
      // Held on: who looked just before must not get the turn now.
      return { ...held(place, waitMs), ...sealAnswer(place, place.slotId, answer) };
    }
    return isExpired(answer.facts, now()) ? undefined : sealAnswer(place, place.entryId, answer);
  }

  function turn(place: Place, claimed: boolean): Turn {
    return {
      async end(answer) {
        answersAreKept = answer !== undefined;
        await attempt('put', async () => {
          // Anew: the secret may have been rotated meanwhile.
          const item = itemFor(await placeOf(place.accessToken), answer);
          if (item !== undefined) await table.put(item);
          else if (claimed) await table.put(held(place, 0));
        });
      },
    };
  }

  return {
    async find(accessToken) {
      const place = await placeOf(accessToken);
      const seen = await look(place, shareInactive);
      // A table that fails is left out of the rest of this request, so that it costs the bound but once.
      if (seen === undefined) return { end: async () => undefined };
      if (seen.answer !== undefined) return seen.answer;
      const claimed = await claim(place);
      const answer = claimed === 'somebodys' ? await waitFor(place) : undefined;
      return answer ?? turn(place, claimed === 'ours');
    },
    async forget(accessToken) {
      const { entryId, slotId } = await placeOf(accessToken);
      try {
        for (const id of shareInactive ? [entryId, slotId] : [entryId]) {
          await table.put(ending(id, Math.floor(now())));
        }
      } catch (cause) {
        throw new Fault('token_cache_unavailable', 'the access token is not forgotten', { cause });
      }
    },
  };
}
