import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';

export interface JsonAnswer {
  readonly status: number;
  readonly body: object;
}

/** Creates the listener of a server of AWS's JSON protocol. It does not check signatures. */
export function createJsonServer(
  answer: (operation: string, input: string) => JsonAnswer,
): RequestListener {
  return async (request, response) => {
    const [, operation = ''] = String(request.headers['x-amz-target']).split('.');
    const { status, body } = answer(operation, await text(request));
    const json = JSON.stringify(body);
    response.writeHead(status, {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(json),
    });
    response.end(json);
  };
}
