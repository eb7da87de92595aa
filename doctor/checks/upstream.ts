import { type Finding, info, ok, warn } from '../check';
import type { Connection } from '../probes/connection';
import type { Reply } from '../probes/get';
import { checkConnection } from './network';

/** Checks that API Gateway can reach the upstream, and what the upstream does with a request without a token. */
export function checkUpstream(
  connection: Connection,
  reply: Reply | undefined,
  now: number,
): Finding[] {
  const reached = checkConnection(connection, {
    key: 'api.upstream',
    privateAdvice:
      'API Gateway reaches private addresses by a VPC link only, which the constructs support: see examples/private-upstream.ts.',
    now,
  });
  return [...reached, ...(reply && 'response' in reply ? [afterResponse(reply)] : [])];
}

function afterResponse({ response: { status } }: Extract<Reply, { response: unknown }>): Finding {
  if (status === 401 || status === 403)
    return ok(`it refuses a request without a token (${status})`);
  if (status >= 500) {
    return warn(`it responds ${status}`, 'Check the upstream, or the path of api.upstream.');
  }
  if (status >= 200 && status < 300) {
    return info(
      `it responds ${status} to a request without a token`,
      'The upstream must verify the JWT of every request, unless this path is public.',
    );
  }
  return ok(`it responds ${status}`);
}
