import type { DpopKey } from './dpop-key';
import { type ClientTls, postForm } from './post-form';

/** Credentials of a client. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Application that calls the API. */
export interface Application {
  /** Scopes that it can request. */
  readonly scopes: readonly string[];
  /** Lifetime of its access tokens in seconds. Default: 600. */
  readonly accessTokenTtlSeconds?: number;
  /**
   * True if its access tokens are bound to its client certificate. It gets tokens at the token endpoint with mutual TLS
   * only. Default: false.
   */
  readonly certificateBound?: boolean;
}

/** Key or certificate that an access token is to be bound to. */
export interface TokenBinding {
  readonly dpopKey?: DpopKey | undefined;
  readonly tls?: ClientTls | undefined;
}

/** Rejection of a request for an access token, with the status and error code. */
export class RejectedTokenRequestError extends Error {
  override readonly name = 'RejectedTokenRequestError';
}

/**
 * Requests an opaque access token by the client credentials grant.
 *
 * @param scope scopes separated by spaces. Default: none.
 * @param binding default: a bearer token
 * @throws RejectedTokenRequestError if the authorization server rejects the request.
 * @throws Error if the response is not JSON.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export async function requestAccessToken(
  tokenEndpoint: string,
  client: ClientCredentials,
  scope?: string,
  { dpopKey, tls }: TokenBinding = {},
): Promise<string> {
  const form = { grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) };
  const headers = {
    authorization: basicAuthorization(client),
    ...(dpopKey && { dpop: await dpopKey.proof('POST', tokenEndpoint) }),
  };
  const { status, body } = await postForm(tokenEndpoint, { form, headers, tls });
  const { access_token: accessToken, error } = parseResponse(status, body);
  if (status === 200 && accessToken) return accessToken;
  throw new RejectedTokenRequestError(`the token endpoint responded ${status} ${error}`);
}

function parseResponse(status: number, body: string): { access_token?: string; error?: string } {
  try {
    return JSON.parse(body);
  } catch {
    throw new Error(`the response with status ${status} is not JSON`);
  }
}

/**
 * Revokes an access token of a client.
 *
 * @throws Error with the status if the authorization server rejects the request.
 * @see https://www.rfc-editor.org/rfc/rfc7009#section-2
 */
export async function revokeAccessToken(
  revocationEndpoint: string,
  client: ClientCredentials,
  token: string,
): Promise<void> {
  const { status } = await fetch(revocationEndpoint, {
    method: 'POST',
    headers: { Authorization: basicAuthorization(client) },
    body: new URLSearchParams({ token }),
  });
  if (status !== 200) throw new Error(`the revocation endpoint responded ${status}`);
}

/** @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 */
function basicAuthorization({ clientId, clientSecret }: ClientCredentials): string {
  // Form encoding, which differs from encodeURIComponent.
  const encode = (part: string) => new URLSearchParams({ '': part }).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString('base64')}`;
}
