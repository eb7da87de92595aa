import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalStack, startLocalStack } from '../../local/stack/local-stack';
import { AUDIENCE, ISSUER } from '../servers/claims';
import { listen } from '../servers/listen';
import { startBackend } from '../servers/start';

/** The stack in local mode, with one execution environment, between servers that answer at once. */
export interface Deployed {
  readonly stack: LocalStack;
  close(): Promise<void>;
}

/** @param maxTtlSeconds how long the caches remember. */
export async function deploy(maxTtlSeconds: number): Promise<Deployed> {
  const backend = await startBackend(process.execPath);
  const upstream = createServer((_request, response) => void response.end('{}'));
  const directory = await mkdtemp(join(tmpdir(), 'phantom-token-load-'));
  const configFile = join(directory, 'config.json');
  const config = {
    introspection: { endpoint: backend.introspectionEndpoint },
    token: { issuer: ISSUER, audience: AUDIENCE },
    // The function decides every request: API Gateway's own cache is not what is measured.
    cache: { authorizerResultTtlSeconds: 0, maxTtlSeconds },
    api: { upstream: await listen(upstream), scopes: ['read'] },
  };
  await writeFile(configFile, JSON.stringify(config));
  const stack = await startLocalStack({
    source: { context: { config: configFile } },
    secretValue: JSON.stringify({ client_id: 'gateway', client_secret: 'a secret' }),
    maxEnvironments: 1,
    log: () => undefined,
  });
  return {
    stack,
    async close() {
      await stack.close();
      backend.close();
      upstream.close();
      upstream.closeAllConnections();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
