import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { isEnvironmentAccessKeyId } from './access-key';
import { beforeEnd } from './before-end';

/** Call of an operation of an AWS API. */
export interface AwsCall {
  readonly operation: string;
  /** Access key id that signed the request. Each execution environment of a function has its own. */
  readonly accessKeyId: string;
  /** Time of arrival, in milliseconds since the epoch. */
  readonly receivedAtMs: number;
  readonly durationMs: number;
  readonly status: number;
  /** Bodies of request and response, if they are observed. */
  readonly bodies?: { readonly request: string; readonly response: string };
}

/**
 * Reports each request of an execution environment to an AWS API with a JSON protocol, when its response is complete.
 * Requests of local mode itself and of the AWS CLI are not reported.
 *
 * @param bodies includes the bodies. Those of Secrets Manager are secret.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export function observeOperations(
  server: Server,
  onCall: (call: AwsCall) => void,
  { bodies = false }: { readonly bodies?: boolean } = {},
): void {
  // Before the other listeners, which can respond at once.
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const receivedAtMs = Date.now();
    const startedMs = performance.now();
    const [, operation = ''] = String(request.headers['x-amz-target']).split('.');
    const [, accessKeyId = ''] =
      /Credential=([^/]+)\//.exec(String(request.headers.authorization)) ?? [];
    if (!isEnvironmentAccessKeyId(accessKeyId)) return;
    const chunks: Buffer[] = [];
    if (bodies) request.on('data', (chunk: Buffer) => chunks.push(chunk));
    beforeEnd(response, (body) =>
      onCall({
        ...{ operation, accessKeyId, receivedAtMs },
        durationMs: performance.now() - startedMs,
        status: response.statusCode,
        ...(bodies && {
          bodies: {
            request: Buffer.concat(chunks).toString('utf8'),
            response: String(body ?? ''),
          },
        }),
      }),
    );
  });
}
