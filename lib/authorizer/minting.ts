import { Duration } from 'aws-cdk-lib';
import type { ISigningKeys } from '../signing/signing-keys';
import { DEFAULTS } from '../validation/defaults';
import { MINTED_TOKEN_MARGIN_SECONDS, minLifetimeSeconds } from '../validation/minted-lifetime';

/** Treatment of introspection responses without `token_type`. */
export enum UntypedTokens {
  /** The token counts as an access token. */
  ACCEPT = 'accept',
  /**
   * The token is denied. Some authorization servers call refresh tokens and authorization codes active, and mark
   * them by that alone.
   */
  REFUSE = 'refuse',
}

/**
 * Minting of phantom tokens: the authorizer signs a JWT (RFC 9068) for each access token that the authorization
 * server calls active.
 */
export interface PhantomTokenMinting {
  /** The claim `iss`: an `https:` URL without query or fragment, at best the base URL of the API. */
  readonly issuer: string;

  /** The claim `aud`: names of the upstream APIs. */
  readonly audience: readonly string[];

  /** Keys that sign. Publish them with a `KeySet`. */
  readonly keys: ISigningKeys;

  /**
   * Member of the response that names the subject of a token without `sub`; a path such as `ext.user`.
   *
   * @default - `client_id` is the subject of a token without `sub`
   */
  readonly subject?: string;

  /**
   * Further claims by name, each with the member of the response that it is copied from; a path such as
   * `ext.tenant`.
   *
   * @default - none
   */
  readonly claims?: Readonly<Record<string, string>>;

  /**
   * Maximum lifetime of minted tokens, at most two days. The access token's own expiry can be earlier.
   *
   * @default - the minimum: `cacheMaxTtl` plus the longest `resultsCacheTtl` of the function's APIs plus 60 s
   */
  readonly lifetime?: Duration;
}

/** Lifetimes of the caches in front of a minted token. */
export interface CacheLifetimes {
  readonly cacheMaxTtl?: Duration | undefined;
  /** Returns the longest lifetime in the result cache of an API. It is known at synthesis. */
  readonly resultTtlSeconds?: () => number;
}

/** Returns the lifetime of minted tokens, in seconds: by default the minimum. */
export function lifetimeSeconds(mint: PhantomTokenMinting, caches: CacheLifetimes): number {
  return mint.lifetime?.toSeconds() ?? minimumOf(caches);
}

function minimumOf({
  cacheMaxTtl = Duration.seconds(DEFAULTS.cacheMaxTtlSeconds),
  resultTtlSeconds = () => DEFAULTS.resultTtlSeconds,
}: CacheLifetimes): number {
  return minLifetimeSeconds(cacheMaxTtl.toMilliseconds() / 1000, resultTtlSeconds());
}

/** Returns the validation error of a lifetime that a cache outlives, otherwise an empty list. */
export function lifetimeErrors(
  mint: PhantomTokenMinting | undefined,
  caches: CacheLifetimes,
): readonly string[] {
  const minimum = minimumOf(caches);
  const lifetime = mint?.lifetime?.toSeconds() ?? minimum;
  if (lifetime >= minimum) return [];
  return [
    `mint.lifetime must be at least cacheMaxTtl + resultsCacheTtl + ${MINTED_TOKEN_MARGIN_SECONDS} s, so that no cache outlives a ` +
      `minted token: ${minimum} s, got: ${lifetime} s`,
  ];
}
