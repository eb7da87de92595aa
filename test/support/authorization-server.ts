import type {
  AuthorizationServer,
  AuthorizationServerOptions,
} from '../../local/authorization-server/authorization-server';
import { postForm } from '../../local/authorization-server/post-form';
import { basicAuthorization } from './basic-authorization';

type Native = typeof import('./native-authorization-server');

// Jest does not load what is in this directory into its sandbox.
const { start, clock }: Native = require('../../dist/test/authorization-server');

/** Clock of the servers and of all code outside of the sandbox. `jest.spyOn` replaces its method `now`. */
export const authorizationServerClock = clock;

/** Applications that are registered by default. Tokens of `brief` expire after two seconds. */
type ApplicationName = 'shop' | 'brief';

/** Embedded authorization server for tests. */
export interface TestAuthorizationServer extends AuthorizationServer<ApplicationName> {
  /** Requests an opaque access token of an application. */
  accessToken(application: ApplicationName, scope?: string): Promise<string>;
}

/** Options of the embedded authorization server. */
export type TestAuthorizationServerOptions = Partial<
  Omit<
    AuthorizationServerOptions<ApplicationName>,
    'onIntrospection' | 'clientSecret' | 'signingKey'
  >
> & {
  /** PEM of the authority that issued its certificate, for `accessToken`. Default: none. */
  readonly ca?: string;
};

/** Starts the embedded authorization server. All servers of a worker have the same signing key. */
export async function startTestAuthorizationServer({
  ca,
  ...options
}: TestAuthorizationServerOptions = {}): Promise<TestAuthorizationServer> {
  const server = await start(JSON.stringify(options));
  return {
    ...server,
    async accessToken(application, scope) {
      const { status, body } = await postForm(server.tokenEndpoint, {
        form: { grant_type: 'client_credentials', ...(scope ? { scope } : {}) },
        headers: { authorization: basicAuthorization(server.clients[application]) },
        tls: { ca },
      });
      if (status !== 200) throw new Error(`the token endpoint responded ${status} ${body}`);
      return JSON.parse(body).access_token;
    },
  };
}
