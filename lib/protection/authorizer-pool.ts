import { createHash } from 'node:crypto';
import { API_SCOPES_ONLY, type ScopeRequirement } from '../scopes/scope-requirement';

/** API Gateway's quota of authorizers for one API, REST or HTTP. */
export const MAX_AUTHORIZERS = 10;

/** Default maximum of authorizers for one API. During a deployment, new ones exist together with former ones. */
export const DEFAULT_AUTHORIZERS = MAX_AUTHORIZERS / 2;

/** Name of all requirements whose results are not cached. */
const UNCACHED = 'uncached';

/** Factory of authorizers. At synthesis `isKeyedByRoute` returns whether a result is valid for one route only. */
type Create<Authorizer> = (id: string, isKeyedByRoute: () => boolean) => Authorizer;

/**
 * Creates a pool of authorizers for the routes of an API. API Gateway's result cache then replays for a
 * route only what would be decided for it again.
 *
 * A cached result is replayed for all routes that have the same authorizer and the same identity
 * sources. The ARNs in a policy cannot limit it to the right routes: their wildcards cross slashes, so
 * `GET/orders/*` also matches `/orders/{id}/items`. Therefore routes with the same requirement share an
 * authorizer, and every result is valid for the whole stage. If that takes more authorizers than the
 * maximum, the last one serves all further requirements, and the route is among its identity sources.
 * The logical IDs of authorizers extend this across deployments, see `authorizerIdentity`.
 *
 * @returns a function that returns the authorizer of a requirement, the same for each call
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 * @see https://github.com/serverless/serverless/issues/626
 */
export function createAuthorizerPool<Authorizer>(
  maxAuthorizers: number,
  create: Create<Authorizer>,
): (requirement: ScopeRequirement) => Authorizer {
  const made = new Map<string, Authorizer>();
  let last: Authorizer | undefined;

  return function authorizerFor({ name: requirement, tools }) {
    // Results by tool are never cached, so requirements with tools share an authorizer.
    const name = tools ? UNCACHED : requirement;
    const known = made.get(name);
    if (known !== undefined) return known;
    const isLast = made.size + 1 === maxAuthorizers;
    const isKeyedByRoute = () => isLast && made.size > maxAuthorizers;
    const authorizer = last ?? create(authorizerId(name), isKeyedByRoute);
    made.set(name, authorizer);
    if (isLast) last = authorizer;
    return authorizer;
  };
}

/** Returns a construct ID that does not depend on other routes. */
function authorizerId(requirement: string): string {
  if (requirement === API_SCOPES_ONLY) return 'RequestAuthorizer';
  return `RequestAuthorizer${createHash('sha256').update(requirement).digest('hex').slice(0, 8)}`;
}
