import type { ServedRequest } from '../../requests/served-request';

/** Descriptions of the origins of a response. */
export const ORIGINS = {
  gateway: 'API Gateway itself, authorizer not called',
  'result cache': "API Gateway's result cache, authorizer not called",
  request: 'the authorizer alone, from the request',
  memory: 'the memory cache of the authorizer',
  'token cache': 'the token cache in DynamoDB',
  introspection: 'introspection at the authorization server',
  failure: 'no result: the authorization server did not respond',
} as const;

export type Origin = keyof typeof ORIGINS;

/** Observed effects of a request. */
export interface Observation {
  /** `Authorization` header that the client sent. */
  readonly sent: string | undefined;
  readonly status: number;
  readonly challenge: string | undefined;
  readonly origin: Origin;
  readonly introspections: number;
  /** `Authorization` header that the upstream API received. `undefined` if it was not called. */
  readonly received: string | undefined;
  readonly durationMs: number;
}

/** Expected effects of a request. */
export interface Expectation {
  readonly status: number;
  readonly origin: Origin;
  readonly introspections: number;
  /** Flag that the request reaches the upstream API. */
  readonly upstream: boolean;
}

/** Returns the origin of a response, from the gateway's record and what the authorizer logged. */
export function originOf(record: ServedRequest | undefined): Origin {
  if (record?.gatewayResponse?.startsWith('AUTHORIZER_')) return 'failure';
  switch (record?.source) {
    case 'result_cache':
      return 'result cache';
    case 'token_cache':
      return 'token cache';
    case 'introspection':
      return 'introspection';
    case 'request':
      return 'request';
    case 'memory':
      return 'memory';
    default:
      return 'gateway';
  }
}

/** Returns the differences from the expectation, none if the step passed. */
export function mismatches(expected: Expectation, observed: Observation): string[] {
  const upstream = observed.received !== undefined;
  return [
    ...differs('status', expected.status, observed.status),
    ...differs('origin', expected.origin, observed.origin),
    ...differs('introspections', expected.introspections, observed.introspections),
    ...differs('upstream called', expected.upstream, upstream),
    // In no step must the upstream receive the client's opaque token.
    ...(upstream && observed.received === observed.sent ? ['the opaque token got through'] : []),
  ];
}

function differs<T>(property: string, expected: T, observed: T): string[] {
  return expected === observed ? [] : [`${property}: expected ${expected}, observed ${observed}`];
}
