import type { RouteNode } from '../../definition/route-tree';
import { percentDecode } from '../../request/path';
import { matchPath, type RouteMatch } from '../router';

/**
 * Returns the path that a REST API routes and that events have: several leading slashes are one.
 *
 * @see https://github.com/localstack/localstack/issues/11253
 */
export function routedPath(sentPath: string): string {
  return sentPath.replace(/^\/{2,}/, '/');
}

/**
 * Selects the method of a request. Paths of a REST API are not decoded, and the value of a greedy variable
 * has no trailing slash. AWS does not document how static parts are compared: here after
 * percent-decoding, as an upstream would.
 *
 * @see https://github.com/localstack/localstack/blob/main/tests/aws/services/apigateway/test_apigateway_lambda.snapshot.json test_lambda_aws_proxy_integration, invocation-payload-with-trailing-slash
 */
export function selectMethod<Target>(
  root: RouteNode<Target>,
  httpMethod: string,
  path: string,
): RouteMatch<Target> | undefined {
  return matchPath(root, httpMethod, path, {
    staticText: (segment) => percentDecode(segment) ?? segment,
    greedyValue: (rest) => rest.replace(/\/$/, ''),
  });
}
