import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { request as requestTls } from 'node:https';
import { text } from 'node:stream/consumers';

interface FormRequest {
  readonly form: Readonly<Record<string, string>>;
  readonly headers?: OutgoingHttpHeaders;
  /** What an https request trusts, and the client's certificate if it has one; all of it PEM. */
  readonly tls?: {
    readonly ca?: string | undefined;
    readonly cert?: string;
    readonly key?: string;
  };
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Posts a form with nothing but Node.js, over a connection of its own. */
export function postForm(url: string, { form, headers, tls }: FormRequest): Promise<Answer> {
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

/** For ids and secrets that form encoding leaves as they are. */
export function basicAuthorization({
  clientId,
  clientSecret,
}: {
  readonly clientId: string;
  readonly clientSecret: string;
}): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}
