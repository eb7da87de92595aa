import http from 'node:http';
import https from 'node:https';
import { readBody } from '../request/body';
import {
  type HeaderField,
  type HttpResponse,
  headerFields,
  type StreamedResponse,
} from '../request/message';

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

/** Limits of a response that is passed on while it arrives. */
export interface StreamLimits {
  /** Longest time without a byte from the upstream, in milliseconds. */
  readonly idleTimeoutMs: number;
  /** Aborted when the response has no receiver any more. */
  readonly disconnected: AbortSignal;
}

/** Reason why a request to an upstream has no response. */
export type UpstreamFault = 'timeout' | 'unreachable' | 'too-large' | 'invalid';

/** Reason why a streamed response is missing or incomplete. */
export type StreamFault = Exclude<UpstreamFault, 'too-large'> | 'idle' | 'disconnected';

/** Error of a streamed body that broke off. */
export class StreamError extends Error {
  override readonly name = 'StreamError';

  constructor(readonly fault: StreamFault) {
    super(fault);
  }
}

/** HTTP client for upstreams, with keep-alive connections. */
export interface Upstream {
  /** Sends a request and reads the whole response. */
  call(request: UpstreamRequest): Promise<HttpResponse | UpstreamFault>;
  /**
   * Sends a request and returns the response when its headers have arrived. The request is aborted at its
   * timeout, at a limit, or when the iteration of the body ends early.
   *
   * @returns a body whose iteration throws {@link StreamError} if it breaks off
   */
  stream(request: UpstreamRequest, limits: StreamLimits): Promise<StreamedResponse | StreamFault>;
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
        const response = await send(outgoing, request.body);
        const body = await readBody(response);
        return body === 'too-large' ? body : { ...headOf(response), body };
      } catch {
        return timeout.aborted ? 'timeout' : 'unreachable';
      }
    },
    async stream(request, { idleTimeoutMs, disconnected }) {
      const timeout = AbortSignal.timeout(request.timeoutMs);
      const idle = new AbortController();
      const fault = (): StreamFault => {
        if (disconnected.aborted) return 'disconnected';
        if (timeout.aborted) return 'timeout';
        return idle.signal.aborted ? 'idle' : 'unreachable';
      };
      let outgoing: http.ClientRequest;
      try {
        outgoing = open(request, AbortSignal.any([timeout, idle.signal, disconnected]));
      } catch {
        return 'invalid';
      }
      outgoing.setTimeout(idleTimeoutMs, () => idle.abort());
      try {
        const response = await send(outgoing, request.body);
        return { ...headOf(response), body: relay(response, fault) };
      } catch {
        return fault();
      }
    },
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

function send(outgoing: http.ClientRequest, body: Buffer): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('response', resolve).once('error', reject).end(body);
  });
}

function headOf(response: http.IncomingMessage): Omit<HttpResponse, 'body'> {
  return { status: response.statusCode ?? 502, headers: headerFields(response.rawHeaders) };
}

async function* relay(
  response: http.IncomingMessage,
  fault: () => StreamFault,
): AsyncGenerator<Buffer> {
  try {
    yield* response;
  } catch {
    throw new StreamError(fault());
  }
}
