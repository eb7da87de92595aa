import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { json } from 'node:stream/consumers';

/** Client certificate with its key, and the authority of the server, as PEM. */
export interface ClientTls {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** Response with a JSON body. */
export interface JsonResponse {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Posts a form. Unlike fetch, it can present a client certificate.
 *
 * @throws Error if the response is not JSON.
 */
export function postForm(
  url: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
  tls?: ClientTls,
): Promise<JsonResponse> {
  const body = new URLSearchParams(form).toString();
  const options = {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': body.length,
      ...headers,
    },
    agent: false,
    ...tls,
  } as const;
  const request = new URL(url).protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    request(url, options, (response) => {
      const { statusCode: status = 0 } = response;
      json(response).then(
        (value) => resolve({ status, body: value }),
        () => reject(new Error(`the response with status ${status} is not JSON`)),
      );
    })
      .on('error', reject)
      .end(body);
  });
}
