import type { HttpApi } from '../../definition/http/http-api';
import { createContextVariables } from '../../request/context-variables';
import { pathWithinApi } from '../../request/endpoint';
import type { IncomingRequest } from '../invocation';
import type { Ended } from '../pipeline';
import { headerValueBytes, type RequestParser, readRequest } from '../read-request';
import { decodePath } from './decode-path';
import { endWithErrorResponse } from './error-response';
import type { HttpApiInvocation } from './invocation';
import { selectRoute } from './select-route';

/**
 * Maximum "Total combined size of request line and header values", in bytes.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
const HEAD_LIMIT_BYTES = 10_240;

const PARSER: RequestParser = {
  method: (sent) => sent,
  limitExceeded(requestLine, headers) {
    if (requestLine.length > HEAD_LIMIT_BYTES) return 'uri-too-long';
    const bytes = requestLine.length + headerValueBytes(headers);
    return bytes > HEAD_LIMIT_BYTES ? 'headers-too-large' : undefined;
  },
};

/** Step: reads the request and creates its context. */
export async function receiveRequest({
  api,
  ports,
  message,
  receivedAtMs,
  endpoint,
}: IncomingRequest<HttpApi>): Promise<HttpApiInvocation | Ended> {
  const { request: sent, limitExceeded } = await readRequest(message, receivedAtMs, PARSER);
  const sentPath = pathWithinApi(sent.sentPath, endpoint);
  const decoded = decodePath(sentPath);
  const request = { ...sent, path: decoded?.path ?? sentPath };
  const match = decoded && selectRoute(api.routes, request.method, decoded);
  // The path of `$default` has no prefix, that of other stages starts with their name. So it is on a custom
  // domain, where the mapping key is not in the path.
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
  // https://github.com/CodeGenieApp/serverless-express/issues/465
  const path = api.stage === '$default' ? request.path : `/${api.stage}${request.path}`;
  const invocation: HttpApiInvocation = {
    api,
    ports,
    request,
    ...(limitExceeded && { limitExceeded }),
    ...(match && { match }),
    eventPath: path,
    pathParameters: match?.pathParameters ?? {},
    stageVariables: api.stageVariables,
    contextVariables: {
      ...createContextVariables(api, request, path, receivedAtMs, endpoint),
      ...(match && { routeKey: match.target.routeKey }),
    },
    authorizerOutcome: 'none',
  };
  return decoded ? invocation : endWithErrorResponse(invocation, { responseType: 'BAD_REQUEST' });
}
