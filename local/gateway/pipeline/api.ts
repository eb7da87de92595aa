import type { IncomingMessage } from 'node:http';
import type { ResolvedResource, ResolvedTemplate } from '../../template/resolve';
import { REST_API } from '../definition/api-resource';
import { readHttpApi } from '../definition/http/http-api';
import { unconfirmedOf as unconfirmedOfHttpApi } from '../definition/http/unconfirmed';
import type { Method } from '../definition/rest/method';
import { readRestApi } from '../definition/rest/rest-api';
import { unconfirmedOf as unconfirmedOfRestApi } from '../definition/rest/unconfirmed';
import { type RouteSummary, routeSummary } from '../definition/route-summary';
import type { RouteNode } from '../definition/route-tree';
import type { Endpoint } from '../request/endpoint';
import { HTTP_API_PIPELINE } from './http/http-api-pipeline';
import { type PipelineResult, runPipeline } from './pipeline';
import type { GatewayPorts } from './ports';
import { REST_API_PIPELINE } from './rest/rest-api-pipeline';

/** REST API or HTTP API that is ready to serve requests. */
export interface Api {
  /**
   * Response headers that identify the request, with the context variable that each one holds.
   *
   * @see https://github.com/localstack/localstack/blob/main/tests/aws/services/apigateway/test_apigateway_common.snapshot.json
   */
  readonly requestIdHeaders: Readonly<Record<string, string>>;
  /** Format of the access log; absent if the stage has none. */
  readonly accessLogFormat?: string;
  readonly stage: string;
  readonly routes: readonly RouteSummary[];
  /** Behaviors that the API relies on although no recording from AWS shows them. */
  readonly unconfirmed: readonly string[];
  /**
   * @param receivedAtMs time of arrival, in milliseconds since the epoch
   * @param disconnected aborted when the client disconnects before it has received the response
   * @param endpoint default: the default endpoint
   */
  handle(
    message: IncomingMessage,
    receivedAtMs: number,
    disconnected: AbortSignal,
    endpoint?: Endpoint,
  ): Promise<PipelineResult>;
}

/**
 * Reads an API of either kind and connects it to its pipeline.
 *
 * @throws UnsupportedTemplateError naming what is not supported, missing or ambiguous
 */
export function readApi(
  template: ResolvedTemplate,
  resource: ResolvedResource,
  ports: GatewayPorts,
  stage?: string,
): Api {
  if (resource.type === REST_API) {
    const api = readRestApi(template, resource, stage);
    return {
      stage: api.stage,
      routes: restRoutes(api.root),
      ...accessLogFormatOf(api),
      unconfirmed: unconfirmedOfRestApi(api),
      requestIdHeaders: { 'x-amzn-RequestId': 'requestId', 'x-amz-apigw-id': 'extendedRequestId' },
      handle: (message, receivedAtMs, disconnected, endpoint) =>
        runPipeline(REST_API_PIPELINE, {
          ...{ api, ports, message, receivedAtMs, disconnected, endpoint },
        }),
    };
  }
  const api = readHttpApi(template, resource, stage);
  return {
    stage: api.stage,
    routes: api.routes.all.map(({ routeKey, authorizer, integration }) =>
      routeSummary(routeKey, authorizer, integration),
    ),
    ...accessLogFormatOf(api),
    unconfirmed: unconfirmedOfHttpApi(api),
    requestIdHeaders: { 'Apigw-Requestid': 'requestId' },
    handle: (message, receivedAtMs, disconnected, endpoint) =>
      runPipeline(HTTP_API_PIPELINE, {
        ...{ api, ports, message, receivedAtMs, disconnected, endpoint },
      }),
  };
}

function accessLogFormatOf({
  accessLogFormat,
}: Pick<Api, 'accessLogFormat'>): Pick<Api, 'accessLogFormat'> {
  return accessLogFormat === undefined ? {} : { accessLogFormat };
}

function restRoutes({ methods, children }: RouteNode<Method>): readonly RouteSummary[] {
  const own = [...methods].map(([httpMethod, { resourcePath, authorizer, integration }]) =>
    routeSummary(`${httpMethod} ${resourcePath}`, authorizer, integration),
  );
  return [...own, ...children.flatMap(restRoutes)];
}
