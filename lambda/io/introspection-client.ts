import { Fault } from '../core/errors';
import { type Introspection, readIntrospectionResponse } from '../core/introspection-response';
import type { ClientCredentials, ClientCredentialsSource } from './client-credentials';
import { createFormPost } from './form-post';

interface IntrospectionClientOptions {
  readonly endpoint: URL;
  /** For the whole exchange, the retry included. */
  readonly timeoutSeconds: number;
  readonly credentials: ClientCredentialsSource;
}

/**
 * Asks the authorization server about access tokens.
 *
 * @returns a function that throws a Fault for every answer that is neither yes nor no.
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-2.1
 */
export function createIntrospectionClient(options: IntrospectionClientOptions) {
  const { endpoint, timeoutSeconds, credentials } = options;
  const post = createFormPost(endpoint);

  async function ask(accessToken: string, client: ClientCredentials, signal: AbortSignal) {
    const form = { token: accessToken };
    const headers = { accept: 'application/jwt', authorization: basicAuthorization(client) };
    try {
      return await post({ headers, form, signal });
    } catch (cause) {
      if (cause instanceof Fault) throw cause;
      const detail = signal.aborted
        ? `${endpoint.host} did not answer within ${timeoutSeconds} s`
        : `the exchange with ${endpoint.host} broke off (${errorCode(cause)})`;
      throw new Fault('introspection_unreachable', detail, { cause });
    }
  }

  return async function introspect(accessToken: string): Promise<Introspection> {
    const client = await credentials.get();
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const response = await ask(accessToken, client, signal);
    if (response.status !== 401) return readIntrospectionResponse(response);
    // The secret may have been rotated since we read it: read it again, once, and only then give up.
    const current = await credentials.reread();
    if (isSame(current, client)) return readIntrospectionResponse(response);
    return readIntrospectionResponse(await ask(accessToken, current, signal));
  };
}

/**
 * Both parts are form-encoded before they are joined.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
function basicAuthorization({ clientId, clientSecret }: ClientCredentials): string {
  const pair = `${formEncode(clientId)}:${formEncode(clientSecret)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** @see https://www.rfc-editor.org/rfc/rfc6749#appendix-B */
function formEncode(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

function isSame(one: ClientCredentials, other: ClientCredentials): boolean {
  return one.clientId === other.clientId && one.clientSecret === other.clientSecret;
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error ? String(error.code) : error.message;
}
