import type { RestApi } from '../../definition/rest/rest-api';
import { createContextVariables } from '../../request/context-variables';
import { pathWithinApi } from '../../request/endpoint';
import { headerValues } from '../../request/message';
import type { IncomingRequest } from '../invocation';
import { headerValueBytes, type RequestParser, readRequest } from '../read-request';
import type { RestInvocation } from './invocation';
import { routedPath, selectMethod } from './select-method';

/**
 * Maximum total size of the header values of a request, in bytes.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 */
const HEADER_LIMIT_BYTES = 10_240;

const OVERRIDE_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const PARSER: RequestParser = {
  /**
   * "When sending requests to an API by passing the X-HTTP-Method-Override header, API Gateway
   * overrides the method."
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
   */
  method(sent, headers) {
    const override = headerValues(headers, 'X-HTTP-Method-Override')[0]?.toUpperCase();
    return override && OVERRIDE_METHODS.includes(override) ? override : sent;
  },
  limitExceeded: (_, headers) =>
    headerValueBytes(headers) > HEADER_LIMIT_BYTES ? 'headers-too-large' : undefined,
};

/**
 * Step: reads the request and creates its context. `$context.path` has the path as sent. On a custom domain
 * it does not have the stage, unless the client sends it, and events have the same path.
 *
 * @see https://github.com/localstack/localstack/pull/12296
 */
export async function receiveRequest({
  api,
  ports,
  message,
  receivedAtMs,
  disconnected,
  endpoint,
}: IncomingRequest<RestApi>): Promise<RestInvocation> {
  const { request: sent, limitExceeded } = await readRequest(message, receivedAtMs, PARSER);
  const request = { ...sent, path: routedPath(pathWithinApi(sent.sentPath, endpoint)) };
  const match = selectMethod(api.root, request.method, request.path);
  const path = endpoint ? sent.sentPath : `/${api.stage}${sent.sentPath}`;
  return {
    api,
    ports,
    disconnected,
    request,
    ...(limitExceeded && { limitExceeded }),
    ...(match && { match }),
    eventPath: endpoint ? path : request.path,
    pathParameters: match?.pathParameters ?? {},
    stageVariables: api.stageVariables,
    contextVariables: {
      ...createContextVariables(api, request, path, receivedAtMs, endpoint),
      deploymentId: api.deploymentId,
      ...(match && {
        resourceId: match.target.resourceId,
        resourcePath: match.target.resourcePath,
      }),
    },
    authorizerOutcome: 'none',
  };
}
