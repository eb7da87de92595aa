/** What a client authenticates with. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** An application that calls the API. */
export interface Application {
  /** The scopes it may ask for. */
  readonly scopes: readonly string[];
  /** How long its access tokens live. Default: 600 s. */
  readonly accessTokenTtlSeconds?: number;
}

/**
 * Gets an opaque access token as an application does, by the client credentials grant.
 *
 * @param scope what to ask for, separated by spaces. Default: nothing.
 * @throws Error with the status when the authorization server refuses.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export async function requestAccessToken(
  tokenEndpoint: string,
  client: ClientCredentials,
  scope?: string,
): Promise<string> {
  const response = await fetch(tokenEndpoint, {
    method: 'POST',
    headers: { Authorization: basicAuthorization(client) },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      ...(scope === undefined ? {} : { scope }),
    }),
  });
  const answer = (await response.json()) as { access_token?: string; error?: string };
  if (response.status === 200 && answer.access_token) return answer.access_token;
  throw new Error(`the token endpoint answered ${response.status} ${answer.error}`);
}

/** @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 */
function basicAuthorization({ clientId, clientSecret }: ClientCredentials): string {
  // Form encoding, which differs from encodeURIComponent.
  const encode = (part: string) => new URLSearchParams({ '': part }).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString('base64')}`;
}
