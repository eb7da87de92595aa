import {
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  request as requestHttp,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';

/** Client certificate with its key, and the authority of the server, as PEM. */
export interface ClientTls {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

interface FormRequest {
  readonly form: Readonly<Record<string, string>>;
  readonly headers?: OutgoingHttpHeaders;
  /** Settings of a connection by https. Default: the authorities that Node.js trusts, and no client certificate. */
  readonly tls?: { readonly [Name in keyof ClientTls]?: string | undefined } | undefined;
}

interface FormResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Posts a form over a new connection. Unlike fetch, it can present a client certificate. */
export function postForm(url: string, { form, headers, tls }: FormRequest): Promise<FormResponse> {
  const options = {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    agent: false,
    ...tls,
  } as const;
  const request = new URL(url).protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    request(url, options, (response) => {
      const { statusCode: status = 0, headers: received } = response;
      text(response).then((body) => resolve({ status, headers: received, body }), reject);
    })
      .on('error', reject)
      .end(new URLSearchParams(form).toString());
  });
}
