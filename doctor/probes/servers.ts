import { randomBytes } from 'node:crypto';
import type { ClientCredentials } from '../../lambda/core/client-credentials';
import type { AuthorizerConfig } from '../../lambda/core/config';
import { type Connection, probeConnection } from './connection';
import { get, type Reply } from './get';
import { type IntrospectionExchange, introspect } from './introspection';
import { type Discovery, discover } from './metadata';

/** Observations of the servers that a config names. `undefined` for what could not be tried. */
export interface Observations {
  readonly endpoint: Connection;
  /** Connection to the host of `token.jwksUri`, if it is another one. */
  readonly keysHost: Connection | undefined;
  readonly upstream: Connection;
  readonly discovery: Discovery;
  readonly keys: Reply | undefined;
  /** Response of the upstream to a request without a token. */
  readonly page: Reply;
  /** Introspection of a made-up token. */
  readonly exchange: IntrospectionExchange | undefined;
  /** Introspection of the given token. */
  readonly token: IntrospectionExchange | undefined;
}

interface Parties {
  readonly settings: AuthorizerConfig;
  readonly upstream: URL;
  readonly credentials: ClientCredentials | undefined;
  readonly accessToken: string | undefined;
}

/** Observes all servers at the same time. Each observation has a deadline, and none rejects. */
export async function observe(parties: Parties): Promise<Observations> {
  const { settings, upstream, credentials, accessToken } = parties;
  const { endpoint, caBundle: ca } = settings.introspection;
  const { issuer, jwksUri } = settings.token;
  const madeUp = randomBytes(32).toString('base64url');
  const keysOrigin = jwksUri?.origin === endpoint.origin ? undefined : jwksUri;
  const observed = await Promise.all([
    probeConnection(endpoint, ca),
    keysOrigin && probeConnection(keysOrigin, ca),
    probeConnection(upstream),
    discover({ issuer, endpoint: endpoint.href, ca }),
    jwksUri && get(jwksUri, { ca }),
    get(upstream, { accept: '*/*' }),
    credentials && introspect(settings, credentials, madeUp),
    credentials && accessToken !== undefined
      ? introspect(settings, credentials, accessToken)
      : undefined,
  ]);
  const [connection, keysHost, upstreamConnection, discovery, keys, page, exchange, token] =
    observed;
  return {
    endpoint: connection,
    keysHost,
    upstream: upstreamConnection,
    discovery,
    keys,
    page,
    exchange,
    token,
  };
}
