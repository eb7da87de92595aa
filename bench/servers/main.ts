import { createAuthorizationServer } from './authorization-server';
import { startDynamoDb } from './dynamodb';
import { listen } from './listen';
import { createPhantomToken } from './phantom-token';
import { createQuickDynamoDb } from './quick-dynamodb';
import { createSecretsManager } from './secrets-manager';
import type { Backend } from './start';

/** Runs the servers of the authorizer in a separate process, so that their processor time is not counted. */
async function main(): Promise<void> {
  const { jwt, jwks } = createPhantomToken();
  const authorizationServer = createAuthorizationServer(jwt);
  const backend: Backend = {
    introspectionEndpoint: await listen(authorizationServer.server),
    dynamoDbEndpoint: await startDynamoDb(),
    quickDynamoDbEndpoint: await listen(createQuickDynamoDb()),
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

void main();
