import { z } from 'zod';
import { parseJson } from '../json';

/** Log of the authorizer about one request, of one line or several. */
export interface AuthorizerLog {
  /** Decision; absent if the request could not be decided. */
  readonly outcome?: 'allow' | 'unauthorized' | 'forbidden' | undefined;
  /** Source of the facts of the decision. */
  readonly source?: 'request' | 'memory' | 'token_cache' | 'introspection' | undefined;
  /** Reason of a denial, such as `issuer_mismatch`. */
  readonly reason?: string | undefined;
  /** Expected value of the comparison that failed. */
  readonly expected?: string | undefined;
  /** Received value of the comparison that failed. */
  readonly received?: string | undefined;
  readonly subject?: string | undefined;
  readonly clientId?: string | undefined;
  /** Durations of the introspections that the request caused, in milliseconds. */
  readonly introspectionsMs: readonly number[];
  readonly fault?: AuthorizerFault | undefined;
  /** Hints and warnings. */
  readonly warnings: readonly string[];
}

/** Fault for which the authorizer did not decide. */
export interface AuthorizerFault {
  readonly code: string;
  readonly message: string;
  readonly advice?: string | undefined;
  readonly cause?: string | undefined;
}

/** Log of a request about which no line was read. */
export const EMPTY_LOG: AuthorizerLog = { introspectionsMs: [], warnings: [] };

const text = z.string().optional().catch(undefined);

/** Fields of a line that names a request. `lambda/io/telemetry/` writes them. */
const lineSchema = z.object({
  api_request_id: z.string().min(1),
  function_request_id: z.string(),
  level: z.string(),
  message: z.string(),
  outcome: z.enum(['allow', 'unauthorized', 'forbidden']).optional().catch(undefined),
  source: z.enum(['request', 'memory', 'token_cache', 'introspection']).optional().catch(undefined),
  ...{ reason: text, expected: text, received: text, sub: text, client_id: text },
  ...{ code: text, advice: text, cause: text, operation: text },
  // The metric has this name.
  IntrospectionLatency: z.array(z.number()).catch([]),
});

/** Line of the authorizer's log about one request. */
export interface AuthorizerLogLine {
  readonly apiRequestId: string;
  readonly log: AuthorizerLog;
}

/** Reads a line that a function printed; `undefined` if it is not the authorizer's about a request. */
export function readAuthorizerLogLine(line: string): AuthorizerLogLine | undefined {
  const { data } = lineSchema.safeParse(parseLine(line));
  if (data === undefined) return undefined;
  const { outcome, code, message, advice, cause } = data;
  const isFault = data.level === 'ERROR' && code !== undefined;
  const isWarning = outcome === undefined && !isFault;
  return {
    apiRequestId: data.api_request_id,
    log: {
      ...{ outcome, source: data.source, reason: outcome && data.reason },
      ...{ expected: data.expected, received: data.received },
      ...{ subject: data.sub, clientId: data.client_id },
      introspectionsMs: data.IntrospectionLatency,
      ...(isFault && { fault: { code, message, advice, cause } }),
      warnings: isWarning ? [[message, data.operation, cause].filter(Boolean).join(' ')] : [],
    },
  };
}

/** Returns the log of a request with a further line. */
export function mergeLogs(earlier: AuthorizerLog, later: AuthorizerLog): AuthorizerLog {
  const stated = Object.entries(later).filter(([, value]) => value !== undefined);
  return {
    ...earlier,
    ...Object.fromEntries(stated),
    introspectionsMs: [...earlier.introspectionsMs, ...later.introspectionsMs],
    warnings: [...earlier.warnings, ...later.warnings],
  };
}

/** Returns the value of a line that is a JSON object, else `undefined`. */
export function parseLine(line: string): unknown {
  return line.startsWith('{') ? parseJson(line) : undefined;
}
