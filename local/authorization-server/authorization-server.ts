import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { close, listen, type PortChoice } from '../http-server';
import { createHttpServer, type Tls } from '../tls/https-server';
import type { Application, ClientCredentials } from './client';
import { type ClientAuthentication, rejectBasic } from './client-authentication';
import { providerConfiguration } from './configuration';
import { type IntrospectionExchange, observeIntrospections } from './introspection-exchange';
import { type IntrospectionFormat, introspectionFormat } from './introspection-format';
import { loadProvider, withoutWarning } from './load-provider';
import { registrationCors } from './registration-cors';
import { generateSigningKey, type SigningKey } from './signing-key';

export interface AuthorizationServerOptions<Name extends string> {
  /** Claim `aud` of every token. */
  readonly audience: string;
  /** Applications by client id. */
  readonly applications: Readonly<Record<Name, Application>>;
  /** Default: a free port. */
  readonly port?: PortChoice | undefined;
  /** Default: http. */
  readonly tls?: Tls;
  /** Host in its URLs, for which the certificate is valid. Default: 127.0.0.1. */
  readonly host?: '127.0.0.1' | 'localhost';
  /** Authentication of the client that can introspect. Default: `client_secret_basic`. */
  readonly introspectionClient?: ClientAuthentication;
  /**
   * Resource indicators (RFC 8707) that clients can also request tokens for. They are the claim `aud` of these
   * tokens. Default: none.
   */
  readonly resources?: readonly string[];
  /**
   * True if users can sign in, by any name and password, and clients can register. Default: false.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization
   */
  readonly interactive?: boolean;
  /** Format of introspection responses. Default: `jwt`, as in the Curity Identity Server. */
  readonly format?: IntrospectionFormat;
  /** Receives each exchange at the introspection endpoint. Default: no observation. */
  readonly onIntrospection?: ((exchange: IntrospectionExchange) => void) | undefined;
  /** Returns the secret of a client. Default: a random one. */
  readonly clientSecret?: ((clientId: string) => string) | undefined;
  /** Key that signs phantom tokens and responses. Default: a new one. */
  readonly signingKey?: SigningKey;
}

/** Authorization server with opaque access tokens. Its issuer is its origin. */
export interface AuthorizationServer<Name extends string> {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly introspectionEndpoint: string;
  readonly revocationEndpoint: string;
  readonly jwksUri: string;
  /** Client that can introspect. The secret is unused if it authenticates without one. */
  readonly gateway: ClientCredentials;
  /** Credentials of the applications by client id. */
  readonly clients: Readonly<Record<Name, ClientCredentials>>;
  /** Returns the number of introspection requests, rejected ones included. */
  introspections(): number;
  /** Replaces the secret of the client that can introspect. The former one is rejected from now on. */
  rotateGatewaySecret(): Promise<ClientCredentials>;
  /** Returns true if the server accepts connections. */
  running(): boolean;
  /**
   * Serves the endpoints with client certificates, too, on a port of its own.
   *
   * @returns the token endpoint there, which clients find as one of `mtls_endpoint_aliases`
   * @see https://www.rfc-editor.org/rfc/rfc8705#section-5
   */
  serveMutualTls(tls: Required<Tls>): Promise<string>;
  /** Stops accepting connections, as a server that is down. Tokens remain valid. */
  stop(): Promise<void>;
  /** Accepts connections again, on the same port. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts an authorization server on loopback.
 *
 * @throws PortTakenError if another program listens on the port.
 */
export async function startAuthorizationServer<Name extends string>({
  audience,
  applications,
  port = 0,
  tls,
  host = '127.0.0.1',
  introspectionClient = { method: 'client_secret_basic' },
  format = 'jwt',
  resources = [],
  interactive = false,
  onIntrospection,
  clientSecret = randomSecret,
  signingKey,
}: AuthorizationServerOptions<Name>): Promise<AuthorizationServer<Name>> {
  const server = createHttpServer(tls);
  const [{ Provider, errors }, key] = await Promise.all([
    loadProvider(),
    signingKey ?? generateSigningKey(),
  ]);
  const listening = await listen(server, port);
  const origin = new URL(`${tls ? 'https' : 'http'}://${host}:${listening.port}`);

  const newClient = (clientId: string): ClientCredentials => ({
    clientId,
    clientSecret: clientSecret(clientId),
  });
  const gateway = newClient('gateway');
  const names = Object.keys(applications) as Name[];
  const clients = Object.fromEntries(names.map((name) => [name, newClient(name)])) as Record<
    Name,
    ClientCredentials
  >;
  const parties = {
    audience,
    resources,
    interactive,
    gateway: { ...gateway, authentication: introspectionClient },
    applications: names.map((name) => ({ ...applications[name], ...clients[name] })),
  };
  const provider = withoutWarning(
    'devInteractions',
    () => new Provider(origin.origin, providerConfiguration(parties, format, key, errors)),
  );
  let introspections = 0;
  if (onIntrospection) provider.use(observeIntrospections(onIntrospection));
  provider.use(async (context, next) => {
    await next();
    if (context.oidc?.route === 'introspection') introspections += 1;
  });
  provider.use(introspectionFormat(format, key));
  if (interactive) provider.use(registrationCors(provider.pathFor('registration')));
  if (introspectionClient.method === 'client_secret_post') provider.use(rejectBasic);
  provider.on('server_error', ({ path }, error) => console.error(`${path} failed: ${error.stack}`));
  server.on('request', provider.callback());

  const aliases: Server[] = [];
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
    async rotateGatewaySecret() {
      const { clientId } = gateway;
      const renewed = randomSecret();
      const client = await provider.Client.find(clientId);
      client.clientSecret = renewed;
      return { clientId, clientSecret: renewed };
    },
    running: () => server.listening,
    async serveMutualTls(mutualTls) {
      const alias = createHttpServer(mutualTls).on('request', provider.callback());
      aliases.push(alias);
      const { port } = await listen(alias);
      return new URL(provider.pathFor('token'), `https://127.0.0.1:${port}`).href;
    },
    stop: () => close(server),
    start: async () => {
      await listen(server, Number(origin.port));
    },
    async close() {
      await Promise.all([server, ...aliases].map(close));
    },
  };
}

function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}
