import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { AUDIENCE, ISSUER } from './servers/phantom-token';
import type { Backend } from './servers/start';

export const TABLE = 'tokens';
const API = 'abcdef1234';

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
    AWS_ENDPOINT_URL_DYNAMODB: backend.quickDynamoDbEndpoint,
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
  delete load.cache[load.resolve(bundle)];
  return load(bundle).handler;
}

export function newAccessToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Returns the event and context of a REST API's invocation, with the headers of a browser's request. */
export function invocation(accessToken: string) {
  const headers: Record<string, string> = {
    Accept: 'application/json, text/plain, */*',
    'Accept-Encoding': 'gzip, deflate, br, zstd',
    'Accept-Language': 'en-GB,en;q=0.9',
    Authorization: `Bearer ${accessToken}`,
    Host: 'api.example.com',
    Origin: 'https://app.example.com',
    Referer: 'https://app.example.com/',
    'User-Agent':
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0',
    'X-Amzn-Trace-Id': 'Root=1-5759e988-bd862e3fe1be46a994272793',
    'X-Forwarded-For': '203.0.113.7',
    'X-Forwarded-Port': '443',
    'X-Forwarded-Proto': 'https',
  };
  const multiValueHeaders: Record<string, string[]> = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value]]),
  );
  const event = {
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:eu-central-1:123456789012:${API}/prod/GET/orders/1`,
    resource: '/orders/{id}',
    path: '/orders/1',
    httpMethod: 'GET',
    headers,
    multiValueHeaders,
    pathParameters: { id: '1' },
    queryStringParameters: {},
    multiValueQueryStringParameters: {},
    stageVariables: {},
    requestContext: {
      ...{ accountId: '123456789012', apiId: API, stage: 'prod', requestId: 'request' },
      ...{ httpMethod: 'GET', path: '/prod/orders/1', resourcePath: '/orders/{id}' },
      identity: { sourceIp: '203.0.113.7' },
    },
  };
  const context = {
    awsRequestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
    functionName: 'authorizer',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:authorizer',
    memoryLimitInMB: '512',
  };
  return [event, context] as const;
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
