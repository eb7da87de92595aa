import type { IncomingMessage } from 'node:http';
import { foreignPageRejection, type Rejection } from '../../browser-guard';

/** Header that every change must have. Pages of other origins cannot send it, since no preflight is answered. */
export const CHANGE_HEADER = 'x-inspector';

/**
 * Checks that a request comes from the inspector's own page, or from no page.
 *
 * @param origin origin of the inspector, such as `http://127.0.0.1:4000`
 */
export function rejectionOf(
  request: Pick<IncomingMessage, 'headers' | 'method'>,
  origin: URL,
): Rejection | undefined {
  const rejection = foreignPageRejection(request, origin);
  if (rejection) return rejection;
  const { headers, method } = request;
  const isChange = method !== 'GET' && method !== 'HEAD';
  if (isChange && headers[CHANGE_HEADER] === undefined) {
    return { status: 403, message: `the header ${CHANGE_HEADER} is required` };
  }
  return undefined;
}
