import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { close, listen } from '../http-server';
import { serviceOf } from './aws-endpoint';

/** Endpoint of every AWS service that local mode does not embed. It rejects and reports each request. */
export interface UnsupportedServices {
  readonly endpoint: URL;
  close(): Promise<void>;
}

/**
 * Starts the endpoint on a free loopback port. Without it, functions would call AWS.
 *
 * @param log receives one line for each request, with service, operation and path
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export async function startUnsupportedServices(
  log: (line: string) => void,
): Promise<UnsupportedServices> {
  const server = createServer(async (request, response) => {
    const message = `not supported in local mode: ${await requestName(request)}`;
    log(message);
    const isJson = request.headers['x-amz-target'] !== undefined;
    // Not a server error, which SDKs would retry.
    response.writeHead(400, {
      'Content-Type': isJson ? 'application/x-amz-json-1.1' : 'application/xml',
      'x-amzn-ErrorType': 'NotSupportedInLocalMode',
    });
    response.end(
      isJson
        ? JSON.stringify({ __type: 'NotSupportedInLocalMode', message })
        : `<ErrorResponse><Error><Code>NotSupportedInLocalMode</Code><Message>${message.replace(/[<&]/g, '_')}</Message></Error></ErrorResponse>`,
    );
  });
  return { endpoint: await listen(server), close: () => close(server) };
}

/** Returns service, operation and path of a request, for example `sqs SendMessage at /`. */
async function requestName(request: IncomingMessage): Promise<string> {
  const { headers, method, url = '/' } = request;
  const service = serviceOf(request) || 'unknown service';
  const target = String(headers['x-amz-target'] ?? '').split('.')[1];
  const action = /(?:^|&)Action=(\w+)/.exec(await text(request).catch(() => ''))?.[1];
  return `${service} ${target ?? action ?? method} at ${url.split('?')[0]}`;
}
