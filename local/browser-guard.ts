import type { IncomingMessage } from 'node:http';

/** Reason for which a request is rejected, with the status of the response. */
export interface Rejection {
  readonly status: number;
  readonly message: string;
}

/**
 * Checks that a request comes from a page of the server itself, or from no page. The host name protects against DNS
 * rebinding, and the origin against other pages in the same browser.
 *
 * @param server URL of the server, such as `http://127.0.0.1:4000`. A client leaves port 80 out of `Host`.
 * @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function foreignPageRejection(
  { headers }: Pick<IncomingMessage, 'headers'>,
  { port }: URL,
): Rejection | undefined {
  const hosts = ['127.0.0.1', 'localhost'].map((name) => (port === '' ? name : `${name}:${port}`));
  if (headers.host === undefined || !hosts.includes(headers.host)) {
    return { status: 421, message: `Host must be ${hosts.join(' or ')}` };
  }
  const site = headers['sec-fetch-site'] ?? 'none';
  const own = `http://${headers.host}`;
  if (!['same-origin', 'none'].includes(String(site)) || (headers.origin ?? own) !== own) {
    return { status: 403, message: 'the request must not come from a page of another origin' };
  }
  return undefined;
}
