import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { close, listen, type PortChoice } from '../http-server';
import type { ResolvedTemplate } from '../template/resolve';
import { accessLogLine } from './access-log';
import { findApi } from './definition/api-resource';
import { deployedTemplate } from './definition/rest/deployed-template';
import type { RouteSummary } from './definition/route-summary';
import type { Invoke } from './integrations/lambda/invoke';
import { createUpstream } from './integrations/upstream';
import { readApi } from './pipeline/api';
import type { PipelineResult } from './pipeline/pipeline';
import { type PortUse, recordPorts } from './pipeline/port-use';
import { createResultCache } from './pipeline/result-cache';
import type { Endpoint } from './request/endpoint';
import { MAX_HEAD_BYTES } from './request/limits';
import type { HttpRequest, HttpResponse } from './request/message';
import { sendResponse } from './send-response';

/** Record of one request and the source of its response. */
export interface RequestRecord
  extends Pick<
    PipelineResult,
    'resource' | 'authorizer' | 'authorizerCall' | 'gatewayResponse' | 'fault'
  > {
  readonly requestId: string;
  /** Time of arrival, in milliseconds since the epoch. */
  readonly receivedAtMs: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
}

/** Complete request and response, and the calls between them. They contain tokens and must not be logged. */
export interface Exchange {
  readonly request: HttpRequest;
  /** Response with the start of its body, if it was streamed. */
  readonly response: HttpResponse;
  readonly record: RequestRecord;
  /** Logical id of the API. */
  readonly api: string;
  readonly ports: PortUse;
}

/** Options of {@link createApiServer}. */
export interface ApiServerOptions {
  readonly template: ResolvedTemplate;
  /**
   * Logical id of the REST or HTTP API.
   * @default - the only API of the template
   */
  readonly logicalId?: string;
  /**
   * Name of the stage.
   * @default - the first stage of the template
   */
  readonly stage?: string | undefined;
  readonly invoke: Invoke;
  /**
   * Receives access log lines and, as `(request id) cause`, faults. Those of a request that has a record are of the
   * kind `request`.
   * @default - nothing is logged
   */
  readonly log?: (line: string, kind?: 'request') => void;
  /**
   * Receives the record of each request.
   * @default - no records
   */
  readonly onRequest?: (record: RequestRecord) => void;
  /**
   * Receives each exchange, before {@link onRequest} receives its record.
   * @default - no exchanges
   */
  readonly onExchange?: ((exchange: Exchange) => void) | undefined;
  /**
   * Returns the time in milliseconds since the epoch, for the result cache and request times.
   * @default Date.now
   */
  readonly now?: () => number;
}

/** Local server of one API of API Gateway. */
export interface ApiServer {
  readonly stage: string;
  readonly routes: readonly RouteSummary[];
  /** Behaviors that the API relies on although no recording from AWS shows them. */
  readonly unconfirmed: readonly string[];
  /**
   * Serves the API's routes at `/` of 127.0.0.1, without a prefix for the stage.
   *
   * @throws PortTakenError
   */
  listen(port: PortChoice): Promise<URL>;
  /** Serves a request that another server received for a custom domain name. */
  serve(message: IncomingMessage, response: ServerResponse, endpoint: Endpoint): void;
  /** Closes the server and all connections, including those to upstreams. */
  close(): Promise<void>;
  /**
   * Empties the result cache. AWS offers this for REST APIs only; for HTTP APIs it is an aid to tests.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/api/API_FlushStageAuthorizersCache.html
   */
  flushAuthorizersCache(): void;
  /** Returns the number of results in the result cache that have not expired. */
  cachedResults(): number;
  /**
   * Switches to another template of the same stack, as CloudFormation does in an update. The result cache is
   * kept. A REST API changes when its stage names another deployment, an HTTP API immediately.
   *
   * @throws UnsupportedTemplateError naming what of the template is not supported
   */
  update(template: ResolvedTemplate): void;
}

/**
 * Creates a server of a REST API or an HTTP API from its CloudFormation template.
 *
 * @throws UnsupportedTemplateError naming what of the template is not supported
 */
export function createApiServer(options: ApiServerOptions): ApiServer {
  const { template, logicalId, stage, invoke, log, now = Date.now } = options;
  const { onRequest, onExchange } = options;
  const cache = createResultCache(now);
  const upstream = createUpstream();
  const { ports, record: recordUse } = recordPorts({ invoke, cache, upstream });
  let deployed = template;
  const resource = findApi(deployed, logicalId);
  let api = readApi(deployed, resource, ports, stage);

  async function serve(
    message: IncomingMessage,
    response: ServerResponse,
    disconnected: AbortSignal,
    endpoint: Endpoint | undefined,
  ): Promise<void> {
    const startedMs = performance.now();
    const receivedAtMs = now();
    const { accessLogFormat, requestIdHeaders, handle } = api;
    const { result, use } = await recordUse(() =>
      handle(message, receivedAtMs, disconnected, endpoint),
    );
    const { contextVariables } = result;
    for (const [name, variable] of Object.entries(requestIdHeaders)) {
      response.setHeader(name, String(contextVariables[variable]));
    }
    const sent = await sendResponse(response, result.response, disconnected);
    const durationMs = performance.now() - startedMs;
    const fault = result.fault ?? sent.fault;
    if (fault) log?.(`(${contextVariables.requestId}) ${fault}`, 'request');
    if (log && accessLogFormat)
      log(accessLogLine(accessLogFormat, result, sent, durationMs), 'request');
    const record = {
      ...requestRecord(result, durationMs),
      ...(fault !== undefined && { fault }),
      receivedAtMs,
    };
    onExchange?.({
      ...{ record, request: result.request, api: resource.logicalId, ports: use },
      response: { ...result.response, body: sent.body },
    });
    onRequest?.(record);
  }

  const server = http.createServer({ maxHeaderSize: MAX_HEAD_BYTES }, (message, response) =>
    respond(message, response),
  );
  function respond(message: IncomingMessage, response: ServerResponse, endpoint?: Endpoint): void {
    const receiver = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) receiver.abort();
    });
    serve(message, response, receiver.signal, endpoint).catch((error: Error) => {
      receiver.abort();
      // The client disconnected, or a mapped header value is not valid in HTTP.
      log?.(`no response could be sent: ${error.name}`);
      if (!response.headersSent) response.writeHead(500).end('{"message":"Internal server error"}');
    });
  }
  return {
    get stage() {
      return api.stage;
    },
    get routes() {
      return api.routes;
    },
    get unconfirmed() {
      return api.unconfirmed;
    },
    listen: (port) => listen(server, port),
    serve: respond,
    async close() {
      upstream.close();
      await close(server);
    },
    flushAuthorizersCache: () => cache.clear(),
    cachedResults: () => cache.size(),
    update(updated) {
      deployed = deployedTemplate(deployed, updated, findApi(deployed, logicalId));
      api = readApi(deployed, findApi(deployed, logicalId), ports, stage);
    },
  };
}

function requestRecord(
  result: PipelineResult,
  durationMs: number,
): Omit<RequestRecord, 'receivedAtMs'> {
  const { request, response, contextVariables } = result;
  const { resource, authorizer, authorizerCall, gatewayResponse, fault } = result;
  return {
    requestId: contextVariables.requestId,
    method: request.method,
    path: request.sentPath,
    status: response.status,
    ...(resource !== undefined && { resource }),
    authorizer,
    ...(authorizerCall && { authorizerCall }),
    ...(gatewayResponse && { gatewayResponse }),
    ...(fault !== undefined && { fault }),
    durationMs,
  };
}
