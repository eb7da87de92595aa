import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { type Authorizer, createAuthorizer } from './authorizer';
import { cacheIdentity } from './cache/cache-identity';
import { createMemoryCache } from './cache/memory-cache';
import { timeBudget } from './cache/time-budget';
import { createTokenCache, type TokenCacheOptions } from './cache/token-cache';
import { createTokenCacheEntries } from './cache/token-cache-entries';
import { type CheckEvent, isCheckEvent } from './check-event';
import type { CacheLimits } from './core/cache-lifetime';
import { type AuthorizerConfig, readConfig } from './core/config';
import type { AuthorizerEvent } from './core/gateway-request';
import type { Introspection } from './core/introspection-response';
import { KEY_SET_TIMEOUT_MS } from './core/key-set';
import { SIGNING_TIMEOUT_MS } from './core/mint-config';
import { createOperatorHints, WEAK_CACHE_KEY_HINT } from './core/operator-hints';
import { requiredClaims } from './core/required-claims';
import { createGatewayHandler } from './gateway-handler';
import {
  createInvalidationHandler,
  type InvalidationEvent,
  isInvalidationEvent,
} from './invalidation-handler';
import { createAgeReports } from './io/authorization-server/certificate-expiry';
import {
  type ClientCredentialsSource,
  createClientCredentials,
} from './io/authorization-server/client-credentials';
import { createForwardedTokens } from './io/authorization-server/forwarded-tokens';
import { createIntrospectionClient } from './io/authorization-server/introspection-client';
import type { Environment } from './io/aws/endpoint';
import { createDynamoDb, createSecretsManager } from './io/aws/services';
import { createTableCircuitBreaker } from './io/aws/table-circuit-breaker';
import { createTokenTable } from './io/aws/token-table';
import { steadyNow } from './io/steady-clock';
import { systemClock } from './io/system-clock';
import { createTelemetry, type Telemetry } from './io/telemetry/telemetry';
import { createPreparation } from './preparation';

/**
 * Composes the function from its environment variables.
 *
 * @throws Fault `configuration_invalid`, logged, if a variable is missing or invalid.
 */
export function composeFunction(environment: Environment, logger: Logger) {
  const telemetry = createTelemetry({
    logger,
    functionName: environment['AWS_LAMBDA_FUNCTION_NAME'] ?? '',
    now: systemClock.now,
    countsColdStart: isFirstWorker(environment),
  });
  const { config, authorizer, prepare } = start(environment, telemetry);
  const decide = createGatewayHandler({ config, authorizer, telemetry });
  const invalidate = createInvalidationHandler({ authorizer, telemetry });

  /** Lambda handler: the REQUEST authorizer, and the events of operators. */
  function handler(event: AuthorizerEvent | InvalidationEvent | CheckEvent, context: Context) {
    if (isInvalidationEvent(event)) return invalidate(event, context);
    if (!isCheckEvent(event)) return decide(event, context);
    // Loaded here: requests of clients do not need it.
    const { selfCheck } = require('./self-check') as typeof import('./self-check');
    return selfCheck(config, environment);
  }
  return { handler, prepare };
}

/**
 * Returns whether this is the first worker thread of its environment, or the only one. Managed instances run one
 * environment in several, of which the first has ID 1.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
function isFirstWorker({ AWS_LAMBDA_MAX_CONCURRENCY }: Environment): boolean {
  if (AWS_LAMBDA_MAX_CONCURRENCY === undefined) return true;
  // Loaded here: all other functions run in one thread, and a cold start would pay for it.
  const { threadId } = require('node:worker_threads') as typeof import('node:worker_threads');
  return threadId <= 1;
}

function start(environment: Environment, telemetry: Telemetry) {
  try {
    const config = readConfig(environment);
    return { config, ...composeAuthorizer(config, environment, telemetry) };
  } catch (error) {
    telemetry.logStartFailure(error);
    throw error;
  }
}

function composeAuthorizer(
  config: AuthorizerConfig,
  environment: Environment,
  telemetry: Telemetry,
): { readonly authorizer: Authorizer; readonly prepare: () => Promise<void> } {
  const { introspection, token, mint, cache, scopeRules, logIdentities } = config;
  const { now } = systemClock;
  const { endpoint, credentialsSecretArn, caBundle } = introspection;
  telemetry.configure({ introspectionHost: endpoint.host, logIdentities });
  const limits: CacheLimits = { ...cache, requiredClaims: requiredClaims({ token, scopeRules }) };
  const identity = cacheIdentity({ introspection, token, mint, limits });
  const secretsManager = createSecretsManager(environment);
  const secret = createClientCredentials({
    secretsManager,
    secretArn: credentialsSecretArn,
    method: introspection.clientAuthentication.method,
    now: steadyNow,
    onRead: createAgeReports({ telemetry, caBundle, now }),
    onReadFailure: telemetry.logSecretReadFailure,
  });
  // Prefetched: every memory-cache miss needs it. Errors are ignored here and surface on first use.
  secret.get().catch(() => undefined);
  const credentials: ClientCredentialsSource = {
    get: secret.get,
    reread() {
      telemetry.countCredentialReread();
      return secret.reread();
    },
  };
  const breaker = {
    timeoutMs: cache.timeoutMilliseconds,
    onOperation: telemetry.countTokenCacheOperation,
    onFault: telemetry.logTokenCacheFault,
    clock: systemClock,
  };
  const { jwksUri } = token;
  const isSignatureGood =
    jwksUri && loadSignatureVerification().createSignatureVerification({ jwksUri, caBundle });
  const minting =
    mint &&
    loadMinting().createMinting({
      ...{ mint, introspection, token, secretsManager, isSignatureGood, now, steadyNow },
      environment,
      credentials: secret.get,
      telemetry,
    });
  const source = minting?.source ?? createForwardedTokens(introspection.response, isSignatureGood);
  const introspectionMs =
    introspection.timeoutSeconds * 1000 +
    (jwksUri ? KEY_SET_TIMEOUT_MS : 0) +
    (mint ? SIGNING_TIMEOUT_MS : 0);
  const tokenCacheOptions: TokenCacheOptions = {
    table: createTokenTable(createDynamoDb(environment), cache.table),
    identity,
    parse: source.parse,
    credentials: secret,
    reads: createTableCircuitBreaker(breaker),
    writes: createTableCircuitBreaker(breaker),
    maxTtlSeconds: cache.maxTtlSeconds,
    coalesceIntrospections: cache.coalesceIntrospections,
    ...timeBudget(introspectionMs, cache.timeoutMilliseconds),
    onFault: telemetry.logTokenCacheFault,
    onWeakKey: () => telemetry.logHint(WEAK_CACHE_KEY_HINT),
    clock: systemClock,
    random: Math.random,
  };
  const entries = createTokenCacheEntries(tokenCacheOptions);
  const tokenCache = createTokenCache(tokenCacheOptions, entries);
  const requestIntrospection = createIntrospectionClient({
    ...introspection,
    credentials,
    now,
    onCompleted: telemetry.recordIntrospectionLatency,
    onSkipped: telemetry.countSkippedIntrospection,
  });
  const hintAfter = createOperatorHints(cache, { endpoint, issuer: token.issuer });

  async function introspect(accessToken: string): Promise<Introspection> {
    const introspection = await source.obtain(await requestIntrospection(accessToken));
    const hint = hintAfter(introspection, now());
    if (hint !== undefined) telemetry.logHint(hint);
    return introspection;
  }

  const { senderConstraint: mode } = token;
  const verifySender =
    mode === 'refuse'
      ? undefined
      : // Loaded here: only deployments that accept bound tokens pay for it.
        (
          require('./sender-verification') as typeof import('./sender-verification')
        ).createSenderVerifier({ mode, table: cache.table, environment, now });
  const caches = { memoryCache: createMemoryCache(), tokenCache };
  const authorizer = createAuthorizer({
    limits,
    ports: {
      introspect,
      ...(minting?.guard(caches) ?? caches),
      verifySender,
      now,
      random: Math.random,
    },
  });
  const prepare = createPreparation({
    config,
    entries,
    tokenCache: tokenCacheOptions,
    signingKeys: minting?.ready,
    telemetry,
  });
  return { authorizer, prepare };
}

/** Loads the verification of signatures. Only deployments with `token.jwksUri` pay for it. */
function loadSignatureVerification() {
  return require('./signature-verification') as typeof import('./signature-verification');
}

/** Loads the minting. Only deployments that mint pay for it. */
function loadMinting() {
  return require('./minting') as typeof import('./minting');
}
