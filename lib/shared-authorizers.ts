import { createHash } from 'node:crypto';
import { NO_REQUIREMENT, type Route, requirementOf } from './route-scopes';

/** API Gateway's quota for authorizers of one API, of either kind. */
export const MAX_AUTHORIZERS = 10;

/**
 * How an API's routes share authorizers, so that whatever API Gateway's result cache replays for a route
 * is what would be decided for it afresh.
 *
 * A cached result is replayed for all routes that have the same authorizer and the same identity
 * sources. The ARNs in a policy cannot keep it from the wrong ones: their wildcards cross slashes, so
 * that `GET/orders/*` would speak for `/orders/{id}/items` too. So nothing is left to ARNs. Routes that
 * require the same share an authorizer, and every result speaks for the whole stage. Where that would
 * take more authorizers than API Gateway has, there is one, and the route is an identity source.
 *
 * @param create makes the authorizer when a route first needs it.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 * @see https://github.com/serverless/serverless/issues/626
 */
export function shareAuthorizers<Authorizer>(
  routes: readonly Route[],
  create: (id: string, options: { readonly keyedByRoute: boolean }) => Authorizer,
): (route: Route) => Authorizer {
  const requirements = new Set(routes.filter((route) => !route.public).map(requirementOf));
  const keyedByRoute = requirements.size > MAX_AUTHORIZERS;
  const made = new Map<string, Authorizer>();

  return function authorizerFor(route) {
    const requirement = keyedByRoute ? NO_REQUIREMENT : requirementOf(route);
    const authorizer = made.get(requirement) ?? create(authorizerId(requirement), { keyedByRoute });
    made.set(requirement, authorizer);
    return authorizer;
  };
}

/** Stable, whatever other routes there are: a new id would replace the authorizer. */
function authorizerId(requirement: string): string {
  if (requirement === NO_REQUIREMENT) return 'RequestAuthorizer';
  return `RequestAuthorizer${createHash('sha256').update(requirement).digest('hex').slice(0, 8)}`;
}
