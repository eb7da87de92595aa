import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { close, listen } from '../http-server';
import type { ResolvedTemplate } from '../template/resolve';
import type { AuthorizerOutcome, Invoke } from './authorizer';
import { substituteContext } from './context';
import type { ResponseType } from './gateway-response-model';
import { type Handled, handle } from './handle';
import type { Answer } from './message';
import { receive } from './receive';
import { readRestApi } from './rest-api-model';
import { createResultCache } from './result-cache';
import { createUpstream } from './upstream';

/** How one request was answered, so that one can tell where the answer came from. */
export interface RequestRecord {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** The matched resource, for example `/orders/{id}`. */
  readonly resource?: string;
  readonly authorizer: AuthorizerOutcome;
  /** Present when the gateway answered by itself. */
  readonly gatewayResponse?: ResponseType;
  readonly durationMs: number;
}

export interface RestApiOptions {
  readonly template: ResolvedTemplate;
  /** Which REST API of the template; by default the only one. */
  readonly logicalId?: string;
  readonly invoke: Invoke;
  /** Takes access log lines and, as `(request id) sentence`, why a request failed. Default: none. */
  readonly log?: (line: string) => void;
  readonly onRequest?: (record: RequestRecord) => void;
  /** Milliseconds since the epoch, for the result cache and request times. Default: `Date.now`. */
  readonly now?: () => number;
}

/** A local stand-in for one REST API of API Gateway. */
export interface RestApiServer {
  /**
   * Serves the API's routes at `/` of 127.0.0.1; port 0 takes a free one.
   *
   * @throws PortTakenError
   */
  listen(port: number): Promise<URL>;
  /** Ends the server and all connections, also those to the upstreams. */
  close(): Promise<void>;
  /** https://docs.aws.amazon.com/apigateway/latest/api/API_FlushStageAuthorizersCache.html */
  flushAuthorizersCache(): void;
}

/**
 * Serves a REST API as its CloudFormation template describes it.
 *
 * @throws NotUnderstoodError naming what of the template is not imitated
 */
export function createRestApi(options: RestApiOptions): RestApiServer {
  const { template, logicalId, invoke, log = () => {}, onRequest, now = Date.now } = options;
  const api = readRestApi(template, logicalId);
  const cache = createResultCache(now);
  const upstream = createUpstream();

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const { request, refusal } = await receive(message, now());
    const handled = await handle(api, request, refusal, now(), { invoke, cache, upstream });
    write(response, handled.answer, handled.context.requestId);
    const { requestId } = handled.context;
    if (handled.fault) log(`(${requestId}) ${handled.fault}`);
    if (api.accessLogFormat) log(accessLogLine(api.accessLogFormat, handled));
    onRequest?.({
      requestId,
      method: request.method,
      path: request.path,
      status: handled.answer.status,
      ...(handled.resourcePath && { resource: handled.resourcePath }),
      authorizer: handled.authorizer,
      ...(handled.gatewayResponse && { gatewayResponse: handled.gatewayResponse }),
      durationMs: performance.now() - started,
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
  };
}

function write(response: ServerResponse, answer: Answer, requestId: string): void {
  response.statusCode = answer.status;
  response.setHeader('x-amzn-RequestId', requestId);
  for (const [name, value] of answer.headers) response.appendHeader(name, value);
  response.end(answer.body);
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
function accessLogLine(format: string, { context, answer }: Handled): string {
  const complete = { ...context, status: answer.status, responseLength: answer.body.length };
  return substituteContext(format, complete, '-');
}
