import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createAuthorizer } from './authorizer';
import { type AuthorizerConfig, readConfig } from './core/config';
import type { Introspection } from './core/introspection-response';
import { createOperatorHints } from './core/operator-hints';
import { type CacheIdentity, entryId } from './core/sealed-entry';
import { createGatewayHandler } from './gateway-handler';
import { createClientCredentials } from './io/client-credentials';
import { createHttpClient } from './io/http-client';
import { createIntrospectionClient } from './io/introspection-client';
import { createMemoryCache } from './io/memory-cache';
import { createSignatureVerifier } from './io/signature-verifier';
import { createTelemetry, type Telemetry } from './io/telemetry';
import { createTokenCache } from './io/token-cache';
import { createTokenTable } from './io/token-table';

// Once per execution environment, so that a faulty configuration fails before the first request.
const telemetry = createTelemetry(new Logger());
const config = loadConfig(telemetry);

/** The REQUEST authorizer. */
export const handler = createGatewayHandler({
  config,
  authorize: compose(config, telemetry),
  telemetry,
});

function loadConfig({ failed }: Telemetry): AuthorizerConfig {
  try {
    return readConfig(process.env);
  } catch (error) {
    failed(error);
    throw error;
  }
}

function compose({ introspection, token, cache }: AuthorizerConfig, telemetry: Telemetry) {
  const { endpoint, response, credentialsSecretArn, caBundle } = introspection;
  telemetry.identify(endpoint.host);
  const identity = cacheIdentity({ introspection, token });
  const credentials = createClientCredentials({
    client: new SecretsManagerClient({
      maxAttempts: 2,
      requestHandler: { connectionTimeout: 500, requestTimeout: 1000, throwOnRequestTimeout: true },
    }),
    secretArn: credentialsSecretArn,
    method: introspection.clientAuthentication.method,
    now,
  });
  const tokenCache = createTokenCache({
    table: createTokenTable(
      // A cache that takes longer than this is no help: the request goes on without it.
      new DynamoDBClient({
        maxAttempts: 2,
        requestHandler: {
          connectionTimeout: 500,
          requestTimeout: 500,
          throwOnRequestTimeout: true,
        },
      }),
      cache.table,
    ),
    identity,
    types: response.types,
    credentials,
    onFault: telemetry.tokenCacheFailed,
  });
  const ask = createIntrospectionClient({ ...introspection, credentials, now });
  const isSignatureGood =
    token.jwksUri &&
    createSignatureVerifier({
      jwksUri: token.jwksUri,
      send: createHttpClient({ ca: caBundle }),
      now,
    });
  const hintAfter = createOperatorHints(cache);

  async function introspect(accessToken: string): Promise<Introspection> {
    const introspection = await ask(accessToken);
    const hint = hintAfter(introspection, now());
    if (hint !== undefined) telemetry.hint(hint);
    if ('invalid' in introspection || isSignatureGood === undefined) return introspection;
    if (await isSignatureGood(introspection.facts.jwt)) return introspection;
    return { invalid: 'signature_invalid', freshness: introspection.freshness };
  }

  return createAuthorizer({
    limits: cache,
    ports: {
      introspect,
      memoryCache: createMemoryCache(),
      tokenCache,
      entryId: (accessToken) => entryId(identity, accessToken),
      now,
    },
  });
}

/** Whatever shapes the facts: two configurations that differ in it never share an entry. */
function cacheIdentity({
  introspection,
  token,
}: Pick<AuthorizerConfig, 'introspection' | 'token'>): CacheIdentity {
  const { endpoint, accept, parameters, response, credentialsSecretArn } = introspection;
  return [
    endpoint.href,
    accept,
    JSON.stringify(parameters),
    JSON.stringify(response),
    token.jwksUri?.href ?? '',
    credentialsSecretArn,
  ];
}

/** Epoch seconds. */
function now(): number {
  return Date.now() / 1000;
}
