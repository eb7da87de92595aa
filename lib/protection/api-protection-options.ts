import { Duration } from 'aws-cdk-lib';
import type { AuthorizerFunction } from '../authorizer/authorizer-function';
import type { RequiredScopes } from '../scopes/route-scopes';
import { DEFAULTS } from '../validation/defaults';
import { assertProp } from '../validation/prop-error';
import { DEFAULT_AUTHORIZERS, MAX_AUTHORIZERS } from './authorizer-pool';

/** Options of the protections of both kinds of APIs. */
export interface ApiProtectionOptions {
  /** The function that authorizes requests. The protection adds the requirements of the API's routes to it. */
  readonly authorizerFunction: AuthorizerFunction;
  /**
   * Scopes that every protected route requires.
   *
   * @default - none
   */
  readonly scopes?: readonly string[];
  /**
   * Names of this API at the authorization server. The claim `aud` of a token must contain one of them.
   * They replace the audiences of the function, so that APIs that share a function do not accept each
   * other's tokens.
   *
   * @default - those of the function; synthesis warns if it has none either
   */
  readonly audience?: readonly string[];
  /**
   * Lifetime of a result in API Gateway's result cache, 0 to 3600 s; 0 turns the cache off. A revoked or
   * expired token can pass for that much longer.
   *
   * @default Duration.seconds(60)
   */
  readonly resultsCacheTtl?: Duration;
  /**
   * Maximum number of authorizers of the API, 1 to 10. The API gets one for each distinct requirement of
   * its routes. If that exceeds the maximum, the last authorizer serves all further requirements, and API
   * Gateway invokes it for each token and route. API Gateway's quota is ten. A deployment that changes
   * requirements creates new authorizers before it removes the former ones, so half of the quota always
   * suffices. Request a higher quota before you set more than half of it. Set fewer if the API has other
   * authorizers.
   *
   * @default 5
   */
  readonly maxAuthorizers?: number;
}

/** Requirement of one route. */
export interface RouteAuthorizerOptions {
  /**
   * Scopes that the route requires in addition to those of the whole API: all of a list, or any of several
   * lists.
   *
   * @default - none
   */
  readonly scopes?: RequiredScopes;
}

/** Returns the lifetime of results. @throws PropError if it is out of its bounds. */
export function resultTtlOf({
  resultsCacheTtl = Duration.seconds(DEFAULTS.resultTtlSeconds),
}: ApiProtectionOptions): Duration {
  if (resultsCacheTtl.isUnresolved()) return resultsCacheTtl;
  const seconds = resultsCacheTtl.toMilliseconds() / 1000;
  // https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html
  const holds = Number.isInteger(seconds) && seconds >= 0 && seconds <= 3600;
  assertProp(
    'resultsCacheTtl',
    `${seconds} s`,
    'must be a whole number of seconds from 0 to 3600',
    holds,
  );
  return resultsCacheTtl;
}

/** Returns the maximum number of authorizers. @throws PropError if it is out of its bounds. */
export function maxAuthorizersOf({
  maxAuthorizers = DEFAULT_AUTHORIZERS,
}: ApiProtectionOptions): number {
  assertProp(
    'maxAuthorizers',
    maxAuthorizers,
    `must be a whole number from 1 to ${MAX_AUTHORIZERS}`,
    Number.isInteger(maxAuthorizers) && maxAuthorizers >= 1 && maxAuthorizers <= MAX_AUTHORIZERS,
  );
  return maxAuthorizers;
}
