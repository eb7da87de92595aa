import http from 'node:http';
import https from 'node:https';
import { type GatewayResponse, type HeaderField, headerFields } from '../request/message';
import { readBody } from '../request/body';

/** A request to an integration's endpoint. */
export interface UpstreamRequest {
  readonly origin: URL;
  readonly method: string;
  /** Path and query as they go over the wire. */
  readonly target: string;
  readonly headers: readonly HeaderField[];
  readonly body: Buffer;
  readonly timeoutMillis: number;
}

/** How a call ended, when it did not end with a response. */
export type UpstreamFault = 'timeout' | 'unreachable' | 'too-large' | 'invalid';

/** Keep-alive connections to the upstreams. */
export interface Upstream {
  call(request: UpstreamRequest): Promise<GatewayResponse | UpstreamFault>;
  close(): void;
}

export function createUpstream(): Upstream {
  const httpAgent = new http.Agent({ keepAlive: true });
  const httpsAgent = new https.Agent({ keepAlive: true });

  /** @throws when a header or the path cannot be sent; no connection is open then */
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
      // Node has named the upstream as the host already; only a mapping brings another one here.
      if (name.toLowerCase() === 'host') outgoing.setHeader(name, value);
      else outgoing.appendHeader(name, value);
    }
    if (request.body.length > 0) outgoing.setHeader('Content-Length', request.body.length);
    return outgoing;
  }

  return {
    async call(request) {
      const timeout = AbortSignal.timeout(request.timeoutMillis);
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
