import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { request as requestTls } from 'node:https';
import { text } from 'node:stream/consumers';

interface FormRequest {
  readonly form: Readonly<Record<string, string>>;
  readonly headers?: OutgoingHttpHeaders;
  /** Trusted authority and optional client certificate of an https request, as PEM. */
  readonly tls?: {
    readonly ca?: string | undefined;
    readonly cert?: string;
    readonly key?: string;
  };
}

interface FormResponse {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Posts a form over a new connection. */
export function postForm(url: string, { form, headers, tls }: FormRequest): Promise<FormResponse> {
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      agent: false as const,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    };
    const outgoing = url.startsWith('https:')
      ? requestTls(url, { ...options, ...tls })
      : request(url, options);
    outgoing.on('error', reject).on('response', (response) => {
      const { statusCode: status, headers: received } = response;
      text(response).then((body) => resolve({ status, headers: received, body }), reject);
    });
    outgoing.end(new URLSearchParams(form).toString());
  });
}

/** Returns a Basic credential for ids and secrets that form encoding does not change. */
export function basicAuthorization({
  clientId,
  clientSecret,
}: {
  readonly clientId: string;
  readonly clientSecret: string;
}): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}
