import type {
  OAuthClientProvider,
  OAuthDiscoveryState,
} from '@modelcontextprotocol/sdk/client/auth.js';
import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
  OAuthTokens,
} from '@modelcontextprotocol/sdk/shared/auth.js';
import { signIn } from './dev-interactions';

/** User of an MCP client, who signs in when the client opens the browser. Both major versions of the SDK take it. */
export class McpUser implements OAuthClientProvider {
  readonly redirectUrl = 'http://127.0.0.1:1/callback';
  readonly clientMetadata: OAuthClientMetadata = {
    client_name: 'Test',
    redirect_uris: [this.redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  /** Scopes of each authorization request. */
  readonly requestedScopes: (string | null)[] = [];
  private callback = new URLSearchParams();
  private client: OAuthClientInformationMixed | undefined;
  private issued: OAuthTokens | undefined;
  private verifier = '';
  private discovered: OAuthDiscoveryState | undefined;

  /** @param granted scopes that the user grants at first. Default: those that the client requests. */
  constructor(
    private readonly name: string,
    private granted?: string,
  ) {}

  /** Code and issuer of the last redirect to the client. */
  get authorization(): [code: string, iss: string] {
    return [String(this.callback.get('code')), String(this.callback.get('iss'))];
  }

  clientInformation() {
    return this.client;
  }

  saveClientInformation(client: OAuthClientInformationMixed) {
    this.client = client;
  }

  tokens() {
    return this.issued;
  }

  saveTokens(tokens: OAuthTokens) {
    this.issued = tokens;
  }

  async redirectToAuthorization(url: URL) {
    this.requestedScopes.push(url.searchParams.get('scope'));
    if (this.granted !== undefined) url.searchParams.set('scope', this.granted);
    this.granted = undefined;
    this.callback = (await signIn(url, this.name)).searchParams;
  }

  saveCodeVerifier(verifier: string) {
    this.verifier = verifier;
  }

  codeVerifier() {
    return this.verifier;
  }

  saveDiscoveryState(state: OAuthDiscoveryState) {
    this.discovered = state;
  }

  discoveryState() {
    return this.discovered;
  }
}
