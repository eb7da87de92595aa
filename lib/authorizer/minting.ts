import { Duration } from 'aws-cdk-lib';
import type { ISigningKeys } from '../signing/signing-keys';
import { DEFAULTS } from '../validation/defaults';
import { assertDuration, assertUrl, assertValid } from '../validation/prop-checks';
import { assertProp, PropError } from '../validation/prop-error';
import * as values from '../validation/shared-schemas';
import { assertAudience } from './audience';
import type { AuthorizerFunctionProps } from './authorizer-function-props';
import type { IntrospectionResponse } from './introspection-response';

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
   * @default - the minimum: `cacheMaxTtl` plus the longest `resultTtl` of the function's APIs plus 60 s
   */
  readonly lifetime?: Duration;
}

/** Remaining life of a minted token when the last cache drops it, in seconds. */
const MARGIN_SECONDS = 60;

/** Lifetimes of the caches in front of a minted token. */
export interface CacheLifetimes extends Pick<AuthorizerFunctionProps, 'cacheMaxTtl'> {
  /** Returns the longest lifetime in the result cache of an API. It is known at synthesis. */
  readonly resultTtlSeconds?: () => number;
}

/** Returns the minimum lifetime of minted tokens, in seconds, so that no cache outlives them. */
export function minLifetimeSeconds({
  cacheMaxTtl = Duration.seconds(DEFAULTS.cacheMaxTtlSeconds),
  resultTtlSeconds = () => DEFAULTS.resultTtlSeconds,
}: CacheLifetimes): number {
  return Math.ceil(cacheMaxTtl.toMilliseconds() / 1000 + resultTtlSeconds() + MARGIN_SECONDS);
}

/** Returns the validation error of a lifetime that a cache outlives, otherwise an empty list. */
export function lifetimeErrors(
  mint: PhantomTokenMinting | undefined,
  caches: CacheLifetimes,
): readonly string[] {
  const minimum = minLifetimeSeconds(caches);
  const lifetime = mint?.lifetime?.toSeconds() ?? minimum;
  if (lifetime >= minimum) return [];
  return [
    `mint.lifetime must be at least cacheMaxTtl + resultTtl + ${MARGIN_SECONDS} s, so that no cache outlives a ` +
      `minted token: ${minimum} s, got: ${lifetime} s`,
  ];
}

/** @throws PropError if minting is faulty, or contradicts the format of the responses. */
export function assertMinting(
  { mint, untyped, issuer, jwksUri, clientAuthentication }: AuthorizerFunctionProps,
  response: IntrospectionResponse,
): void {
  const { mintedFrom: form } = response;
  assertProp(
    'untyped',
    untyped,
    'must not be refused if the introspection response is a JWT, which has no token_type',
    untyped !== UntypedTokens.REFUSE || form !== undefined || response.memberName !== undefined,
  );
  if (mint === undefined) {
    if (form === undefined) return;
    throw new PropError(
      `mint is required if introspectionResponse is ${form}, which has no phantom token`,
    );
  }
  if (form === undefined) {
    throw new PropError('mint requires IntrospectionResponse.json() or signed()');
  }
  if (form === 'signed') {
    if (!issuer || !jwksUri) throw new PropError('signed responses require issuer and jwksUri');
    if (clientAuthentication?.namesClient === false) {
      throw new PropError(
        'clientAuthentication must name a client, to which signed responses are addressed',
      );
    }
  }
  assertUrl('mint.issuer', mint.issuer);
  assertAudience(mint.audience);
  assertValid('mint.subject', mint.subject, values.nonEmpty, 'must not be empty');
  assertDuration('mint.lifetime', mint.lifetime, 's', values.mintLifetimeSeconds);
  for (const [claim, member] of Object.entries(mint.claims ?? {})) {
    assertValid('mint.claims', claim, values.mintedClaimName, values.MINTED_CLAIM_RULE);
    assertValid('mint.claims', member, values.mintableMember, values.MINTABLE_MEMBER_RULE);
  }
}
