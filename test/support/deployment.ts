import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import type { APIGatewayRequestAuthorizerEvent, Context } from 'aws-lambda';
import dynalite from 'dynalite';
import type { JWTPayload } from 'jose';
import { composeFunction } from '../../lambda/composition';
import type { ScopeRule } from '../../lambda/contract';
import { type Answer, listening, type StubServer, startStubServer, stopped } from './stub-server';
import { createSigningKey } from './tokens';

type AuthorizerFunction = ReturnType<typeof composeFunction>;
export type Handler = AuthorizerFunction['handler'];
type Result = Exclude<Awaited<ReturnType<Handler>>, { readonly invalidated: boolean }>;

const API = 'abcdef1234';
export const STAGE = `arn:aws:execute-api:eu-central-1:123456789012:${API}/prod`;
export const TABLE = 'tokens';
const SECRET_ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:client-AbCdEf';
export const SIGNING_SECRET_ARN =
  'arn:aws:secretsmanager:eu-central-1:123456789012:secret:signing-AbCdEf';

/** `SCOPE_RULES` of the API, by what its routes require. */
export const rulesOfApi = (...rules: ScopeRule[]) => JSON.stringify({ [API]: rules });
export const ownSettings = (settings: object, ...rules: ScopeRule[]) =>
  JSON.stringify({ [API]: { ...settings, rules } });
export const everyRouteRequires = (...scopes: string[]) => rulesOfApi([[scopes], ['*']]);

/** Everything around the authorizer function, real and on loopback, and the function itself. */
export interface Deployment {
  readonly authorizationServer: StubServer;
  readonly secretsManager: StubServer;
  /** Makes an access token that the authorization server knows, with the claims of its JWT. */
  issue(claims?: JWTPayload, options?: IssueOptions): Promise<Issued>;
  /** Makes an access token that the authorization server does not know. */
  unknownToken(): string;
  /** Gives the secret another value; the authorization server takes none but the last. */
  rotateSecret(): void;
  setSecret(text: string | undefined): void;
  /** Sets the secret with the signing keys; `undefined` removes it. */
  setSigningSecret(text: string | undefined): void;
  /** Has the authorization server wait before each response to an introspection. */
  holdIntrospections(wait: () => Promise<void>): void;
  /** Lets the authorization server forget an access token: it is inactive from now on. */
  revoke(accessToken: string): void;
  /** Environment variables of the function. */
  environment(changes?: Record<string, string | undefined>): Record<string, string | undefined>;
  /** Starts the function in a new execution environment. */
  start(changes?: Record<string, string | undefined>): Handler;
  /** Composes the function, as each new execution environment does. */
  compose(
    changes?: Record<string, string | undefined>,
    how?: typeof composeFunction,
  ): AuthorizerFunction;
  items(): Promise<Record<string, dynamodb.AttributeValue>[]>;
  putItem(item: Record<string, dynamodb.AttributeValue>): Promise<void>;
  emptyTable(): Promise<void>;
  readonly tableUrl: string;
  /** Whatever must stand in no log, error or item. */
  readonly confidential: Set<string>;
  /** Returns the confidential texts that a text contains. */
  confidentialIn(text: string): string[];
  close(): Promise<void>;
}

interface IssueOptions {
  /** Headers of the answer to its introspection. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What a JSON answer says beside the JWT. */
  readonly stated?: Readonly<Record<string, unknown>>;
  /** Whether a key signs the JWT that is not the authorization server's. */
  readonly forged?: boolean;
}

export interface Issued {
  readonly accessToken: string;
  readonly jwt: string;
}

export async function startDeployment(): Promise<Deployment> {
  const [ours, others] = [await createSigningKey('one'), await createSigningKey('one')];
  const known = new Map<string, IssueOptions & Issued>();
  const confidential = new Set<string>();
  let clientSecret = '';
  let secret: string | undefined;
  let signingSecret: string | undefined;
  let hold = async (): Promise<void> => undefined;

  const answer: Answer = async (response, request) => {
    if (request.path === '/jwks') {
      response.end(JSON.stringify({ keys: [ours.published] }));
      return;
    }
    await hold();
    const json = request.path === '/json' || request.path === '/plain';
    const expected = `Basic ${Buffer.from(`gateway:${clientSecret}`).toString('base64')}`;
    const token = known.get(new URLSearchParams(request.body).get('token') ?? '');
    if (request.headers.authorization !== expected) response.writeHead(401).end();
    else if (token === undefined && !json) response.writeHead(204).end();
    else {
      const type = json ? 'application/json' : 'application/jwt';
      response.writeHead(200, { 'content-type': type, ...token?.headers });
      const jwt = request.path === '/json' ? { phantom_token: token?.jwt } : {};
      const members = token ? { ...token.stated, ...jwt } : {};
      response.end(json ? JSON.stringify({ active: token !== undefined, ...members }) : token?.jwt);
    }
  };
  const authorizationServer = await startStubServer('/introspect', answer);
  const manager = await startStubServer('/', (response, { body }) => {
    const arn: string = JSON.parse(body).SecretId;
    const secrets = new Map([
      [SECRET_ARN, secret],
      [SIGNING_SECRET_ARN, signingSecret],
    ]);
    const text = secrets.get(arn);
    const found = text !== undefined;
    response.writeHead(found ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(
      JSON.stringify(
        found
          ? { ARN: arn, SecretString: text }
          : { __type: 'ResourceNotFoundException', message: 'no such secret' },
      ),
    );
  });
  const table = dynalite({ createTableMs: 0 });
  const tableUrl = await listening(table);
  const client = new dynamodb.DynamoDBClient({
    endpoint: tableUrl,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  await client.send(
    new dynamodb.CreateTableCommand({
      TableName: TABLE,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );

  function newToken(): string {
    const accessToken = randomBytes(24).toString('base64url');
    confidential.add(accessToken);
    return accessToken;
  }
  function rotateSecret(): void {
    clientSecret = randomBytes(24).toString('hex');
    confidential.add(clientSecret);
    secret = JSON.stringify({ client_id: 'gateway', client_secret: clientSecret });
  }
  async function items() {
    return (await client.send(new dynamodb.ScanCommand({ TableName: TABLE }))).Items ?? [];
  }
  rotateSecret();
  const environment = (changes: Record<string, string | undefined> = {}) => ({
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_ENDPOINT_URL_DYNAMODB: tableUrl,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.url.href,
    INTROSPECTION_ENDPOINT: authorizationServer.url.href,
    INTROSPECTION_TIMEOUT_SECONDS: '2',
    INTROSPECTION_ACCEPT: 'application/jwt',
    INTROSPECTION_PARAMETERS: '{}',
    INTROSPECTION_RESPONSE_MEMBER: undefined,
    INTROSPECTION_CLIENT_AUTHENTICATION: '{"method":"client_secret_basic"}',
    INTROSPECTION_CREDENTIALS_SECRET_ARN: SECRET_ARN,
    TOKEN_ISSUER: 'https://login.example.com/~',
    TOKEN_AUDIENCE: '["api.example.com"]',
    TOKEN_JWKS_URI: undefined,
    TOKEN_NOT_BEFORE_TOLERANCE_SECONDS: '60',
    TOKEN_SENDER_CONSTRAINT: undefined,
    TOKEN_CACHE_TABLE: TABLE,
    CACHE_MAX_TTL_SECONDS: '300',
    CACHE_INACTIVE_TTL_SECONDS: '10',
    CACHE_CONTROL: 'respect',
    // Not what is tested here: a machine under load must not look like a table that is slow.
    CACHE_TIMEOUT_MILLISECONDS: '1000',
    CACHE_COALESCE_INTROSPECTIONS: 'true',
    LOG_IDENTITIES: 'true',
    SCOPE_RULES: everyRouteRequires('read'),
    ...changes,
  });

  return {
    authorizationServer,
    secretsManager: manager,
    confidential,
    confidentialIn: (text) => [...confidential].filter((part) => text.includes(part)),
    rotateSecret,
    items,
    tableUrl,
    unknownToken: newToken,
    setSecret(text) {
      secret = text;
    },
    setSigningSecret(text) {
      signingSecret = text;
    },
    async issue(claims = {}, options = {}) {
      const accessToken = newToken();
      const { sign } = options.forged ? others : ours;
      const jwt = await sign({ exp: Math.floor(Date.now() / 1000) + 600, ...claims });
      for (const part of [jwt, ...jwt.split('.')]) confidential.add(part);
      known.set(accessToken, { ...options, accessToken, jwt });
      authorizationServer.answer(answer);
      return { accessToken, jwt };
    },
    holdIntrospections(wait) {
      hold = wait;
    },
    revoke: (accessToken) => void known.delete(accessToken),
    start: (changes) => composeFunction(environment(changes), new Logger()).handler,
    compose: (changes, how = composeFunction) => how(environment(changes), new Logger()),
    environment,
    async putItem(item) {
      await client.send(new dynamodb.PutItemCommand({ TableName: TABLE, Item: item }));
    },
    async emptyTable() {
      for (const { id } of await items()) {
        const key = { id: id ?? { S: '' } };
        await client.send(new dynamodb.DeleteItemCommand({ TableName: TABLE, Key: key }));
      }
    },
    async close() {
      client.destroy();
      await Promise.all([authorizationServer.close(), manager.close(), stopped(table)]);
    },
  };
}

export const bearer = (accessToken: string) => ({ authorization: `Bearer ${accessToken}` });

export interface RequestOptions {
  readonly authorization?: string | readonly string[];
  readonly method?: string;
  readonly resource?: string;
  readonly path?: string;
  /** Values of the header `DPoP`. */
  readonly proofs?: readonly string[];
  /** PEM of the client certificate. */
  readonly certificate?: string;
}

/** Calls the function as API Gateway does for one request. */
export function invoke(handle: Handler, options: RequestOptions = {}): Promise<Result> {
  const { authorization, method = 'GET', resource = '/{proxy+}', path = '/orders/1' } = options;
  const { proofs = [], certificate } = options;
  const values = [authorization ?? []].flat();
  const proofHeaders = proofs.length > 0 ? { DPoP: proofs } : {};
  const event = {
    type: 'REQUEST',
    methodArn: `${STAGE}/${method}${path}`,
    resource,
    path,
    httpMethod: method,
    headers: values.length > 0 ? { Authorization: values.at(-1), DPoP: proofs.at(-1) } : {},
    multiValueHeaders:
      values.length > 0 ? { Authorization: values, ...proofHeaders } : proofHeaders,
    pathParameters: {},
    queryStringParameters: {},
    multiValueQueryStringParameters: {},
    stageVariables: {},
    requestContext: {
      apiId: API,
      requestId: 'api-request',
      stage: 'prod',
      path: `/prod${path}`,
      identity: { clientCert: certificate ? { clientCertPem: certificate } : null },
    },
  } as unknown as APIGatewayRequestAuthorizerEvent;
  const context = {
    awsRequestId: 'function-request',
    functionName: 'authorizer',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:authorizer',
    memoryLimitInMB: '512',
  } as Context;
  return handle(event, context) as Promise<Result>;
}
