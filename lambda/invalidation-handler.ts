import type { Context } from 'aws-lambda';
import type { Authorizer } from './authorizer';
import { Fault } from './core/errors';
import type { Telemetry } from './io/telemetry/telemetry';

/** Event by which an operator invalidates an access token. */
export interface InvalidationEvent {
  readonly type: 'INVALIDATE_TOKEN';
  readonly accessToken: string;
}

/** Returns whether an event is an operator's, not one of API Gateway. Sending it takes permission to invoke the function. */
export function isInvalidationEvent(
  event: { readonly type: string } | null | undefined,
): event is InvalidationEvent {
  return event?.type === 'INVALIDATE_TOKEN';
}

interface Options {
  readonly authorizer: Pick<Authorizer, 'invalidate'>;
  readonly telemetry: Pick<Telemetry, 'during' | 'logFault'>;
}

/**
 * Creates the handler that invalidates one access token: the next environment to see it introspects
 * again. Environments that have it in memory keep it until it expires there.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9111#section-4.4
 */
export function createInvalidationHandler({ authorizer, telemetry }: Options) {
  return async function handler({ accessToken }: InvalidationEvent, context: Context) {
    const request = { context, apiRequestId: '' };
    try {
      if (typeof accessToken !== 'string' || accessToken === '') {
        throw new Fault('event_invalid', 'accessToken must be a non-empty string');
      }
      await telemetry.during(request, () => authorizer.invalidate(accessToken));
      return { invalidated: true };
    } catch (error) {
      telemetry.logFault(request, error);
      throw error;
    }
  };
}
