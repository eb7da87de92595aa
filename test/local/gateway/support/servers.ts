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

/** A gateway that is closed after the test, with all that it logged and recorded. */
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

export interface SeenRequest {
  readonly method: string | undefined;
  readonly target: string | undefined;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** A loopback upstream that keeps what it was asked and answers as it is told. */
export async function startUpstream(
  answer: (response: http.ServerResponse) => void = (response) => response.end('{}'),
) {
  const seen: SeenRequest[] = [];
  const server = http.createServer({ maxHeaderSize: 64 * 1024 }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url: target, rawHeaders: headers } = request;
    seen.push({ method, target, headers, body: Buffer.concat(chunks) });
    answer(response);
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

export interface RawResponse {
  readonly status: number | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A request as raw as `node:http` lets it be: no normalizing of paths, header names or bodies. */
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

/** All values of a header that the upstream saw, whatever the casing of its name. */
export function seenHeader(seen: SeenRequest | undefined, name: string): string[] {
  const { headers = [] } = seen ?? {};
  return headers.filter((_, i) => i % 2 === 1 && headers[i - 1]?.toLowerCase() === name);
}

/** Header names as they stood on the wire. */
export function headerNames(seen: SeenRequest | undefined): string[] {
  return (seen?.headers ?? []).filter((_, index) => index % 2 === 0);
}
