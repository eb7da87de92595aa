import { randomBytes } from 'node:crypto';
import { isCacheKeyWeak } from './core/client-credentials';
import type { AuthorizerConfig } from './core/config';
import { Fault } from './core/errors';
import type { HttpResponse } from './core/http-response';
import { WEAK_CACHE_KEY_HINT } from './core/operator-hints';
import type { PhantomTokenSource } from './core/ports';
import {
  type ClientCredentialsSource,
  createClientCredentials,
} from './io/authorization-server/client-credentials';
import { createForwardedTokens } from './io/authorization-server/forwarded-tokens';
import { createIntrospectionClient } from './io/authorization-server/introspection-client';
import { createSignatureVerifier, fetchKeys } from './io/authorization-server/signature-verifier';
import type { Environment } from './io/aws/endpoint';
import { createDynamoDb, createSecretsManager } from './io/aws/services';
import { createTokenTable } from './io/aws/token-table';
import { createHttpClient } from './io/http/client';
import { steadyNow } from './io/steady-clock';
import { systemClock } from './io/system-clock';

/** Finding of a check, in the format of `npm run doctor -- --json`. */
interface Check {
  readonly name: 'credentials' | 'introspection' | 'keys' | 'token_cache';
  readonly status: 'ok' | 'info' | 'warn' | 'fault';
  readonly message: string;
  readonly advice?: string;
}

type Finding = Omit<Check, 'name'>;

/**
 * Checks from inside the function what it needs of other systems: the secret, the introspection endpoint with a
 * made-up token, the key set and the token cache. It has connections of its own, and changes nothing.
 */
export async function selfCheck(
  config: AuthorizerConfig,
  environment: Environment,
): Promise<{ readonly checks: readonly Check[] }> {
  const { introspection, token, mint, cache } = config;
  const secretsManager = createSecretsManager(environment);
  const credentials = createClientCredentials({
    secretsManager,
    secretArn: introspection.credentialsSecretArn,
    method: introspection.clientAuthentication.method,
    now: steadyNow,
  });
  const { jwksUri } = token;
  const send = createHttpClient({ ca: introspection.caBundle });
  const isSignatureGood = jwksUri && createSignatureVerifier({ jwksUri, send });
  const source = mint
    ? loadMinting().createMinting({
        ...{ mint, introspection, token, secretsManager, environment, isSignatureGood, steadyNow },
        now: systemClock.now,
        credentials: credentials.get,
        telemetry: { recordSigningKeyAge: () => undefined },
      }).source
    : createForwardedTokens(introspection.response, isSignatureGood);
  const work: Record<Check['name'], () => Promise<Finding>> = {
    credentials: () => checkCredentials(credentials),
    introspection: () => checkIntrospection(config, credentials, source),
    keys: async () => {
      if (jwksUri === undefined) return finding('info', 'token.jwksUri is not set');
      await fetchKeys({ jwksUri, send });
      return finding('ok', 'the key set can be fetched');
    },
    token_cache: async () => {
      await createTokenTable(createDynamoDb(environment), cache.table).get(madeUpToken());
      return finding('ok', 'the table can be read');
    },
  };
  const names = Object.keys(work) as Check['name'][];
  const checks = names.map(async (name) => ({
    name,
    ...(await work[name]().catch((error) => faultOf(name, error))),
  }));
  return { checks: await Promise.all(checks) };
}

/** Loads the minting. Only deployments that mint pay for it. */
function loadMinting() {
  return require('./minting') as typeof import('./minting');
}

async function checkCredentials(source: ClientCredentialsSource): Promise<Finding> {
  return isCacheKeyWeak(await source.get())
    ? finding('warn', WEAK_CACHE_KEY_HINT)
    : finding('ok', 'the secret can be read and is complete');
}

async function checkIntrospection(
  { introspection }: AuthorizerConfig,
  credentials: ClientCredentialsSource,
  source: PhantomTokenSource,
): Promise<Finding> {
  const { now } = systemClock;
  let response: HttpResponse | undefined;
  const onResponse = (received: HttpResponse) => {
    response = received;
  };
  await createIntrospectionClient({ ...introspection, credentials, now, onResponse })(
    madeUpToken(),
  );
  const status = response && (await source.obtain(response));
  return status && 'invalid' in status
    ? finding('ok', 'a made-up token is inactive')
    : finding('fault', 'the server calls a made-up token active', 'Check introspection.endpoint.');
}

function faultOf(name: Check['name'], error: unknown): Finding {
  if (error instanceof Fault) return finding('fault', error.message, error.advice);
  if (name !== 'token_cache') return finding('fault', 'internal_error');
  return finding(
    'warn',
    'the table cannot be read',
    'Requests go on without the token cache: check the table, the permissions of the function and, in a VPC, the gateway endpoint of DynamoDB.',
  );
}

function finding(status: Finding['status'], message: string, advice?: string): Finding {
  return { status, message, ...(advice !== undefined && { advice }) };
}

const madeUpToken = () => randomBytes(32).toString('base64url');
