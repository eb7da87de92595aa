import { SECRET_MAX_AGE_SECONDS } from '../../../lambda/io/aws/cached-secret';
import { createSigningKey } from '../../../lambda/rotation/key-pair';
import { MINIMUM_PERIOD_SECONDS, rotateKeys } from '../../../lambda/rotation/rotate-keys';
import { MAXIMUM_DURATION_SECONDS } from '../../../lambda/rotation/rotation';
import {
  mintLifetimeSeconds,
  signingKeyRotationDays,
} from '../../../lib/validation/shared-schemas';
import { NOW } from '../../support/tokens';

const createKey = () => createSigningKey('ES256');
const LATER = NOW + MINIMUM_PERIOD_SECONDS;

describe('the minimum period of rotations', () => {
  it('the minimum period of rotations exceeds the longest lifetime of a token that an environment signs with its former keys', () => {
    const lifetime = Number(mintLifetimeSeconds.maxValue);

    expect(MINIMUM_PERIOD_SECONDS).toBeGreaterThan(
      MAXIMUM_DURATION_SECONDS + lifetime + SECRET_MAX_AGE_SECONDS,
    );
  });

  it('the minimum period of rotations is shorter than the shortest schedule, which can be a day early', () => {
    const days = Number(signingKeyRotationDays.minValue) - 1;

    expect(MINIMUM_PERIOD_SECONDS).toBeLessThan(days * 86_400);
  });
});

describe('rotateKeys', () => {
  it('rotateKeys creates a current and a next key where there are none', async () => {
    const { current, next, ...rest } = await rotateKeys(undefined, createKey, NOW);

    expect(current.keyId).not.toBe(next?.keyId);
    expect(rest).toEqual({ rotatedAt: NOW });
  });

  it('rotateKeys signs with a key that the former rotation published, and keeps publishing the one that signed', async () => {
    const first = await rotateKeys(undefined, createKey, NOW);
    const second = await rotateKeys(first, createKey, LATER);
    const third = await rotateKeys(second, createKey, LATER + MINIMUM_PERIOD_SECONDS);

    expect(second).toMatchObject({
      previous: first.current,
      current: first.next,
      rotatedAt: LATER,
    });
    expect(third).toMatchObject({ previous: second.current, current: second.next });
    expect(new Set([first.current, first.next, second.next, third.next]).size).toBe(4);
  });

  it.each([0, 1, MINIMUM_PERIOD_SECONDS - 1, -300])(
    'rotateKeys leaves the keys as they are %d seconds after a rotation',
    async (seconds) => {
      const keys = await rotateKeys(undefined, createKey, NOW);

      expect(await rotateKeys(keys, createKey, NOW + seconds)).toBe(keys);
    },
  );

  it('rotateKeys rotates keys whose rotation time is unknown or far in the future', async () => {
    const keys = await rotateKeys(undefined, createKey, NOW);

    for (const rotatedAt of [undefined, NOW * 1000]) {
      const { current } = await rotateKeys({ ...keys, rotatedAt }, createKey, NOW);
      expect(current).toBe(keys.next);
    }
  });

  it('rotateKeys publishes a next key, if there was none, before one signs', async () => {
    const { current } = await rotateKeys(undefined, createKey, NOW);
    const keys = await rotateKeys({ current }, createKey, LATER);

    expect(keys).toEqual({ current, next: expect.anything(), rotatedAt: LATER });
  });
});
