import type { RequestRecord } from '../../gateway/server';

/** Where an answer came from, as far as one can tell from outside. */
export const ORIGINS = {
  gateway: 'API Gateway itself, authorizer not called',
  'result cache': "API Gateway's result cache, authorizer not called",
  memory: 'the authorizer alone, nobody asked',
  'token cache': 'the token cache in DynamoDB',
  introspection: 'introspection at the authorization server',
  failure: 'nowhere: the authorization server did not answer',
} as const;

export type Origin = keyof typeof ORIGINS;

/** What one request did, from the counters of everything it could touch. */
export interface Observation {
  /** What the client sent in `Authorization`. */
  readonly sent: string | undefined;
  readonly status: number;
  readonly challenge: string | undefined;
  readonly origin: Origin;
  readonly introspections: number;
  /** What the upstream API received in `Authorization`; `undefined` if it was not called. */
  readonly received: string | undefined;
  readonly milliseconds: number;
}

/** What one step of the demo should show. */
export interface Expectation {
  readonly status: number;
  readonly origin: Origin;
  readonly introspections: number;
  /** Whether the request reaches the upstream API. */
  readonly upstream: boolean;
}

export function originOf(
  record: RequestRecord | undefined,
  touched: { readonly introspections: number; readonly tableReads: number },
): Origin {
  if (record?.gatewayResponse?.startsWith('AUTHORIZER_')) return 'failure';
  if (record?.authorizer === 'cached') return 'result cache';
  if (record?.authorizer !== 'invoked') return 'gateway';
  if (touched.introspections > 0) return 'introspection';
  return touched.tableReads > 0 ? 'token cache' : 'memory';
}

/** What was observed otherwise than expected; empty if the step passed. */
export function mismatches(expected: Expectation, observed: Observation): string[] {
  const upstream = observed.received !== undefined;
  return [
    ...differs('status', expected.status, observed.status),
    ...differs('origin', expected.origin, observed.origin),
    ...differs('introspections', expected.introspections, observed.introspections),
    ...differs('upstream called', expected.upstream, upstream),
    // Whatever the step, the client's opaque token has to stay outside.
    ...(upstream && observed.received === observed.sent ? ['the opaque token got through'] : []),
  ];
}

function differs<T>(what: string, expected: T, observed: T): string[] {
  return expected === observed ? [] : [`${what}: expected ${expected}, observed ${observed}`];
}
