import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { API, invocation } from './invocation';
import { AUDIENCE, ISSUER } from './servers/claims';
import type { Backend } from './servers/start';
import { TABLE } from './table';

type Handler = (event: object, context: object) => Promise<unknown>;

/** The environment of the function: what Lambda sets, and the configuration with every check on. */
export function functionEnvironment(backend: Backend): Record<string, string> {
  return {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    // As long as those that Lambda hands out.
    AWS_SESSION_TOKEN: 'x'.repeat(800),
    AWS_LAMBDA_FUNCTION_NAME: 'authorizer',
    AWS_ENDPOINT_URL_DYNAMODB: backend.dynamoDbEndpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: backend.secretsManagerEndpoint,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    POWERTOOLS_SERVICE_NAME: 'phantom-token-authorizer',
    INTROSPECTION_ENDPOINT: backend.introspectionEndpoint,
    INTROSPECTION_TIMEOUT_SECONDS: '3',
    INTROSPECTION_ACCEPT: 'application/jwt',
    INTROSPECTION_PARAMETERS: '{}',
    INTROSPECTION_CLIENT_AUTHENTICATION: '{"method":"client_secret_basic"}',
    INTROSPECTION_CREDENTIALS_SECRET_ARN:
      'arn:aws:secretsmanager:eu-central-1:123456789012:secret:client-AbCdEf',
    TOKEN_ISSUER: ISSUER,
    TOKEN_AUDIENCE: JSON.stringify([AUDIENCE]),
    TOKEN_NOT_BEFORE_TOLERANCE_SECONDS: '60',
    TOKEN_CACHE_TABLE: TABLE,
    CACHE_MAX_TTL_SECONDS: '3600',
    CACHE_INACTIVE_TTL_SECONDS: '10',
    CACHE_CONTROL: 'respect',
    // Other programs on the machine must not look like a table that is slow.
    CACHE_TIMEOUT_MILLISECONDS: '1000',
    CACHE_COALESCE_INTROSPECTIONS: 'true',
    LOG_IDENTITIES: 'true',
    SCOPE_RULES: JSON.stringify({ [API]: [[[['read']], ['*']]] }),
  };
}

/** Variables of a function that mints the phantom tokens. */
export const MINTING: Readonly<Record<string, string>> = {
  INTROSPECTION_ACCEPT: 'application/json',
  TOKEN_UNTYPED: 'refuse',
  TOKEN_MINT: JSON.stringify({
    ...{ response: 'json', issuer: 'https://api.example.com', audience: ['orders'] },
    // Claims as large as those of the JWT that is forwarded otherwise.
    ...{ lifetimeSeconds: 3720, claims: { padding: 'jti' } },
  }),
  SIGNING_KEYS_SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:signing-AbCdEf',
};

/** Loads the function again, as a new execution environment does: nothing is cached. */
export function startFunction(bundle: string, environment: Record<string, string> = {}): Handler {
  Object.assign(process.env, environment);
  const load = createRequire(__filename);
  // The bundle consists of several files.
  for (const file of Object.keys(load.cache)) {
    if (dirname(file) === dirname(load.resolve(bundle))) delete load.cache[file];
  }
  return load(bundle).handler;
}

export function newAccessToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Calls the function for one request and makes sure that it allows it. */
export async function authorize(handler: Handler, accessToken: string): Promise<void> {
  assertAllowed(await handler(...invocation(accessToken)));
}

export function assertAllowed(result: unknown): void {
  const { policyDocument } = result as {
    policyDocument?: { Statement: readonly { Effect: string }[] };
  };
  if (policyDocument?.Statement[0]?.Effect !== 'Allow') throw new Error('the request is denied');
}
