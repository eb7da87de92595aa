/**
 * Integration or authorization that local mode does not imitate. Requests to the route get 501, so that the
 * rest of the API can be served.
 */
export interface Unsupported {
  readonly type: 'UNSUPPORTED';
  readonly reason: string;
}

/** Returns the integration of a route with a part that local mode does not imitate. */
export function unsupportedIntegration(logicalId: string, part: string): Unsupported {
  return { type: 'UNSUPPORTED', reason: `${logicalId}: ${part} is not supported in local mode` };
}
