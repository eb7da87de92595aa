import type { Context } from 'aws-lambda';
import type { Authorizer } from './authorizer';
import { Fault } from './core/errors';
import type { Telemetry } from './io/telemetry';

/** What an operator invokes the function with, to have it forget an access token. */
export interface ForgetEvent {
  readonly type: 'FORGET';
  readonly accessToken: string;
}

/** API Gateway's events are of other types; only who may invoke the function itself can send this one. */
export function isForgetEvent(
  event: { readonly type: string } | null | undefined,
): event is ForgetEvent {
  return event?.type === 'FORGET';
}

interface Options {
  readonly authorizer: Pick<Authorizer, 'forget'>;
  readonly telemetry: Pick<Telemetry, 'failed'>;
}

/**
 * Forgets one access token: the next environment to meet it introspects again. Environments that have it
 * in memory keep it until it ends there.
 */
export function createForgetHandler({ authorizer, telemetry }: Options) {
  return async function handler({ accessToken }: ForgetEvent, context: Context) {
    try {
      if (typeof accessToken !== 'string' || accessToken === '') {
        throw new Fault('event_invalid', 'the event names no accessToken to forget');
      }
      await authorizer.forget(accessToken);
      return { forgotten: true };
    } catch (error) {
      telemetry.failed({ context, apiRequestId: '' }, error);
      throw error;
    }
  };
}
