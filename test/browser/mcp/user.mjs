/** Values that outlive the navigation to the sign-in page. */
export const state = new Proxy(
  {},
  {
    get: (_, name) => JSON.parse(sessionStorage.getItem(name) ?? 'null') ?? undefined,
    set(_, name, value) {
      sessionStorage.setItem(name, JSON.stringify(value ?? null));
      return true;
    },
  },
);

/** `OAuthClientProvider` of a page, which navigates to the sign-in page itself. */
export class BrowserUser {
  redirectUrl = `${location.origin}/`;
  clientMetadata = {
    client_name: 'Page',
    redirect_uris: [this.redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };

  clientInformation() {
    return state.client;
  }

  saveClientInformation(client) {
    state.client = client;
  }

  tokens() {
    return state.tokens;
  }

  saveTokens(tokens) {
    state.tokens = tokens;
  }

  redirectToAuthorization(url) {
    if (state.scope) url.searchParams.set('scope', state.scope);
    state.scope = undefined;
    location.assign(url);
  }

  saveCodeVerifier(verifier) {
    state.verifier = verifier;
  }

  codeVerifier() {
    return state.verifier;
  }

  saveDiscoveryState(discovered) {
    state.discovered = discovered;
  }

  discoveryState() {
    return state.discovered;
  }
}
