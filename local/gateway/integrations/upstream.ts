import http from 'node:http';
import https from 'node:https';
import { readBody } from '../request/body';
import { type HeaderField, type HttpResponse, headerFields } from '../request/message';

/** Request to an integration's endpoint. */
export interface UpstreamRequest {
  readonly origin: URL;
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly headers: readonly HeaderField[];
  readonly body: Buffer;
  readonly timeoutMs: number;
}

/** Reason why a request to an upstream has no response. */
export type UpstreamFault = 'timeout' | 'unreachable' | 'too-large' | 'invalid';

/** HTTP client for upstreams, with keep-alive connections. */
export interface Upstream {
  call(request: UpstreamRequest): Promise<HttpResponse | UpstreamFault>;
  close(): void;
}

/** Creates the HTTP client for upstreams. */
export function createUpstream(): Upstream {
  const httpAgent = new http.Agent({ keepAlive: true });
  const httpsAgent = new https.Agent({ keepAlive: true });

  /** @throws TypeError before a connection is open, if a header or the path is not valid in HTTP */
  function open(request: UpstreamRequest, signal: AbortSignal): http.ClientRequest {
    for (const [name, value] of request.headers) {
      http.validateHeaderName(name);
      http.validateHeaderValue(name, value);
    }
    const secure = request.origin.protocol === 'https:';
    const outgoing = (secure ? https : http).request({
      agent: secure ? httpsAgent : httpAgent,
      host: request.origin.hostname.replace(/^\[|\]$/g, ''),
      port: request.origin.port || (secure ? 443 : 80),
      method: request.method,
      path: request.target,
      signal,
    });
    for (const [name, value] of request.headers) {
      // Node.js has set Host to the upstream's; a Host in the request comes from a mapping and replaces it.
      if (name.toLowerCase() === 'host') outgoing.setHeader(name, value);
      else outgoing.appendHeader(name, value);
    }
    if (request.body.length > 0) outgoing.setHeader('Content-Length', request.body.length);
    return outgoing;
  }

  return {
    async call(request) {
      const timeout = AbortSignal.timeout(request.timeoutMs);
      let outgoing: http.ClientRequest;
      try {
        outgoing = open(request, timeout);
      } catch {
        return 'invalid';
      }
      try {
        const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
          outgoing.once('response', resolve).once('error', reject).end(request.body);
        });
        const body = await readBody(response);
        if (body === 'too-large') return body;
        return {
          status: response.statusCode ?? 502,
          headers: headerFields(response.rawHeaders),
          body,
        };
      } catch {
        return timeout.aborted ? 'timeout' : 'unreachable';
      }
    },
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}
