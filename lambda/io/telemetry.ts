import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import type { Decision, Source } from '../core/decision';
import { Fault } from '../core/errors';

/** One structured line per decision that did work; never a token, a JWT or a secret. */
export interface Telemetry {
  /** Starts an invocation: its request ids stand on every later line. */
  begin(context: Context, apiRequestId: string): void;
  /** Names the authorization server on every later line. */
  identify(introspectionHost: string): void;
  decided(decision: Decision, source: Source): void;
  /** The request could not be decided. */
  failed(error: unknown): void;
  /** Something that is no fault, and that an operator will want to know. */
  hint(text: string): void;
  /** The request went on without the token cache. */
  tokenCacheFailed(operation: string, error: unknown): void;
}

export function createTelemetry(logger: Logger): Telemetry {
  return {
    begin(context, apiRequestId) {
      logger.addContext(context);
      logger.appendKeys({ api_request_id: apiRequestId });
    },
    identify: (introspectionHost) =>
      logger.appendPersistentKeys({ introspection_host: introspectionHost }),
    decided(decision, source) {
      // A memory hit did no work: the hit count is the invocations less these lines.
      if (decision.outcome === 'allow' && source === 'memory') return;
      logger.info('decided', { outcome: decision.outcome, source, ...about(decision) });
    },
    failed(error) {
      if (error instanceof Fault) {
        const { code, advice, status, message } = error;
        logger.error(message, { code, status, advice, ...describe('cause', error.cause) });
      } else {
        logger.error('internal_error', { code: 'internal_error', ...describe('cause', error) });
      }
    },
    hint: (text) => logger.warn(text),
    tokenCacheFailed(operation, error) {
      logger.warn('token_cache_failed', { operation, ...describe('cause', error) });
    },
  };
}

function about(decision: Decision): Record<string, unknown> {
  const claims = decision.outcome === 'unauthorized' ? undefined : decision.facts.claims;
  return {
    ...('reason' in decision && { reason: decision.reason }),
    ...(claims?.sub !== undefined && { sub: claims.sub }),
    ...(claims?.clientId !== undefined && { client_id: claims.clientId }),
  };
}

/** Name and message only: the error objects of HTTP clients may carry requests with credentials. */
function describe(key: string, error: unknown): Record<string, string> {
  return error instanceof Error ? { [key]: `${error.name}: ${error.message}` } : {};
}
