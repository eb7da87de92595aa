import {
  createServer,
  type IncomingMessage,
  type RequestOptions,
  type ServerResponse,
  request as send,
} from 'node:http';
import { pipeline } from 'node:stream';
import { foreignPageRejection } from '../browser-guard';
import { close, listen, type PortChoice } from '../http-server';

/** One endpoint of all embedded AWS services, for the AWS CLI. */
export interface AwsEndpoint {
  readonly endpoint: URL;
  close(): Promise<void>;
}

interface AwsEndpointOptions {
  /** Endpoints by the name in the signature's credential scope, such as `dynamodb`. */
  readonly services: Readonly<Record<string, URL>>;
  /** Endpoint of every other service. */
  readonly others: URL;
  readonly port?: PortChoice | undefined;
}

/**
 * Starts an endpoint that passes each request on to the service that it is signed for. Pages in a browser cannot use
 * it, since it reads secrets and invokes functions.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export async function startAwsEndpoint(options: AwsEndpointOptions): Promise<AwsEndpoint> {
  const services = new Map(Object.entries(options.services));
  const server = createServer((incoming, response) => {
    const rejection = foreignPageRejection(incoming, endpoint);
    if (rejection) {
      const { status, message } = rejection;
      return sendError(response, status, 'AccessDeniedException', message);
    }
    const { hostname, port } = services.get(serviceOf(incoming)) ?? options.others;
    const { method, url, headers } = incoming;
    // The target of the request, which can name another host, is only a path here.
    passOn({ hostname, port, path: url, method, headers }, incoming, response);
  });
  const endpoint = await listen(server, options.port);
  return { endpoint, close: () => close(server) };
}

function passOn(target: RequestOptions, incoming: IncomingMessage, response: ServerResponse): void {
  const outgoing = send(target, (received) => {
    response.writeHead(received.statusCode ?? 502, received.headers);
    // A part that breaks off ends the other one.
    pipeline(received, response, () => {});
  });
  outgoing.on('error', ({ message }) => {
    if (response.headersSent) response.destroy();
    else sendError(response, 502, 'ServiceUnavailable', message);
  });
  response.on('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}

function sendError(response: ServerResponse, status: number, type: string, message: string): void {
  response
    .writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' })
    .end(JSON.stringify({ __type: type, message }));
}

/** Returns the service of a signed request; empty if it is not signed. */
export function serviceOf({ headers }: IncomingMessage): string {
  const scope = /Credential=[^/]+\/[^/]+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '');
  return scope?.[1] ?? '';
}
