import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** Call of an operation of an AWS API. */
export interface AwsCall {
  readonly operation: string;
  /** Access key id that signed the request. Each execution environment of a function has its own. */
  readonly accessKeyId: string;
  readonly durationMs: number;
  readonly status: number;
  /** Body of the response, if it is observed. */
  readonly body?: string;
}

/**
 * Reports each request to an AWS API with a JSON protocol when its response is complete.
 *
 * @param bodies includes the bodies of responses. Those of Secrets Manager are secret.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export function observeOperations(
  server: Server,
  onCall: (call: AwsCall) => void,
  { bodies = false }: { readonly bodies?: boolean } = {},
): void {
  // Before the other listeners, which can respond at once.
  server.prependListener('request', ({ headers }: IncomingMessage, response: ServerResponse) => {
    const startedMs = performance.now();
    const [, operation = ''] = String(headers['x-amz-target']).split('.');
    const [, accessKeyId = ''] = /Credential=([^/]+)\//.exec(String(headers.authorization)) ?? [];
    const end = response.end.bind(response) as (...content: unknown[]) => ServerResponse;
    response.end = (...content: unknown[]) => {
      const durationMs = performance.now() - startedMs;
      const { statusCode: status } = response;
      const call = { operation, accessKeyId, durationMs, status };
      onCall(bodies ? { ...call, body: String(content[0] ?? '') } : call);
      return end(...content);
    };
  });
}
