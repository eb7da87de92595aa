import { randomBytes } from 'node:crypto';
import { close, listen } from '../http-server';
import type { Application, ClientCredentials } from './client';
import { type ClientAuthentication, refuseBasic } from './client-authentication';
import { configuration } from './configuration';
import { type IntrospectionAnswer, introspectionAnswer } from './introspection-answer';
import { loadProvider } from './load-provider';
import { generateSigningKey } from './signing-key';
import { createServerWith, type Tls } from './tls';

export interface AuthorizationServerOptions<Name extends string> {
  /** The `aud` of every token. */
  readonly audience: string;
  /** The applications, by client id. */
  readonly applications: Readonly<Record<Name, Application>>;
  /** Default: a free port. */
  readonly port?: number;
  /** Default: http. */
  readonly tls?: Tls;
  /** The host in its URLs: what the certificate is for. Default: 127.0.0.1. */
  readonly host?: '127.0.0.1' | 'localhost';
  /** How the client that may introspect authenticates. Default: `client_secret_basic`. */
  readonly introspectionClient?: ClientAuthentication;
  /** What introspection answers. Default: `jwt`, as the Curity Identity Server. */
  readonly answer?: IntrospectionAnswer;
  /** Called with a line for each request, and for each fault. Default: nothing is logged. */
  readonly log?: (line: string) => void;
}

/** An authorization server with opaque access tokens; its issuer is its origin. */
export interface AuthorizationServer<Name extends string> {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly introspectionEndpoint: string;
  readonly revocationEndpoint: string;
  readonly jwksUri: string;
  /** The client that may introspect; the secret counts only where it authenticates with one. */
  readonly gateway: ClientCredentials;
  /** The applications' credentials, by client id. */
  readonly clients: Readonly<Record<Name, ClientCredentials>>;
  /** How many introspection requests arrived, refused ones included. */
  introspections(): number;
  /** Refuses connections from now on, as a server that is down; tokens are kept. */
  stop(): Promise<void>;
  /** Accepts connections again, on the same port. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts an authorization server on loopback, with new keys and client secrets.
 *
 * @throws PortTakenError when another program listens on the port.
 */
export async function startAuthorizationServer<Name extends string>({
  audience,
  applications,
  port = 0,
  tls,
  host = '127.0.0.1',
  introspectionClient = { method: 'client_secret_basic' },
  answer = 'jwt',
  log = () => {},
}: AuthorizationServerOptions<Name>): Promise<AuthorizationServer<Name>> {
  const server = createServerWith(tls);
  const [{ Provider, errors }, key] = await Promise.all([loadProvider(), generateSigningKey()]);
  const listening = await listen(server, port);
  const origin = new URL(`${tls ? 'https' : 'http'}://${host}:${listening.port}`);

  const gateway = newClient('gateway');
  const names = Object.keys(applications) as Name[];
  const clients = Object.fromEntries(names.map((name) => [name, newClient(name)])) as Record<
    Name,
    ClientCredentials
  >;
  const parties = {
    audience,
    gateway: { ...gateway, authentication: introspectionClient },
    applications: names.map((name) => ({ ...applications[name], ...clients[name] })),
  };
  const provider = new Provider(origin.origin, configuration(parties, answer, key, errors));
  let introspections = 0;
  provider.use(async (context, next) => {
    await next();
    if (context.oidc?.route === 'introspection') introspections += 1;
    log(`${context.method} ${context.path} ${context.status}`);
  });
  provider.use(introspectionAnswer(answer, key));
  if (introspectionClient.method === 'client_secret_post') provider.use(refuseBasic);
  provider.on('server_error', (context, error) => log(`${context.path} failed: ${error.stack}`));
  server.on('request', provider.callback());

  const endpoint = (route: string) => new URL(provider.pathFor(route), origin).href;
  return {
    issuer: origin.origin,
    tokenEndpoint: endpoint('token'),
    introspectionEndpoint: endpoint('introspection'),
    revocationEndpoint: endpoint('revocation'),
    jwksUri: endpoint('jwks'),
    gateway,
    clients,
    introspections: () => introspections,
    stop: () => close(server),
    start: async () => {
      await listen(server, Number(origin.port));
    },
    close: () => close(server),
  };
}

function newClient(clientId: string): ClientCredentials {
  return { clientId, clientSecret: randomBytes(32).toString('base64url') };
}
