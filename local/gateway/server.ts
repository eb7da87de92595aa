import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { close, listen } from '../http-server';
import type { ResolvedTemplate } from '../template/resolve';
import { findApi, readApi } from './pipeline/api-pipeline';
import { deployedTemplate } from './definition/rest/deployed-template';
import { createUpstream } from './integrations/upstream';
import type { GatewayResponse } from './request/message';
import type { AuthorizerOutcome } from './pipeline/invoke-authorizer';
import { substituteContext } from './request/context-variables';
import type { GatewayResponseType, GatewayResult } from './pipeline/pipeline-result';
import type { Invoke } from './integrations/lambda/invoke';
import { receive } from './pipeline/receive-request';
import { createResultCache } from './pipeline/result-cache';

/** How one request was answered, so that one can tell where the answer came from. */
export interface RequestRecord {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** The matched resource of a REST API, or route of an HTTP API: `/orders/{id}`, `GET /orders/{id}`. */
  readonly resource?: string;
  readonly authorizer: AuthorizerOutcome;
  /** Present when the gateway answered by itself. */
  readonly gatewayResponse?: GatewayResponseType;
  readonly durationMs: number;
}

export interface ApiOptions {
  readonly template: ResolvedTemplate;
  /** Which REST or HTTP API of the template; by default the only one. */
  readonly logicalId?: string;
  readonly invoke: Invoke;
  /** Takes access log lines and, as `(request id) sentence`, why a request failed. Default: none. */
  readonly log?: (line: string) => void;
  readonly onRequest?: (record: RequestRecord) => void;
  /** Milliseconds since the epoch, for the result cache and request times. Default: `Date.now`. */
  readonly now?: () => number;
}

/** A local stand-in for one API of API Gateway. */
export interface ApiServer {
  /**
   * Serves the API's routes at `/` of 127.0.0.1, whatever its stage; port 0 takes a free one.
   *
   * @throws PortTakenError
   */
  listen(port: number): Promise<URL>;
  /** Ends the server and all connections, also those to the upstreams. */
  close(): Promise<void>;
  /**
   * Empties the result cache. AWS can do that to REST APIs only; for HTTP APIs it is an aid to tests.
   * https://docs.aws.amazon.com/apigateway/latest/api/API_FlushStageAuthorizersCache.html
   */
  flushAuthorizersCache(): void;
  /**
   * Goes on with another template of the same stack, as after an update by CloudFormation. The result cache
   * stays. A REST API changes when its stage names another deployment, an HTTP API at once.
   *
   * @throws NotUnderstoodError naming what of the template is not imitated
   */
  update(template: ResolvedTemplate): void;
}

/**
 * Serves a REST API or an HTTP API as its CloudFormation template describes it.
 *
 * @throws NotUnderstoodError naming what of the template is not imitated
 */
export function createApi(options: ApiOptions): ApiServer {
  const { template, logicalId, invoke, log = () => {}, onRequest, now = Date.now } = options;
  const cache = createResultCache(now);
  const upstream = createUpstream();
  const ports = { invoke, cache, upstream };
  let deployed = template;
  let api = readApi(deployed, logicalId, ports);

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const { request, refusal } = await receive(message, now(), api.frontEnd);
    const { accessLogFormat, requestIdHeader, handle } = api;
    const handled = await handle(request, refusal, now());
    const durationMs = performance.now() - started;
    const { requestId } = handled.context;
    response.setHeader(requestIdHeader, requestId);
    write(response, handled.answer);
    if (handled.fault) log(`(${requestId}) ${handled.fault}`);
    if (accessLogFormat) log(accessLogLine(accessLogFormat, handled, durationMs));
    onRequest?.({
      requestId,
      method: request.method,
      path: request.path,
      status: handled.answer.status,
      ...(handled.resource && { resource: handled.resource }),
      authorizer: handled.authorizer,
      ...(handled.gatewayResponse && { gatewayResponse: handled.gatewayResponse }),
      durationMs,
    });
  }

  // Above the gateway's own limit, so that the gateway answers and not Node.
  const server = http.createServer({ maxHeaderSize: 64 * 1024 }, (message, response) => {
    serve(message, response).catch((error: Error) => {
      // The client went away, or a header value that a mapping made is not valid in HTTP.
      log(`the request could not be answered: ${error.name}`);
      if (!response.headersSent) response.writeHead(500).end('{"message":"Internal server error"}');
    });
  });
  return {
    listen: (port) => listen(server, port),
    async close() {
      upstream.close();
      await close(server);
    },
    flushAuthorizersCache: () => cache.clear(),
    update(updated) {
      deployed = deployedTemplate(deployed, updated, findApi(deployed, logicalId));
      api = readApi(deployed, logicalId, ports);
    },
  };
}

function write(response: ServerResponse, answer: GatewayResponse): void {
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) response.appendHeader(name, value);
  response.end(answer.body);
}

/**
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
 */
function accessLogLine(
  format: string,
  { context, answer }: GatewayResult,
  durationMs: number,
): string {
  const complete = {
    ...context,
    status: answer.status,
    responseLatency: Math.round(durationMs),
    responseLength: answer.body.length,
  };
  return substituteContext(format, complete, '-');
}
