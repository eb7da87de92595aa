import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type {
  APIGatewayAuthorizerResult,
  APIGatewayRequestAuthorizerEvent,
  Context,
} from 'aws-lambda';
import { createAuthorizer } from './authorizer';
import { toAuthorizerResult, UNAUTHORIZED } from './core/authorizer-result';
import { type AuthorizerConfig, readConfig } from './core/config';
import { policyResource, scopesRequired } from './core/route';
import { type CacheIdentity, entryId } from './core/sealed-entry';
import { createClientCredentials } from './io/client-credentials';
import { createIntrospectionClient } from './io/introspection-client';
import { createMemoryCache } from './io/memory-cache';
import { createTelemetry, type Telemetry } from './io/telemetry';
import { createTokenCache } from './io/token-cache';

// Once per execution environment, so that a faulty configuration fails before the first request.
const telemetry = createTelemetry(new Logger());
const config = loadConfig(telemetry);
const authorize = compose(config, telemetry);

/** The REQUEST authorizer of a REST API. */
export async function handler(
  event: APIGatewayRequestAuthorizerEvent,
  context: Context,
): Promise<APIGatewayAuthorizerResult> {
  telemetry.begin(context, event.requestContext.requestId);
  const result = await decideOn(event).catch((error: unknown) => {
    telemetry.failed(error);
    throw error;
  });
  if (result === UNAUTHORIZED) throw new Error(UNAUTHORIZED);
  return result;
}

async function decideOn(event: APIGatewayRequestAuthorizerEvent) {
  const scopes = scopesRequired(config, event);
  const { decision, source } = await authorize(event, { ...config.token, scopes });
  const result = toAuthorizerResult(decision, policyResource(config, event));
  telemetry.decided(decision, source);
  return result;
}

function loadConfig({ failed }: Telemetry): AuthorizerConfig {
  try {
    return readConfig(process.env);
  } catch (error) {
    failed(error);
    throw error;
  }
}

function compose({ introspection, cache }: AuthorizerConfig, { tokenCacheFailed }: Telemetry) {
  const { endpoint, credentialsSecretArn, timeoutSeconds } = introspection;
  // Whatever shapes the facts: two configurations never share an entry.
  const identity: CacheIdentity = [endpoint.href, 'application/jwt', credentialsSecretArn];
  const credentials = createClientCredentials({
    // https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/node-reusing-connections.html
    client: new SecretsManagerClient({
      maxAttempts: 2,
      requestHandler: {
        connectionTimeout: 1000,
        requestTimeout: 2000,
        throwOnRequestTimeout: true,
      },
    }),
    secretArn: credentialsSecretArn,
    now,
  });
  const tokenCache = createTokenCache({
    // A cache that takes longer than this is no help: the request goes on without it.
    client: new DynamoDBClient({
      maxAttempts: 2,
      requestHandler: { connectionTimeout: 500, requestTimeout: 500, throwOnRequestTimeout: true },
    }),
    table: cache.table,
    identity,
    credentials,
    onFault: tokenCacheFailed,
  });
  return createAuthorizer({
    limits: cache,
    ports: {
      introspect: createIntrospectionClient({ endpoint, timeoutSeconds, credentials }),
      memoryCache: createMemoryCache(),
      tokenCache,
      entryId: (accessToken) => entryId(identity, accessToken),
      now,
    },
  });
}

/** Epoch seconds. */
function now(): number {
  return Date.now() / 1000;
}
