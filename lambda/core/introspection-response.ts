import { Fault } from './errors';
import { type Facts, readPhantomToken } from './phantom-token';

/** An HTTP answer as it came, body not yet trusted. Header names are in lower case. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** What introspection found out about one access token. */
export interface Introspection {
  /** `undefined` if the authorization server said that the token is not active. */
  readonly facts: Facts | undefined;
  /** The answer's `Cache-Control` and `Age`, which bound how long it may be remembered. */
  readonly freshness: Freshness;
}

export interface Freshness {
  readonly cacheControl: string | undefined;
  readonly age: string | undefined;
}

/**
 * Reads the answer to an introspection request that asked for `application/jwt`: 200 with a JWT is an
 * active token, 204 an inactive one. Whatever else arrives says nothing about the token: it is a fault.
 *
 * @throws Fault `introspection_rejected_client`, `introspection_unavailable` or
 * `introspection_response_invalid`.
 * @see https://curity.io/resources/learn/phantom-token-pattern/
 */
export function readIntrospectionResponse(response: HttpResponse): Introspection {
  const freshness = {
    cacheControl: header(response, 'cache-control'),
    age: header(response, 'age'),
  };
  if (response.status === 204) return { facts: undefined, freshness };
  assertAnswered(response.status);
  const mediaType = header(response, 'content-type')?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/jwt') {
    throw new Fault(
      'introspection_response_invalid',
      `the answer's media type is ${mediaType ?? 'absent'} instead of application/jwt`,
    );
  }
  return { facts: readPhantomToken(response.body.toString('latin1').trim()), freshness };
}

function assertAnswered(status: number): void {
  if (status === 200) return;
  // About the gateway's own credentials, never about the caller's token.
  // https://www.rfc-editor.org/rfc/rfc7662#section-2.3
  if (status === 401 || status === 403) {
    throw new Fault('introspection_rejected_client', `the authorization server answered ${status}`);
  }
  if (status === 429 || status >= 500) {
    throw new Fault('introspection_unavailable', `the authorization server answered ${status}`);
  }
  throw new Fault('introspection_response_invalid', `the authorization server answered ${status}`);
}

/** Repeated headers are joined as RFC 9110 §5.3 joins them. */
function header(response: HttpResponse, name: string): string | undefined {
  const value = response.headers[name];
  return typeof value === 'string' || value === undefined ? value : value.join(', ');
}
