import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAuthorizationServer } from './authorization-server';
import { createDynamoDb } from './dynamodb';
import { createPhantomToken } from './phantom-token';
import { createSecretsManager } from './secrets-manager';
import type { Backend } from './start';

/** What the authorizer talks to, in a process of its own: its processor time is not the authorizer's. */
async function main(): Promise<void> {
  const { jwt, jwks } = createPhantomToken();
  const authorizationServer = createAuthorizationServer(jwt);
  const backend: Backend = {
    introspectionEndpoint: await listen(authorizationServer.server),
    dynamoDbEndpoint: await listen(createDynamoDb()),
    secretsManagerEndpoint: await listen(createSecretsManager()),
    jwt,
    jwks,
  };
  process.on('message', (tokens: readonly string[]) => {
    process.send?.(tokens.map(authorizationServer.introspections));
  });
  process.on('disconnect', () => process.exit());
  process.send?.(backend);
}

async function listen(server: Server): Promise<string> {
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

void main();
