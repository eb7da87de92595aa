import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { type Authorizer, createAuthorizer } from './authorizer';
import type { CacheLimits } from './core/cache-lifetime';
import { CLAIM_NAMES } from './core/claims';
import { type AuthorizerConfig, readConfig } from './core/config';
import type { AuthorizerEvent } from './core/gateway-request';
import type { Introspection } from './core/introspection-response';
import { createOperatorHints } from './core/operator-hints';
import type { CacheIdentity } from './core/sealed-entry';
import { createForgetHandler, type ForgetEvent, isForgetEvent } from './forget-handler';
import { createGatewayHandler } from './gateway-handler';
import { createDynamoDb, createSecretsManager } from './io/aws/services';
import { type ClientCredentialsSource, createClientCredentials } from './io/client-credentials';
import { createHttpClient } from './io/http-client';
import { createIntrospectionClient } from './io/introspection-client';
import { createMemoryCache } from './io/memory-cache';
import { createSignatureVerifier, TIMEOUT_MS as KEYS_TIMEOUT_MS } from './io/signature-verifier';
import { steadyNow } from './io/steady-clock';
import { createTelemetry, type Telemetry } from './io/telemetry';
import { createTokenCache } from './io/token-cache';
import { createTokenTable } from './io/token-table';

/** How long to wait for another environment's introspection at most, in milliseconds. */
const MAX_WAIT_MS = 3000;

/**
 * What API Gateway gives an authorizer of an HTTP API, less what else takes time, in milliseconds: who
 * waited in vain must still be able to introspect.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
const TIME_TO_DECIDE_MS = 9000;

// Once per execution environment, so that a faulty configuration fails before the first request.
const telemetry = createTelemetry({
  logger: new Logger(),
  functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? '',
  now,
});
const { config, authorizer } = start(telemetry);
const decide = createGatewayHandler({ config, authorizer, telemetry });
const forget = createForgetHandler({ authorizer, telemetry });

/** The REQUEST authorizer, and what operators may ask of it. */
export const handler = (event: AuthorizerEvent | ForgetEvent, context: Context) =>
  isForgetEvent(event) ? forget(event, context) : decide(event, context);

function start(telemetry: Telemetry) {
  try {
    const config = readConfig(process.env);
    return { config, authorizer: compose(config, telemetry) };
  } catch (error) {
    telemetry.failedToStart(error);
    throw error;
  }
}

function compose(
  { introspection, token, cache, logIdentities }: AuthorizerConfig,
  telemetry: Telemetry,
): Authorizer {
  const { endpoint, response, credentialsSecretArn, caBundle } = introspection;
  telemetry.configure({ introspectionHost: endpoint.host, logIdentities });
  const limits: CacheLimits = { ...cache, requiredClaims: requiredClaims(token) };
  const identity = cacheIdentity({ introspection, token, limits });
  const secret = createClientCredentials({
    secretsManager: createSecretsManager(process.env),
    secretArn: credentialsSecretArn,
    method: introspection.clientAuthentication.method,
    now: steadyNow,
  });
  // Every request that no memory cache answers needs it. Whoever does is told if it cannot be had.
  secret.get().catch(() => undefined);
  const credentials: ClientCredentialsSource = {
    get: secret.get,
    reread() {
      telemetry.credentialsReread();
      return secret.reread();
    },
  };
  const tokenCache = createTokenCache({
    table: createTokenTable(createDynamoDb(process.env), cache.table),
    identity,
    types: response.types,
    credentials,
    boundMs: cache.timeoutMilliseconds,
    shareIntrospections: cache.shareIntrospections,
    shareInactive: cache.shareInactive,
    waitMs: waitFor(introspection.timeoutSeconds * 1000 + (token.jwksUri ? KEYS_TIMEOUT_MS : 0)),
    onFault: telemetry.tokenCacheFailed,
    now,
  });
  const ask = createIntrospectionClient({ ...introspection, credentials, now });
  const isSignatureGood =
    token.jwksUri &&
    createSignatureVerifier({
      jwksUri: token.jwksUri,
      send: createHttpClient({ ca: caBundle }),
    });
  const hintAfter = createOperatorHints(cache, { endpoint, issuer: token.issuer });

  async function introspect(accessToken: string): Promise<Introspection> {
    const start = performance.now();
    const introspection = await ask(accessToken).finally(() =>
      telemetry.introspected(Math.round(performance.now() - start)),
    );
    const hint = hintAfter(introspection, now());
    if (hint !== undefined) telemetry.hint(hint);
    if ('invalid' in introspection || isSignatureGood === undefined) return introspection;
    if (await isSignatureGood(introspection.facts.jwt)) return introspection;
    return { invalid: 'signature_invalid', freshness: introspection.freshness };
  }

  return createAuthorizer({
    limits,
    ports: {
      introspect,
      memoryCache: createMemoryCache(),
      tokenCache,
      now,
    },
  });
}

/** As long as the other introspection may take, but not so long that ours would come too late. */
function waitFor(introspectionMs: number): number {
  return Math.min(introspectionMs, MAX_WAIT_MS, Math.max(0, TIME_TO_DECIDE_MS - introspectionMs));
}

/** Returns the claims that are checked, so that a token without one of them is denied. */
function requiredClaims({ issuer, audience }: AuthorizerConfig['token']) {
  return [
    ...(issuer === undefined ? [] : (['iss'] as const)),
    ...(audience.length === 0 ? [] : (['aud'] as const)),
  ];
}

/** Whatever shapes the facts: two configurations that differ in it never share an entry. */
function cacheIdentity({
  introspection,
  token,
  limits,
}: Pick<AuthorizerConfig, 'introspection' | 'token'> & {
  readonly limits: CacheLimits;
}): CacheIdentity {
  const { endpoint, accept, parameters, response, credentialsSecretArn } = introspection;
  return [
    endpoint.href,
    accept,
    JSON.stringify(parameters),
    JSON.stringify(response),
    token.jwksUri?.href ?? '',
    credentialsSecretArn,
    // Lifetimes, for they were reckoned with these: a lower ceiling holds for what was cached before, too.
    JSON.stringify([
      limits.maxTtlSeconds,
      limits.inactiveTtlSeconds,
      limits.cacheControl,
      limits.requiredClaims,
    ]),
    // An entry of another version can lack members that are checked now.
    CLAIM_NAMES.join(' '),
  ];
}

/** Epoch seconds. */
function now(): number {
  return Date.now() / 1000;
}
