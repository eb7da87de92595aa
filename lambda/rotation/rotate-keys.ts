import type { SigningKey, SigningKeys } from '../core/signing-keys';

/**
 * Minimum time between two rotations, in seconds. It exceeds the longest lifetime of a phantom token (two days) plus
 * the duration of a rotation and the time for which execution environments still sign with the former key, so that no token outlives the
 * publication of its key. It also exceeds the time for which upstream APIs keep a key set, so that each key is
 * known before it signs.
 */
export const MINIMUM_PERIOD_SECONDS = 50 * 3600;

/**
 * Returns the keys after a rotation: the next key signs, and the one that signed is still published. Keys that were
 * rotated less than the minimum period ago stay as they are.
 *
 * @param keys the keys before the rotation; `undefined` to replace all of them.
 */
export async function rotateKeys(
  keys: SigningKeys | undefined,
  createKey: () => Promise<SigningKey>,
  now: number,
): Promise<SigningKeys> {
  if (keys === undefined) {
    return { current: await createKey(), next: await createKey(), rotatedAt: now };
  }
  const { current, next, rotatedAt = 0 } = keys;
  // A time in the future is another clock's, unless it is far away: then it is a mistake.
  if (Math.abs(now - rotatedAt) < MINIMUM_PERIOD_SECONDS) return keys;
  const created = await createKey();
  // A key that was not published yet does not sign.
  return next === undefined
    ? { ...keys, next: created, rotatedAt: now }
    : { previous: current, current: next, next: created, rotatedAt: now };
}
