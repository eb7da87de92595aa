import type { IncomingHttpHeaders } from 'node:http';
import {
  type AuthorizationServer,
  startAuthorizationServer,
} from '../../local/authorization-server/authorization-server';
import { requestAccessToken } from '../../local/authorization-server/client';
import type { IntrospectionFormat } from '../../local/authorization-server/introspection-format';
import { phantomTokenVerifier } from '../../local/upstream/phantom-token-verifier';
import { startStubServer } from '../support/stub-server';

export const AUDIENCE = 'orders-api';

const APPLICATIONS = {
  'orders-app': { scopes: ['read'] },
  'reports-app': { scopes: ['reports'] },
} as const;

type ApplicationName = keyof typeof APPLICATIONS;

/** Observed effects of a request. */
export interface Observed {
  readonly status: number;
  readonly challenge: string | null;
  readonly introspections: number;
  /** Headers that the upstream API received. Absent if it was not called. */
  readonly received?: IncomingHttpHeaders;
}

/** Parties in addition to AWS: the authorization server, its applications, the upstream API. */
export interface Parties {
  readonly issuer: string;
  readonly introspectionEndpoint: string;
  readonly upstream: string;
  /** Requests an opaque access token with all scopes of the application. */
  accessToken(application: ApplicationName): Promise<string>;
  /** Returns the current value for the authorizer's secret. */
  credentials(): string;
  /** Gives the introspection client a new secret. The old secret and all tokens become invalid. */
  rotate(): Promise<void>;
  call(url: URL, token?: string): Promise<Observed>;
  /** Returns the subject of the phantom token in a header. Rejects if the token is not valid. */
  subjectOf(headers: IncomingHttpHeaders, header: string): Promise<unknown>;
  close(): Promise<void>;
}

/** @param format format of introspection responses */
export async function startParties(format: IntrospectionFormat = 'jwt'): Promise<Parties> {
  const options = { audience: AUDIENCE, applications: APPLICATIONS, format };
  const upstream = await startStubServer('/', (response) => void response.end('{}'));
  let server: AuthorizationServer<ApplicationName> = await startAuthorizationServer(options);
  const { issuer, introspectionEndpoint, jwksUri } = server;

  return {
    issuer,
    introspectionEndpoint,
    upstream: upstream.url.origin,
    accessToken: (application) =>
      requestAccessToken(
        server.tokenEndpoint,
        server.clients[application],
        APPLICATIONS[application].scopes.join(' '),
      ),
    credentials: () =>
      JSON.stringify({
        client_id: server.gateway.clientId,
        client_secret: server.gateway.clientSecret,
      }),
    async rotate() {
      await server.close();
      server = await startAuthorizationServer({ ...options, port: Number(new URL(issuer).port) });
    },
    async call(url, token) {
      const before = { calls: upstream.requests.length, introspections: server.introspections() };
      const response = await fetch(url, {
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(30_000),
      });
      await response.arrayBuffer();
      return {
        status: response.status,
        challenge: response.headers.get('www-authenticate'),
        introspections: server.introspections() - before.introspections,
        received: upstream.requests[before.calls]?.headers,
      };
    },
    async subjectOf(headers, header) {
      const verify = phantomTokenVerifier({
        issuer,
        audience: AUDIENCE,
        jwksUri,
        tokenHeaders: [header],
      });
      return (await verify(headers))['sub'];
    },
    async close() {
      await Promise.all([server.close(), upstream.close()]);
    },
  };
}
