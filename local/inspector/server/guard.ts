import type { IncomingMessage } from 'node:http';

/** Reason for which a request is rejected, with the status of the response. */
export interface Rejection {
  readonly status: number;
  readonly message: string;
}

/** Header that every change must have. Pages of other origins cannot send it, since no preflight is answered. */
export const CHANGE_HEADER = 'x-inspector';

/**
 * Checks that a request comes from the inspector's own page, or from no page. The host name protects against DNS
 * rebinding, and the origin against other pages in the same browser.
 *
 * @param origin origin of the inspector, such as `http://127.0.0.1:4000`
 * @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function rejectionOf(
  { headers, method }: Pick<IncomingMessage, 'headers' | 'method'>,
  { port }: URL,
): Rejection | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (headers.host === undefined || !hosts.includes(headers.host)) {
    return { status: 421, message: `Host must be ${hosts.join(' or ')}` };
  }
  const site = headers['sec-fetch-site'] ?? 'none';
  const own = `http://${headers.host}`;
  if (!['same-origin', 'none'].includes(String(site)) || (headers.origin ?? own) !== own) {
    return { status: 403, message: 'the request must come from the page of the inspector' };
  }
  const isChange = method !== 'GET' && method !== 'HEAD';
  if (isChange && headers[CHANGE_HEADER] === undefined) {
    return { status: 403, message: `the header ${CHANGE_HEADER} is required` };
  }
  return undefined;
}
