import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  APPLICATIONS,
  type ApplicationName,
  CERTIFICATE_BOUND_APPLICATION,
} from '../authorization-server/applications';
import {
  type AuthorizationServer,
  startAuthorizationServer,
} from '../authorization-server/authorization-server';
import type { IntrospectionExchange } from '../authorization-server/introspection-exchange';
import { type Closable, startAll } from '../closable';
import { close as closeServer, listen, type PortChoice } from '../http-server';
import { startUpstream, type Upstream } from '../upstream/upstream';
import { type LocalStack, type LocalStackOptions, startLocalStack } from './local-stack';
import type { AppSource } from './synthesize';

const AUDIENCE = 'orders-api';

/** Path of an MCP server of an example. Its URL is a resource at the authorization server. */
export const MCP_PATH = '/mcp';

/** Issuer of minted phantom tokens. */
const MINT_ISSUER = 'https://api.example.com';

/** Authorization server, gateway and upstream API on this machine. */
export interface Sandbox {
  readonly authorizationServer: AuthorizationServer<ApplicationName>;
  readonly upstream: Upstream;
  readonly stack: LocalStack;
  /** URL of the published key set, if the gateway mints. */
  readonly keySet: URL | undefined;
  /** Token endpoint that takes client certificates, if an API does. */
  readonly mutualTlsTokenEndpoint: string | undefined;
  close(): Promise<void>;
}

export interface SandboxOptions extends Omit<LocalStackOptions, 'source' | 'secretValue'> {
  /**
   * Command of a CDK app that takes its endpoints from the context: `introspectionEndpoint`, `issuer`,
   * `jwksUri`, `audience`, `upstream`, `publicUrl`. Default: this project's own app.
   */
  readonly app?: string | undefined;
  /**
   * Has the authorization server respond with plain JSON, and the gateway mint the phantom tokens. Default: the
   * authorization server issues them.
   */
  readonly mint?: boolean | undefined;
  /** Ends the CDK app when it is aborted. Default: none. */
  readonly signal?: AbortSignal | undefined;
  /** Receives each exchange at the introspection endpoint. Default: no observation. */
  readonly onIntrospection?: ((exchange: IntrospectionExchange) => void) | undefined;
  /** Ports of the servers besides the API. Default: free ports. */
  readonly ports?: { readonly authorizationServer: PortChoice; readonly upstream: PortChoice };
  /** Returns the secret of a client of the authorization server. Default: a random one. */
  readonly clientSecret?: (clientId: string) => string;
}

/** Starts the local stack between an embedded authorization server and a sample API. */
export function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  return startAll((started) => startParts(options, started));
}

/** @param started receives the parts to close, in the order of their start. */
async function startParts(
  { app, mint, signal, onIntrospection, ports, clientSecret, ...given }: SandboxOptions,
  started: Closable[],
): Promise<Omit<Sandbox, 'close'>> {
  // The URL of an example's API is the identifier of a protected resource, so its port is chosen before synthesis.
  const port = app === undefined ? given.port : await freePort(given.port);
  const publicUrl = app && `http://127.0.0.1:${port}`;
  const authorizationServer = await startAuthorizationServer({
    audience: AUDIENCE,
    applications: { ...APPLICATIONS, ...CERTIFICATE_BOUND_APPLICATION },
    format: mint ? 'json' : 'jwt',
    ...(publicUrl && { resources: [`${publicUrl}${MCP_PATH}`] }),
    interactive: app !== undefined,
    onIntrospection,
    port: ports?.authorizationServer,
    clientSecret,
  });
  started.push(authorizationServer);
  const { issuer, jwksUri, gateway } = authorizationServer;
  // HTTP APIs cannot forward the phantom token in Authorization.
  const tokenHeaders = ['x-phantom-token', 'authorization'];
  const upstream = await startUpstream(
    { issuer, audience: AUDIENCE, jwksUri, tokenHeaders },
    ports?.upstream,
  );
  started.push(upstream);
  const directory = await mkdtemp(join(tmpdir(), 'phantom-token-sandbox-'));
  started.push({ close: () => rm(directory, { recursive: true, force: true }) });
  const configFile = join(directory, 'config.json');
  const config = mint ? mintingConfig : sandboxConfig;
  await writeFile(configFile, JSON.stringify(config(authorizationServer, upstream)));
  const secret = { client_id: gateway.clientId, client_secret: gateway.clientSecret };
  const secretValue = JSON.stringify(secret);
  const source: AppSource =
    app && publicUrl
      ? { app, signal, context: { ...exampleContext(authorizationServer, upstream), publicUrl } }
      : { signal, context: { config: configFile } };
  const stack = await startLocalStack({ ...given, port, source, secretValue });
  started.push(stack);
  const keySet = mint ? new URL('/.well-known/jwks.json', stack.url) : undefined;
  if (keySet) {
    const trust = { issuer: MINT_ISSUER, audience: AUDIENCE, jwksUri: keySet.href };
    upstream.trust({ ...trust, tokenHeaders });
  }
  const { tls } = stack.mutualTls ?? {};
  const mutualTlsTokenEndpoint =
    tls && (await authorizationServer.serveMutualTls({ ...tls, clientCa: tls.trustStore }));
  return { authorizationServer, upstream, stack, keySet, mutualTlsTokenEndpoint };
}

/** Returns the port of a choice that is free now. A given port is reported later, if it is taken. */
async function freePort(choice: PortChoice = 0): Promise<number> {
  if (typeof choice === 'number' && choice !== 0) return choice;
  const probe = createServer();
  const { port } = await listen(probe, choice);
  await closeServer(probe);
  return Number(port);
}

function exampleContext(
  { introspectionEndpoint, issuer, jwksUri }: AuthorizationServer<ApplicationName>,
  { url }: Upstream,
) {
  return { introspectionEndpoint, issuer, jwksUri, audience: AUDIENCE, upstream: url.origin };
}

/** Returns a deployment config. */
function sandboxConfig(
  { introspectionEndpoint, issuer }: AuthorizationServer<ApplicationName>,
  { url }: Upstream,
) {
  return {
    introspection: { endpoint: introspectionEndpoint },
    token: { issuer, audience: AUDIENCE },
    api: { type: 'REST', upstream: url.origin, scopes: ['read'] },
  };
}

/** Returns the config of a gateway that mints. The authorization server forbids caching, as most do. */
function mintingConfig(
  authorizationServer: AuthorizationServer<ApplicationName>,
  upstream: Upstream,
) {
  const { introspection, token, api } = sandboxConfig(authorizationServer, upstream);
  return {
    introspection: { ...introspection, response: 'json' },
    token: { ...token, mint: { issuer: MINT_ISSUER, audience: AUDIENCE } },
    cache: { cacheControl: 'ignore' },
    api,
  };
}
