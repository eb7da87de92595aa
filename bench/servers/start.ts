import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { JWK } from 'jose';
import { compile } from '../build';

/** Addresses of the servers, and the phantom token of the authorization server's responses. */
export interface Backend {
  readonly introspectionEndpoint: string;
  readonly dynamoDbEndpoint: string;
  readonly quickDynamoDbEndpoint: string;
  readonly secretsManagerEndpoint: string;
  readonly jwt: string;
  readonly jwks: { readonly keys: readonly JWK[] };
}

export interface RunningBackend extends Backend {
  /** Returns the number of introspections of each access token. */
  introspections(accessTokens: readonly string[]): Promise<number[]>;
  close(): void;
}

export async function startBackend(node: string): Promise<RunningBackend> {
  const child: ChildProcess = spawn(node, [compile('servers/main.ts')], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [backend] = (await once(child, 'message')) as [Backend];
  return {
    ...backend,
    async introspections(accessTokens) {
      child.send(accessTokens);
      const [counts] = (await once(child, 'message')) as [number[]];
      return counts;
    },
    close: () => child.disconnect(),
  };
}
