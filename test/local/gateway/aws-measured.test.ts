import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ApiServer, createApiServer } from '../../../local/gateway/server';
import {
  httpAuthorizer,
  httpIntegration,
  httpRoute,
  httpStage,
  httpTemplate,
  lambdaIntegration,
  protectedBy,
  upstreamPermission,
} from './support/http-template';
import { headerNames, type RawResponse, request, type SeenRequest } from './support/servers';
import {
  apiTemplate,
  authorized,
  authorizer,
  declaresProxy,
  gatewayResponse,
  method,
  mock,
  proxyTo,
  resource,
  stage,
} from './support/template';

/**
 * Behaviors of API Gateway that were recorded on AWS, or that AWS documents, with their sources. Each is
 * one request to the local gateway.
 *
 * - LS: localstack/localstack, `tests/aws/services/apigateway/*.snapshot.json`, recorded on AWS
 * - VK: hotsock/voker, `vokerhttp/testdata`, captured on AWS
 * - SAM: aws/serverless-application-model, `integration/combination/test_api_with_authorizers.py`
 * - SLS: serverless/serverless, `test/integration/aws/{http-api,api-gateway}.test.js`
 * - DT: DefinitelyTyped/DefinitelyTyped#69823, a program and its output on AWS
 * - MS: ministackorg/ministack; FL: floci-io/floci: reports of measurements
 * - SUMO: SumoLogic/sumologic-documentation, `docs/integrations/amazon-aws/api-gateway.md`, a line of an access log
 * - DOC: the developer guide of API Gateway
 */
type Row = readonly [behavior: string, source: string, sent: Sent, expected: Expected];

interface Sent {
  /** The API, or a REST API with a `DEFAULT_4XX` of status 418. */
  readonly api: 'REST' | 'DEFAULT_4XX' | 'HTTP';
  /** Method and path. */
  readonly line: string;
  readonly headers?: readonly string[];
  readonly body?: string;
  /** Response of the function, or of the upstream. Default: an empty 200. */
  readonly responds?: object | string;
}

interface Expected {
  readonly status?: number;
  readonly headers?: object;
  readonly body?: string;
  /** Members of the event that the function receives. */
  readonly event?: object;
  /** Target and headers of the request that the upstream receives. */
  readonly upstream?: { readonly target?: string; readonly headers?: object };
  /** Number of calls of the authorizer. */
  readonly authorizerCalls?: number;
  /** Line of the access log, in {@link ACCESS_LOG_FORMAT}. */
  readonly accessLog?: unknown;
}

/** Access log with the variables that do not come from the authorizer's context. */
const ACCESS_LOG_FORMAT =
  'authorizer status $context.authorizer.status, latency $context.authorizer.latency';
const AccessLog = { DestinationArn: 'arn:aws:logs:::x', Format: ACCESS_LOG_FORMAT };
/** AWS documents the variables, but no values: those of local mode are its own. */
const LOGGED_CALL = expect.stringMatching(/^authorizer status 200, latency \d+$/);

const rest = (line: string, more: Omit<Sent, 'api' | 'line'> = {}): Sent => ({
  api: 'REST',
  line,
  ...more,
});
const httpApi = (line: string, more: Omit<Sent, 'api' | 'line'> = {}): Sent => ({
  api: 'HTTP',
  line,
  ...more,
});
const token = (result: object) => ['Authorization', JSON.stringify(result)];
const policy = (Effect: string, more: object = {}) => ({
  principalId: 'alice',
  policyDocument: { Statement: [{ Effect, Action: 'execute-api:Invoke', Resource: '*' }] },
  ...more,
});
const answers = (responds: object | string) => rest('GET /lambda/x', { responds });
const posts = (contentType?: string) =>
  httpApi('POST /lambda/x', {
    headers: contentType === undefined ? [] : ['Content-Type', contentType],
    body: 'text',
  });
const internalServerError = { status: 502, body: '{"message":"Internal server error"}' };
const base64 = { isBase64Encoded: true, body: 'dGV4dA==' };
const text = { isBase64Encoded: false, body: 'text' };

/** Responses of a function behind a REST API. */
const PROXY_RESPONSES: readonly Row[] = [
  ['member AWS does not know', 'LS', answers({ statusCode: 200, wrong: 1 }), internalServerError],
  ['cookies of 2.0', 'LS, by the same rule', answers({ cookies: ['a=1'] }), internalServerError],
  ['no statusCode', 'LS', answers({ headers: { a: 'b' } }), { status: 200, headers: { a: 'b' } }],
  ['empty response', 'LS', answers({}), { status: 200 }],
  ['status as text', 'LS', answers({ statusCode: '201' }), { status: 201 }],
  ['headers null', 'LS', answers({ headers: null }), { status: 200 }],
  ['boolean header', 'LS', answers({ headers: { a: true } }), { headers: { a: 'true' } }],
  ['bad status', 'LS', answers({ statusCode: 'x' }), internalServerError],
  ['bare text', 'LS', answers('text'), internalServerError],
  ['bad multiValueHeaders', 'LS', answers({ multiValueHeaders: { a: 'b' } }), internalServerError],
  [
    'one name in both header members',
    'LS',
    answers({ headers: { 'x-A': '2' }, multiValueHeaders: { 'X-a': ['1', '1b'] } }),
    { headers: { 'x-a': '1, 1b, 2' } },
  ],
  [
    'base64 without a binary media type',
    'LS, MS',
    answers({ body: 'YQ==', isBase64Encoded: true }),
    { body: 'YQ==' },
  ],
];

/** Variables of access logs. */
const ACCESS_LOGS: readonly Row[] = [
  [
    'status and latency of a method without an authorizer',
    'SUMO',
    rest('GET /mock'),
    { accessLog: 'authorizer status -, latency -' },
  ],
  [
    'status and latency of the authorizer of a REST API',
    'DOC api-gateway-variables-for-access-logging.html',
    rest('GET /uncached', { headers: token(policy('Allow')) }),
    { status: 200, accessLog: LOGGED_CALL },
  ],
  [
    'status and latency of the authorizer of an HTTP API',
    'DOC http-api-logging-variables.html',
    httpApi('GET /protected', { headers: token({ isAuthorized: true }) }),
    { status: 200, accessLog: LOGGED_CALL },
  ],
];

/** Paths and routes of REST APIs. */
const REST_PATHS: readonly Row[] = [
  [
    'trailing slash of {proxy+}',
    'LS',
    rest('GET /lambda/proxy-value/'),
    {
      event: {
        path: '/lambda/proxy-value/',
        pathParameters: { proxy: 'proxy-value' },
        requestContext: { path: '/v1/lambda/proxy-value/' },
      },
    },
  ],
  [
    'trailing slash of {proxy+} at the upstream',
    'LS, hanezu.net/posts/Deploy-Django-REST-Framework-project-using-API-Gateway.html',
    rest('GET /orders/'),
    { upstream: { target: '/orders' } },
  ],
  ['leading slashes, static', 'LS', rest('GET //mock'), { status: 200, body: 'mock' }],
  [
    'leading slashes, {proxy+}',
    'LS',
    rest('GET //lambda/proxy-value'),
    {
      event: {
        path: '/lambda/proxy-value',
        pathParameters: { proxy: 'proxy-value' },
        requestContext: { path: '/v1//lambda/proxy-value' },
      },
    },
  ],
  [
    'inner slashes',
    'LS',
    rest('GET /lambda/a//b'),
    { event: { pathParameters: { proxy: 'a//b' } } },
  ],
  [
    '%XX in path parameters',
    'LS, VK',
    rest('GET /lambda/test%2Balias@gmail.com/%20'),
    { event: { pathParameters: { proxy: 'test%2Balias@gmail.com/%20' } } },
  ],
  [
    'query in events',
    'LS, VK',
    rest('GET /lambda/x?a=1+2%2B&a=3&b='),
    {
      event: {
        queryStringParameters: { a: '3', b: '' },
        multiValueQueryStringParameters: { a: ['1 2+', '3'], b: [''] },
      },
    },
  ],
  [
    '%2F of the query at the upstream',
    'LS, ustayready/fireprox#44',
    rest('GET /orders?next=%2Fhome'),
    { upstream: { target: '/orders?next=/home' } },
  ],
  ['trailing slash of a static route', 'LS', rest('GET /mock/'), { body: 'mock' }],
  [
    'no route for the method',
    'LS',
    rest('POST /mock'),
    {
      status: 403,
      body: '{"message":"Missing Authentication Token"}',
      headers: { 'x-amzn-errortype': 'MissingAuthenticationTokenException' },
    },
  ],
  ['ANY and TRACE', 'DOC, LS', rest('TRACE /lambda/x'), { status: 403 }],
];

/** Headers of REST APIs. */
const REST_HEADERS: readonly Row[] = [
  [
    'headers that events do not have',
    'LS',
    rest('GET /lambda/x', {
      headers: [
        ...['Content-MD5', 'Max-Forwards', 'Proxy-Authenticate', 'Server', 'TE'],
        'WWW-Authenticate',
      ].flatMap((name) => [name, '1']),
    }),
    {
      event: {
        headers: expect.not.objectContaining({ 'Content-MD5': '1' }),
        multiValueHeaders: expect.not.objectContaining({ TE: ['1'] }),
      },
    },
  ],
  [
    'headers that events keep',
    'LS',
    rest('GET /lambda/x', { headers: ['Content-Encoding', 'x', 'Via', 'y', 'Range', 'z'] }),
    { event: { headers: { 'Content-Encoding': 'x', Via: 'y', Range: 'z' } } },
  ],
  [
    'mapping to Authorization',
    'LS',
    rest('GET /protected/x', {
      headers: token(policy('Allow', { context: { authorization: 'Bearer jwt' } })),
    }),
    { upstream: { headers: { authorization: ['Bearer jwt'] } } },
  ],
  [
    'mapped headers that are dropped',
    'LS',
    rest('GET /orders'),
    {
      status: 200,
      upstream: { headers: { via: [], te: [], expect: [], connection: ['keep-alive'] } },
    },
  ],
  [
    'X-Amzn-Apigateway-Api-Id at the upstream',
    'LS, ustayready/fireprox#32',
    rest('GET /orders', { headers: ['x-amzn-apigateway-api-id', 'forged'] }),
    {
      upstream: { headers: { 'x-amzn-apigateway-api-id': [expect.stringMatching(/^\w{10}$/)] } },
    },
  ],
  [
    'headers of an upstream that are remapped',
    'LS',
    rest('GET /orders', {
      responds: { headers: { 'x-amzn-RequestId': 'own', 'Content-Length': '2', Server: 'me' } },
    }),
    {
      headers: {
        'x-amzn-remapped-x-amzn-requestid': 'own',
        'x-amzn-remapped-content-length': '2',
        'x-amzn-remapped-server': 'me',
        'x-amzn-requestid': expect.stringMatching(/^[\da-f-]{36}$/),
      },
    },
  ],
  [
    'x-amz-apigw-id',
    'LS',
    rest('GET /mock'),
    { headers: { 'x-amz-apigw-id': expect.any(String) } },
  ],
];

/** Authorizers of REST APIs, and gateway responses. */
const REST_AUTHORIZERS: readonly Row[] = [
  [
    'identity source missing, caching on',
    'SAM, SLS',
    rest('GET /protected/x'),
    { status: 401, body: '{"message":"Unauthorized"}', authorizerCalls: 0 },
  ],
  [
    'identity source missing, caching off',
    'SAM',
    rest('GET /uncached'),
    { status: 401, authorizerCalls: 0 },
  ],
  [
    'thrown Unauthorized',
    'SLS, SAM',
    rest('GET /uncached', { headers: ['Authorization', 'throw Unauthorized'] }),
    { status: 401, authorizerCalls: 1 },
  ],
  [
    'another thrown error',
    'auth0-samples/jwt-rsa-aws-custom-authorizer#6',
    rest('GET /uncached', { headers: ['Authorization', 'throw something else'] }),
    {
      body: '{"message":null}',
      headers: { 'x-amzn-errortype': 'AuthorizerConfigurationException' },
    },
  ],
  [
    'null, numbers and booleans in the context',
    'DT',
    rest('GET /uncached', {
      headers: token(
        policy('Allow', { context: { none: null, number: 123, yes: true, no: false } }),
      ),
    }),
    {
      event: {
        requestContext: { authorizer: { none: null, number: '123', yes: 'true', no: 'false' } },
      },
    },
  ],
  [
    'array in the context',
    'dherault/serverless-offline#1376',
    rest('GET /uncached', { headers: token(policy('Allow', { context: { list: [] } })) }),
    { headers: { 'x-amzn-errortype': 'AuthorizerConfigurationException' } },
  ],
  [
    'explicit Deny',
    'dev.to/marcogrcr',
    rest('GET /uncached', { headers: token(policy('Deny')) }),
    {
      body: '{"Message":"User is not authorized to access this resource with an explicit deny"}',
      headers: { 'x-amzn-errortype': 'AccessDeniedException' },
    },
  ],
  [
    'own gateway response without a status, DEFAULT_4XX with one',
    'LS',
    { api: 'DEFAULT_4XX', line: 'GET /uncached', headers: token(policy('Deny')) },
    { status: 403, headers: { 'x-own': 'denied' } },
  ],
  [
    'no own gateway response, DEFAULT_4XX with a status',
    'LS',
    { api: 'DEFAULT_4XX', line: 'POST /mock' },
    { status: 418 },
  ],
];

/** Mocks of REST APIs. */
const MOCKS: readonly Row[] = [
  [
    'mock with another media type, NEVER',
    'DOC',
    rest('GET /never', { headers: ['Content-Type', 'a/b'] }),
    { status: 415 },
  ],
  [
    'mock with another media type, WHEN_NO_MATCH',
    'DOC, LS',
    rest('PUT /mock', { headers: ['Content-Type', 'a/b'], body: '{"statusCode": 200}' }),
    { status: 200, body: 'mock' },
  ],
  [
    'mock with a body that sets no status, WHEN_NO_MATCH',
    'DOC, LS',
    rest('PUT /mock', { headers: ['Content-Type', 'a/b'], body: 'text' }),
    { status: 500 },
  ],
  ['mock without a template', 'DOC', rest('GET /untemplated'), { status: 500 }],
];

/** Paths of HTTP APIs. */
const HTTP_PATHS: readonly Row[] = [
  ...(
    [
      ['plain', 'plain'],
      ['space%20value', 'space value'],
      ['question%3Fvalue', 'question'],
      ['hash%23value', 'hash#value'],
      ['slash%2Fvalue', 'slash/value'],
      ['unicode-%CE%BB', 'unicode-λ'],
      ['literal%252Fvalue', 'literal/value'],
      ['literal%253Fvalue', 'literal?value'],
      ['literal%2525value', 'literal%value'],
    ] as const
  ).map(([sent, rawPath]): Row => {
    const event = { rawPath: `/lambda/${rawPath}` };
    return [`path ${sent}`, 'VK', httpApi(`GET /lambda/${sent}`), { event }];
  }),
  ['path percent%25done', 'VK', httpApi('GET /lambda/percent%25done'), { status: 400 }],
  ['unknown route', 'SLS', httpApi('GET /none'), { status: 404, body: '{"message":"Not Found"}' }],
  [
    'trailing slash of a static route',
    'aws-powertools/powertools-lambda-python#1552',
    httpApi('GET /static/'),
    { event: { rawPath: '/static/' } },
  ],
];

/** Events, authorizers and upstreams of HTTP APIs. */
const HTTP_APIS: readonly Row[] = [
  [
    'cookies',
    'VK',
    httpApi('GET /lambda/x', { headers: ['Cookie', 'a=1; b=2', 'X-A', 'b'] }),
    {
      event: {
        cookies: ['a=1', 'b=2'],
        headers: expect.not.objectContaining({ cookie: expect.anything() }),
      },
    },
  ],
  [
    'repeated query parameters',
    'VK',
    httpApi('GET /lambda/x?a=1&a=2'),
    { event: { rawQueryString: 'a=1&a=2', queryStringParameters: { a: '1,2' } } },
  ],
  ['body without a media type', 'MS, FL', posts(), { event: base64 }],
  ['body in ISO 8859-1', 'MS, FL', posts('text/plain; charset=iso-8859-1'), { event: base64 }],
  ['body of a kind of JSON', 'MS', posts('application/problem+json'), { event: base64 }],
  ['body of a form', 'MS, FL', posts('application/x-www-form-urlencoded'), { event: base64 }],
  ['body in UTF-8', 'FL', posts('TEXT/PLAIN; CHARSET=UTF-8'), { event: text }],
  ['body of JSON', 'MS, FL', posts('application/json'), { event: text }],
  ['body of GraphQL', 'FL', posts('application/graphql'), { event: text }],
  [
    'identity source missing',
    'DOC, aws/aws-cdk integ.lambda.ts',
    httpApi('GET /protected'),
    { status: 401, authorizerCalls: 0 },
  ],
  [
    'isAuthorized false',
    'SLS',
    httpApi('GET /protected', { headers: token({ isAuthorized: false }) }),
    { status: 403, body: '{"message":"Forbidden"}' },
  ],
  [
    'Forwarded and Via at the upstream',
    'captured requests in public logs',
    httpApi('GET /upstream/x', { headers: ['X-Forwarded-For', '192.0.2.1'] }),
    {
      upstream: {
        headers: {
          forwarded: [
            expect.stringMatching(/^for=192\.0\.2\.1,by=\S+;for=\S+;host=\S+;proto=http$/),
          ],
          via: ['HTTP/1.1 AmazonAPIGateway'],
        },
      },
    },
  ],
  [
    'lists of a CORS configuration',
    'SLS',
    httpApi('OPTIONS /static', {
      headers: ['Origin', 'https://a.example', 'Access-Control-Request-Method', 'GET'],
    }),
    { status: 204, headers: { 'access-control-allow-headers': 'x-foo' } },
  ],
];

let upstream: http.Server;
const seen: SeenRequest[] = [];
const events: unknown[] = [];
const logged: string[] = [];
let authorizerCalls = 0;
let responds: object | string = {};
const gateways = new Map<Sent['api'], { readonly server: ApiServer; readonly url: URL }>();

beforeAll(async () => {
  upstream = http.createServer((message, response) => {
    const { method, url: target, rawHeaders: headers } = message;
    seen.push({ method, target, headers, body: Buffer.alloc(0) });
    const { headers: own = {} } = responds as { headers?: Record<string, string> };
    response.writeHead(200, own).end('{}');
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
  await start('REST', restTemplate(url));
  await start('DEFAULT_4XX', restTemplate(url, customResponses));
  await start('HTTP', httpApiTemplate(url));
});

afterAll(async () => {
  await Promise.all([...gateways.values()].map(({ server }) => server.close()));
  upstream.closeAllConnections();
  await new Promise((resolve) => upstream.close(resolve));
});

describe.each([
  ['response of a function', PROXY_RESPONSES],
  ['path of a REST API', REST_PATHS],
  ['headers of a REST API', REST_HEADERS],
  ['authorizer of a REST API', REST_AUTHORIZERS],
  ['mock of a REST API', MOCKS],
  ['path of an HTTP API', HTTP_PATHS],
  ['HTTP API', HTTP_APIS],
  ['access log', ACCESS_LOGS],
])('as recorded on AWS: %s', (_group, rows) => {
  it.each(rows)('as recorded on AWS: %s (%s)', async (_behavior, _source, sent, expected) => {
    expect(await send(sent)).toMatchObject(expected);
  });
});

async function start(api: Sent['api'], template: ReturnType<typeof apiTemplate>): Promise<void> {
  const server = createApiServer({ template, invoke, log: (line) => logged.push(line) });
  gateways.set(api, { server, url: await server.listen(0) });
}

async function send({ api, line, headers = [], body, responds: response = {} }: Sent) {
  responds = response;
  seen.length = 0;
  events.length = 0;
  logged.length = 0;
  authorizerCalls = 0;
  const [httpMethod = '', path = ''] = line.split(' ');
  const { url } = gateways.get(api) as { readonly url: URL };
  const options = { method: httpMethod, headers, ...(body !== undefined && { body }) };
  const answer: RawResponse = await request(url, path, options);
  const [call] = seen;
  const names = new Set(['via', 'te', 'expect', ...headerNames(call).map((n) => n.toLowerCase())]);
  const values = (name: string) =>
    (call?.headers ?? []).filter((_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase() === name);
  return {
    ...answer,
    event: events[0],
    upstream: {
      target: call?.target,
      headers: Object.fromEntries([...names].map((name) => [name, values(name)])),
    },
    authorizerCalls,
    accessLog: logged.find((it) => it.startsWith('authorizer status')),
  };
}

/** Functions of both APIs: an authorizer that returns or throws its token, and an upstream. */
async function invoke(arn: string, event: unknown) {
  if (!arn.endsWith(':authorizer')) {
    events.push(event);
    return { payload: responds };
  }
  authorizerCalls += 1;
  const { headers } = event as { headers: Record<string, string> };
  const credential = headers['Authorization'] ?? headers['authorization'] ?? '';
  return credential.startsWith('throw ')
    ? { error: { errorType: 'Error', errorMessage: credential.slice('throw '.length) } }
    : { payload: JSON.parse(credential) };
}

function restTemplate(url: URL, responses: Parameters<typeof apiTemplate>[0] = {}) {
  const lambda = {
    Type: 'AWS_PROXY',
    IntegrationHttpMethod: 'POST',
    Uri: {
      'Fn::Join': [
        '',
        [
          'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/',
          { 'Fn::GetAtt': ['Upstream', 'Arn'] },
          '/invocations',
        ],
      ],
    },
  };
  const dropped = ['Via', 'TE', 'Expect', 'Proxy-Authenticate', 'Connection'];
  const mapped = dropped.map((name) => [`integration.request.header.${name}`, "'mapped'"]);
  const authorization = {
    'integration.request.header.Authorization': 'context.authorizer.authorization',
  };
  return apiTemplate({
    Stage: stage({ AccessLogSetting: AccessLog }),
    Upstream: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'upstream' } },
    UpstreamPermission: upstreamPermission('/v1/*/*'),
    Uncached: authorizer({ Name: 'uncached', AuthorizerResultTtlInSeconds: 0 }),
    UncachedPermission: upstreamPermission('/authorizers/*', 'Function'),
    Proxy: resource('{proxy+}'),
    ProxyGet: method('Proxy', 'GET', proxyTo(url, Object.fromEntries(mapped)), declaresProxy),
    Mock: resource('mock'),
    MockGet: method('Mock', 'GET', mock('mock')),
    MockPut: method('Mock', 'PUT', mock('mock')),
    Never: resource('never'),
    NeverGet: method('Never', 'GET', { ...mock('never'), PassthroughBehavior: 'NEVER' }),
    Untemplated: resource('untemplated'),
    UntemplatedGet: method('Untemplated', 'GET', { Type: 'MOCK' }),
    Lambda: resource('lambda'),
    LambdaProxy: resource('{proxy+}', 'Lambda'),
    LambdaAny: method('LambdaProxy', 'ANY', lambda),
    Protected: resource('protected'),
    ProtectedProxy: resource('{proxy+}', 'Protected'),
    ProtectedAny: method('ProtectedProxy', 'ANY', proxyTo(url, authorization), {
      ...declaresProxy,
      ...authorized,
    }),
    UncachedResource: resource('uncached'),
    UncachedGet: method('UncachedResource', 'GET', lambda, {
      AuthorizationType: 'CUSTOM',
      AuthorizerId: { Ref: 'Uncached' },
    }),
    ...responses,
  });
}

const customResponses = {
  Default: gatewayResponse('DEFAULT_4XX', { StatusCode: '418' }),
  Denied: gatewayResponse('ACCESS_DENIED', {
    ResponseParameters: { 'gatewayresponse.header.X-Own': "'denied'" },
  }),
};

function httpApiTemplate(url: URL) {
  return httpTemplate(
    {
      Stage: httpStage({ AccessLogSettings: AccessLog }),
      Lambda: lambdaIntegration('2.0'),
      UpstreamPermission: upstreamPermission(),
      LambdaRoute: httpRoute('ANY /lambda/{proxy+}', 'Lambda'),
      StaticRoute: httpRoute('GET /static', 'Lambda'),
      ProtectedRoute: httpRoute('GET /protected', 'Lambda', protectedBy),
      Authorizer: httpAuthorizer({ AuthorizerResultTtlInSeconds: 0 }),
      Proxy: httpIntegration(`${url.origin}/{proxy}`),
      ProxyRoute: httpRoute('ANY /upstream/{proxy+}', 'Proxy'),
    },
    { CorsConfiguration: { AllowOrigins: ['https://a.example'], AllowHeaders: ['X-Foo'] } },
  );
}
