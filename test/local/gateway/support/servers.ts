import http from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type ApiServerOptions,
  createApiServer,
  type RequestRecord,
} from '../../../../local/gateway/server';

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** Starts a gateway that is closed after the test, and returns its log and records. */
export async function serve(options: Omit<ApiServerOptions, 'invoke'> & Partial<ApiServerOptions>) {
  const log: string[] = [];
  const records: RequestRecord[] = [];
  const gateway = createApiServer({
    invoke: () => Promise.reject(new Error('this API has no authorizer')),
    log: (line) => log.push(line),
    onRequest: (record) => records.push(record),
    ...options,
  });
  const url = await gateway.listen(0);
  closers.push(() => gateway.close());
  return { gateway, url, log, records };
}

/** Request as an upstream received it. */
export interface SeenRequest {
  readonly method: string | undefined;
  readonly target: string | undefined;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** Starts a loopback upstream that records requests and is closed after the test. */
export async function startUpstream(
  respond: (response: http.ServerResponse) => void = (response) => response.end('{}'),
) {
  const seen: SeenRequest[] = [];
  const server = http.createServer({ maxHeaderSize: 64 * 1024 }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url: target, rawHeaders: headers } = request;
    seen.push({ method, target, headers, body: Buffer.concat(chunks) });
    respond(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), seen };
}

/** Response as a client receives it. */
export interface RawResponse {
  readonly status: number | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a request without normalizing path, header names or body. */
export function request(
  url: URL,
  path: string,
  options: { method?: string; headers?: readonly string[]; body?: Buffer | string } = {},
): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = [], body } = options;
    const outgoing = http.request({
      host: url.hostname,
      port: url.port,
      path,
      method,
      agent: false,
      headers: ['Host', url.host, ...framing(body), ...headers],
    });
    outgoing.once('error', reject).once('response', async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({
        status: response.statusCode,
        headers: response.headers,
        body: Buffer.concat(chunks).toString(),
      });
    });
    outgoing.end(body);
  });
}

function framing(body: Buffer | string | undefined): readonly string[] {
  return body === undefined ? [] : ['Content-Length', String(Buffer.byteLength(body))];
}

/** Returns all values of a header that the upstream received. Names are compared without regard to case. */
export function seenHeader(seen: SeenRequest | undefined, name: string): string[] {
  const { headers = [] } = seen ?? {};
  return headers.filter((_, i) => i % 2 === 1 && headers[i - 1]?.toLowerCase() === name);
}

/** Returns the header names as sent. */
export function headerNames(seen: SeenRequest | undefined): string[] {
  return (seen?.headers ?? []).filter((_, index) => index % 2 === 0);
}
