import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { JWK } from 'jose';
import { compile } from '../build';
import type { Counts } from './listen';

/** Latencies of the services when they are on, in milliseconds. */
export const LATENCIES = { authorizationServer: 25, dynamoDb: 4, secretsManager: 15 } as const;

type ServiceName = keyof typeof LATENCIES;

/** Addresses of the servers, and the phantom token of the authorization server's responses. */
export interface Backend {
  /** URL of the introspection endpoint; that of the key set is `jwks` below it. */
  readonly introspectionEndpoint: string;
  readonly dynamoDbEndpoint: string;
  readonly secretsManagerEndpoint: string;
  readonly controlEndpoint: string;
  /** Certificate of the authority that the servers' certificates are of, PEM; `undefined` over plain HTTP. */
  readonly authority: string | undefined;
  readonly jwt: string;
  readonly jwks: { readonly keys: readonly JWK[] };
}

/** Command to the process of the servers. */
export interface Command {
  readonly command: 'counts' | 'introspections' | 'latencies';
  readonly tokens?: readonly string[];
  readonly on?: boolean;
}

export interface Reply {
  readonly value: unknown;
}

async function send<T>({ controlEndpoint }: Backend, command: Command): Promise<T> {
  const response = await fetch(controlEndpoint, { method: 'POST', body: JSON.stringify(command) });
  return ((await response.json()) as Reply).value as T;
}

/** Returns the number of introspections of each access token. */
export const introspectionsOf = (backend: Backend, tokens: readonly string[]) =>
  send<number[]>(backend, { command: 'introspections', tokens });

/** Turns the latencies of the services on or off. */
export const setLatencies = (backend: Backend, on: boolean) =>
  send<void>(backend, { command: 'latencies', on });

/** Returns how many requests and connections each service has had. */
export const countsOf = (backend: Backend) =>
  send<Record<ServiceName, Counts>>(backend, { command: 'counts' });

/** Starts the servers: over TLS, or over plain HTTP for what the network must not distort. */
export async function startBackend(
  node: string,
  transport: 'http' | 'tls' = 'http',
): Promise<Backend & { close(): void }> {
  const child: ChildProcess = spawn(node, [compile('servers/main.ts'), transport], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [backend] = (await once(child, 'message')) as [Backend];
  return { ...backend, close: () => child.disconnect() };
}
