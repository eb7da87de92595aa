import { Duration } from 'aws-cdk-lib';
import type { AuthorizerFunction } from '../authorizer/authorizer-function';
import { toolAlternatives } from '../scopes/mcp-tools';
import type { McpEndpoint, RequiredScopes } from '../scopes/route-scopes';
import { requirementOf, type ScopeRequirement, withTools } from '../scopes/scope-requirement';
import { DEFAULTS } from '../validation/defaults';
import { assertBaseUrls } from '../validation/prop-checks';
import { assertProp } from '../validation/prop-error';
import { DEFAULT_AUTHORIZERS, MAX_AUTHORIZERS } from './authorizer-pool';
import type { ProtectedResource } from './protected-resources';

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
   * @default - those of the function or, if it has none either, the protected resource; synthesis warns if all are absent
   */
  readonly audience?: readonly string[];
  /**
   * Lifetime of a result in API Gateway's result cache, 0 to 3600 s; 0 turns the cache off. A revoked or
   * expired token can pass for that much longer. It is always 0 if the function accepts tokens that are bound
   * to their senders, and for routes whose tools have scopes of their own. With either, a larger value is an error.
   *
   * @default Duration.seconds(60)
   */
  readonly resultsCacheTtl?: Duration;
  /**
   * Base URLs under which clients call the API, without a trailing slash: a custom domain with its base
   * path, or the URL of a stage. The URL in a DPoP proof must be below one of them.
   *
   * @default - none; they are required if the function accepts tokens that are bound to their senders
   */
  readonly publicUrls?: readonly string[];
  /**
   * Metadata for clients (RFC 9728) of the API, or of several endpoints of it. For the resource
   * `https://mcp.example.com/mcp` it is served at `/.well-known/oauth-protected-resource/mcp`. The same path without
   * `/mcp` serves that of the resource without a path or, if all have one, of the first. `publicUrls` names the
   * base path of the API; by default that is the origin. A route belongs to the resource whose path is the longest
   * prefix of its own, and accepts only tokens for that resource. Synthesis fails if one of several resources has no
   * protected route, or its requests can match a route that does not belong to it.
   *
   * @default - no metadata
   */
  readonly protectedResource?: ProtectedResource | readonly ProtectedResource[];
  /**
   * URL of the authorization server's metadata, which is also served at `/.well-known/oauth-authorization-server` of
   * the API, for clients that look for it there. A function fetches and caches it, and changes nothing in it.
   *
   * @default - not served
   */
  readonly authorizationServerMetadata?: string;
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
  /**
   * Scopes by tool, for the endpoint of an MCP server. The header `Mcp-Name` tells the tool. The server must
   * support protocol version 2026-07-28 or later, since older ones do not compare the header with the body.
   *
   * @default - requests are not decided by tool
   */
  readonly mcp?: McpEndpoint;
}

/**
 * Returns the requirement of routes.
 *
 * @throws PropError if it is not valid, or its results would be cached although requests call different tools.
 */
export function requirementOfRoute(
  { scopes, mcp }: RouteAuthorizerOptions,
  { scopes: apiScopes, resultsCacheTtl }: Pick<ApiProtectionOptions, 'scopes' | 'resultsCacheTtl'>,
): ScopeRequirement {
  const requirement = withTools(requirementOf(scopes, apiScopes), toolAlternatives(mcp));
  assertProp(
    'resultsCacheTtl',
    resultsCacheTtl?.toString(),
    'must be 0 or absent if a route has scopes by tool: API Gateway replays a cached result for calls of other tools',
    requirement.tools === undefined || resultsCacheTtl === undefined || isZero(resultsCacheTtl),
  );
  return requirement;
}

function isZero(duration: Duration): boolean {
  return !duration.isUnresolved() && duration.toMilliseconds() === 0;
}

/**
 * Returns the lifetime of results.
 *
 * @throws PropError if it is out of its bounds, or not 0 although each request has a proof of its own.
 */
export function resultTtlOf({
  authorizerFunction: { acceptsBoundTokens },
  resultsCacheTtl = Duration.seconds(acceptsBoundTokens ? 0 : DEFAULTS.resultTtlSeconds),
}: ApiProtectionOptions): Duration {
  const isKnown = !resultsCacheTtl.isUnresolved();
  const seconds = isKnown ? resultsCacheTtl.toMilliseconds() / 1000 : 0;
  // https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html
  const holds = Number.isInteger(seconds) && seconds >= 0 && seconds <= 3600;
  assertProp(
    'resultsCacheTtl',
    `${seconds} s`,
    'must be a whole number of seconds from 0 to 3600',
    holds,
  );
  assertProp(
    'resultsCacheTtl',
    isKnown ? `${seconds} s` : 'a value known at deployment',
    'must be 0 if senderConstraint is not REFUSE: API Gateway replays a cached result without a check of the proof',
    !acceptsBoundTokens || (isKnown && seconds === 0),
  );
  return resultsCacheTtl;
}

/**
 * Returns the base URLs that proofs are compared with; `undefined` if there are no proofs.
 *
 * @throws PropError if they are invalid, or required and absent.
 */
export function proofUrlsOf({
  authorizerFunction: { acceptsBoundTokens },
  publicUrls,
}: ApiProtectionOptions): readonly string[] | undefined {
  assertBaseUrls('publicUrls', publicUrls);
  if (!acceptsBoundTokens) return undefined;
  assertProp(
    'publicUrls',
    publicUrls,
    'must be set if senderConstraint is not REFUSE, since a DPoP proof contains the URL of its request',
    publicUrls !== undefined,
  );
  return publicUrls;
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
