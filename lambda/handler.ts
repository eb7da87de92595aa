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
import type { Introspection } from './core/introspection-response';
import { createOperatorHints } from './core/operator-hints';
import { policyResources, scopesRequired } from './core/route';
import { type CacheIdentity, entryId } from './core/sealed-entry';
import { createClientCredentials } from './io/client-credentials';
import { createHttpClient } from './io/http-client';
import { createIntrospectionClient } from './io/introspection-client';
import { createMemoryCache } from './io/memory-cache';
import { createSignatureVerifier } from './io/signature-verifier';
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
  const result = toAuthorizerResult(decision, policyResources(config, event));
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
    // A cache that takes longer than this is no help: the request goes on without it.
    client: new DynamoDBClient({
      maxAttempts: 2,
      requestHandler: { connectionTimeout: 500, requestTimeout: 500, throwOnRequestTimeout: true },
    }),
    table: cache.table,
    identity,
    types: response.types,
    credentials,
    onFault: telemetry.tokenCacheFailed,
  });
  const ask = createIntrospectionClient({ ...introspection, credentials, now });
  const isSignatureGood =
    token.jwksUri && createSignatureVerifier(token.jwksUri, createHttpClient({ ca: caBundle }));
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
