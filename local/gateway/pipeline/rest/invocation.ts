import type { Method, RestApi } from '../../definition/rest/rest-api';
import type { GatewayRequest } from '../../request/message';
import { createContext, type RequestContext } from '../../request/context-variables';

/** @param now milliseconds since the epoch */
export function createRestContext(
  api: RestApi,
  request: GatewayRequest,
  method: Method | undefined,
  now: number,
): RequestContext {
  return {
    ...createContext(api, request, `/${api.stage}${request.path}`, now),
    deploymentId: api.deploymentId,
    ...(method && { resourceId: method.resourceId, resourcePath: method.resourcePath }),
  };
}
