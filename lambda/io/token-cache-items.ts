import { TokenCacheAttribute as Attribute } from '../contract';
import type { CachedAnswer } from '../core/cache-lifetime';
import type { TokenInvalid } from '../core/introspection-response';
import { parseFacts, serializeFacts } from '../core/phantom-token';
import type { Sealing } from '../core/sealed-entry';
import type { Item } from './token-table';

/**
 * DynamoDB may delete an item this long after its end, in seconds; until then the end is compared on read.
 * The margin covers clocks that differ.
 */
const TIME_TO_LIVE_MARGIN_SECONDS = 60;

/** How a sealed no begins; no JWT has a colon. */
const INVALID = 'invalid:';

/** An access token, with what makes its items. */
export interface ItemOwner {
  readonly sealing: Sealing;
  readonly accessToken: string;
}

/** The members of an item that hold an answer, sealed. */
export function sealAnswer({ sealing, accessToken }: ItemOwner, id: string, answer: CachedAnswer) {
  const { expiresAt } = answer;
  const text = 'facts' in answer ? serializeFacts(answer.facts) : `${INVALID}${answer.invalid}`;
  return {
    ...ending(id, expiresAt),
    [Attribute.sealed]: sealing.seal(accessToken, text, { id, expiresAt }),
  };
}

/** An item without an answer; put in an entry's place it removes it. */
export function ending(id: string, expiresAt: number) {
  return {
    [Attribute.id]: id,
    [Attribute.expiresAt]: expiresAt,
    [Attribute.timeToLive]: expiresAt + TIME_TO_LIVE_MARGIN_SECONDS,
  };
}

/**
 * The answer in an item; `undefined` if its end is past.
 *
 * @param types accepted values of a phantom token's `typ`; `undefined` for the usual ones.
 * @param now epoch seconds.
 * @throws Error if it does not open, or holds what we would not take from the authorization server.
 */
export function openAnswer(
  { sealing, accessToken }: ItemOwner,
  item: Item,
  types: readonly string[] | undefined,
  now: number,
): CachedAnswer | undefined {
  const { [Attribute.id]: id, [Attribute.expiresAt]: expiresAt, [Attribute.sealed]: sealed } = item;
  if (typeof expiresAt === 'number' && expiresAt <= now) return undefined;
  const whole =
    typeof id === 'string' && typeof expiresAt === 'number' && sealed instanceof Uint8Array;
  const text = whole ? sealing.open(accessToken, sealed, { id, expiresAt }) : undefined;
  if (!whole || text === undefined) throw new Error('the item was not written by this deployment');
  if (!text.startsWith(INVALID)) return { facts: parseFacts(text, types), expiresAt };
  return { invalid: text.slice(INVALID.length) as TokenInvalid, expiresAt };
}
