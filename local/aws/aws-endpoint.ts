import { createServer, type IncomingMessage, request as send } from 'node:http';
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
 * Starts an endpoint that passes each request on to the service that it is signed for.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export async function startAwsEndpoint(options: AwsEndpointOptions): Promise<AwsEndpoint> {
  const { services, others, port } = options;
  const server = createServer((incoming, response) => {
    const { method, url = '/', headers } = incoming;
    const target = new URL(url, services[serviceOf(incoming)] ?? others);
    const outgoing = send(target, { method, headers }, (received) => {
      response.writeHead(received.statusCode ?? 502, received.headers);
      received.pipe(response);
    });
    outgoing.on('error', () => response.writeHead(502).end());
    incoming.pipe(outgoing);
  });
  return { endpoint: await listen(server, port), close: () => close(server) };
}

/** Returns the service of a signed request; empty if it is not signed. */
export function serviceOf({ headers }: IncomingMessage): string {
  const scope = /Credential=[^/]+\/[^/]+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '');
  return scope?.[1] ?? '';
}
