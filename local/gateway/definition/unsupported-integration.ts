import { NotImitatedError } from '../../template/unsupported';

/**
 * Integration or authorization that local mode does not imitate. Requests to the route get 501, so that the
 * rest of the API can be served.
 */
export interface Unsupported {
  readonly type: 'UNSUPPORTED';
  readonly reason: string;
}

/**
 * Reads the integration of a route. A part that local mode does not imitate fails when the route is called.
 *
 * @throws UnsupportedTemplateError naming a part that AWS would reject
 */
export function readOrUnsupported<Integration>(read: () => Integration): Integration | Unsupported {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotImitatedError) return { type: 'UNSUPPORTED', reason: error.message };
    throw error;
  }
}

/** Returns the integration of a route with a part that local mode does not imitate. */
export function unsupportedIntegration(logicalId: string, part: string): Unsupported {
  return { type: 'UNSUPPORTED', reason: `${logicalId}: ${part} is not supported in local mode` };
}
