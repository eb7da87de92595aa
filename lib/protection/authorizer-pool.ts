import { createHash } from 'node:crypto';
import { API_SCOPES_ONLY, type ScopeRequirement } from '../scopes/scope-requirement';

/** API Gateway's quota for authorizers of one API, of either kind. */
export const MAX_AUTHORIZERS = 10;

/** Authorizers of one API by default: new ones have room beside the former ones while they take over. */
export const DEFAULT_AUTHORIZERS = MAX_AUTHORIZERS / 2;

/** Made when a requirement needs it; whether its results hold for one route only shows at synthesis. */
type Create<Authorizer> = (id: string, isKeyedByRoute: () => boolean) => Authorizer;

/**
 * How an API's routes share authorizers, so that whatever API Gateway's result cache replays for a route
 * is what would be decided for it afresh.
 *
 * A cached result is replayed for all routes that have the same authorizer and the same identity
 * sources. The ARNs in a policy cannot keep it from the wrong ones: their wildcards cross slashes, so
 * that `GET/orders/*` would speak for `/orders/{id}/items` too. So nothing is left to ARNs. Routes that
 * require the same share an authorizer, and every result speaks for the whole stage. Where that would
 * take more authorizers than there may be, the last one serves all further requirements, and the route
 * is among its identity sources. The logical ids of authorizers see to it that this holds across
 * deployments, see `authorizerIdentity`.
 *
 * @returns a function that gives a requirement its authorizer, the same each time.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 * @see https://github.com/serverless/serverless/issues/626
 */
export function createAuthorizerPool<Authorizer>(
  maxAuthorizers: number,
  create: Create<Authorizer>,
): (requirement: ScopeRequirement) => Authorizer {
  const made = new Map<string, Authorizer>();
  let last: Authorizer | undefined;

  return function authorizerFor({ name }) {
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

/** Returns a construct id that does not depend on other routes. */
function authorizerId(requirement: string): string {
  if (requirement === API_SCOPES_ONLY) return 'RequestAuthorizer';
  return `RequestAuthorizer${createHash('sha256').update(requirement).digest('hex').slice(0, 8)}`;
}
