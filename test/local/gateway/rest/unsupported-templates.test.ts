import { createApiServer } from '../../../../local/gateway/server';
import type { ResolvedTemplate } from '../../../../local/template/resolve';
import { result } from '../support/authorizer';
import { request, serve } from '../support/servers';
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
} from '../support/template';

const upstream = new URL('http://127.0.0.1:1');
const proxied = (mappings = {}, integration = {}, more = {}) => ({
  Proxy: resource('{proxy+}'),
  ProxyAny: method('Proxy', 'ANY', proxyTo(upstream, mappings, integration), {
    ...declaresProxy,
    ...more,
  }),
});

/** API with a resource policy: statements, or changes of one that lets everyone call every method. */
const withPolicy = (statement: object) => ({
  Api: {
    Type: 'AWS::ApiGateway::RestApi',
    Properties: {
      Policy: {
        Version: '2012-10-17',
        Statement: Array.isArray(statement)
          ? statement
          : {
              Effect: 'Allow',
              Principal: { AWS: '*' },
              Action: 'execute-api:Invoke',
              Resource: 'execute-api:/*/*/*',
              ...statement,
            },
      },
    },
  },
});

const create = (template: ResolvedTemplate, logicalId?: string) =>
  createApiServer({
    template,
    invoke: async () => ({ payload: {} }),
    ...(logicalId && { logicalId }),
  });

describe('unsupported templates of REST APIs', () => {
  it('a supported template of a REST API is served', () => {
    expect(() => create(apiTemplate(proxied()))).not.toThrow();
  });

  it('a REST API with a resource policy that lets everyone call every method is served', () => {
    expect(() => create(apiTemplate({ ...proxied(), ...withPolicy({}) }))).not.toThrow();
  });

  it.each([
    [
      'an authorizer of another API',
      proxied({}, {}, { ...authorized, AuthorizerId: 'x' }),
      'ProxyAny',
    ],
    ['an unmapped placeholder', proxied({}, { Uri: 'http://x/{proxy}/{id}' }), '{id} of Uri'],
    [
      'a mapping without a placeholder',
      proxied({}, { Uri: 'http://x/' }),
      'path.proxy is not part',
    ],
    [
      'an undeclared parameter',
      proxied({}, {}, { RequestParameters: {} }),
      'path.proxy is not among',
    ],
    ['a cache without identity', { Authorizer: authorizer({ IdentitySource: '' }) }, 'Authorizer'],
    [
      'a path parameter as identity source',
      { Authorizer: authorizer({ IdentitySource: 'method.request.path.id' }) },
      'method.request.path.id',
    ],
    [
      'an authorizer URI of another service',
      { Authorizer: authorizer({ AuthorizerUri: 'https://x' }) },
      'AuthorizerUri https://x',
    ],
    [
      'a TTL over an hour',
      { Authorizer: authorizer({ AuthorizerResultTtlInSeconds: 3601 }) },
      'Ttl',
    ],
    [
      'authorizer credentials',
      { Authorizer: authorizer({ AuthorizerCredentials: 'x' }) },
      'Credentials',
    ],
    ['an unknown response type', { R: gatewayResponse('TEAPOT', {}) }, 'R: ResponseType TEAPOT'],
    [
      'stage variables in a response template',
      { R: gatewayResponse('THROTTLED', { ResponseTemplates: { a: '$stageVariables.x' } }) },
      'R: \\$stageVariables.x in a response template',
    ],
    [
      'several response templates',
      { R: gatewayResponse('THROTTLED', { ResponseTemplates: { a: '', b: '' } }) },
      'several content types',
    ],
    [
      'a response parameter that is not a header',
      {
        R: gatewayResponse('THROTTLED', {
          ResponseParameters: { 'gatewayresponse.path.x': "'x'" },
        }),
      },
      'R: the response parameter gatewayresponse.path.x',
    ],
    ['a cache cluster', { Stage: stage({ CacheClusterEnabled: true }) }, 'response caching'],
    ['a canary', { Stage: stage({ CanarySetting: {} }) }, 'CanarySetting'],
    ['a resource policy that denies', withPolicy({ Effect: 'Deny' }), 'Policy.Statement'],
    ['a resource policy for an account', withPolicy({ Principal: { AWS: '1' } }), 'Policy'],
    ['a resource policy for a path', withPolicy({ Resource: 'execute-api:/*/GET/a' }), 'Policy'],
    ['a conditional resource policy', withPolicy({ Condition: {} }), 'Policy'],
    ['a resource policy without statements', withPolicy([]), 'Policy'],
  ])('the error for a REST API with %s names it', (_, extra, named) => {
    expect(() => create(apiTemplate(extra))).toThrow(new RegExp(named));
  });

  it.each([
    ['a request validator', proxied({}, {}, { RequestValidatorId: 'x' }), 'RequestValidatorId'],
    ['models', proxied({}, {}, { RequestModels: {} }), 'RequestModels'],
    ['another connection', proxied({}, { ConnectionType: 'TUNNEL' }), '"TUNNEL"'],
    ['content handling', proxied({}, { ContentHandling: 'CONVERT_TO_TEXT' }), 'ContentHandling'],
    ['a URI of another scheme', proxied({}, { Uri: 'ftp://x/{proxy}' }), 'Uri ftp://x/'],
    ['a URI with a query', proxied({}, { Uri: 'http://x/{proxy}?a=b' }), 'Uri http://x/'],
    [
      'a query string mapping',
      proxied({ 'integration.request.querystring.q': "'x'" }),
      'integration.request.querystring.q',
    ],
    [
      'a mapped framing header',
      proxied({ 'integration.request.header.Content-Length': "'1'" }),
      'header.Content-Length',
    ],
    [
      'a mapping that concatenates',
      proxied({ 'integration.request.header.A': "'Bearer ' + context.authorizer.jwt" }),
      "'Bearer ' \\+ context",
    ],
    [
      'a mapping of two literals',
      proxied({ 'integration.request.header.A': "'a' + 'b'" }),
      "'a' \\+ 'b'",
    ],
    [
      'a mapping from the body',
      proxied({ 'integration.request.header.A': 'integration.request.body' }),
      'integration.request.body',
    ],
    [
      'a mock with a computed status',
      {
        M: method('', 'GET', { ...mock(''), RequestTemplates: { 'application/json': '{"a":1}' } }),
      },
      'M: the request template {"a":1}',
    ],
    [
      'a mock that reads the body',
      { M: method('', 'GET', mock("$input.json('$')")) },
      'M: \\$input.json in a response template',
    ],
    [
      'a mock mapping from the request',
      {
        M: method('', 'GET', {
          ...mock(''),
          IntegrationResponses: [
            {
              StatusCode: 200,
              ResponseParameters: { 'method.response.header.A': 'context.stage' },
            },
          ],
        }),
      },
      'M: the mapping source context.stage',
    ],
    [
      'a mock with a body of another type',
      { M: method('', 'GET', { ...mock(''), RequestTemplates: { 'text/xml': '' } }) },
      'text/xml',
    ],
  ])(
    'a method with %s gives 501 with its name, and does not stop the others',
    (_, extra, named) => {
      const { routes } = create(apiTemplate({ ...extra, Open: method('', 'PUT', mock('open')) }));
      expect(routes.map(({ target }) => target)).toEqual(
        expect.arrayContaining([
          expect.stringMatching(new RegExp(`^501: .*${named}`)),
          'static response',
        ]),
      );
    },
  );

  it.each([
    ['IAM authorization', { AuthorizationType: 'AWS_IAM' }, {}, 'AuthorizationType AWS_IAM'],
    ['a TOKEN authorizer', authorized, { Type: 'TOKEN' }, 'an authorizer of type TOKEN'],
  ])(
    'a method with %s gives 501 and a log line, and is never public',
    async (_, more, properties, part) => {
      const template = apiTemplate({
        ...proxied({}, {}, more),
        Authorizer: authorizer(properties),
        Open: method('', 'GET', mock('open')),
      });
      const { url, log } = await serve({ template });
      const message = `ProxyAny: ${part} is not supported in local mode`;
      expect(await request(url, '/a')).toMatchObject({
        status: 501,
        body: JSON.stringify({ message }),
      });
      expect(log).toEqual([expect.stringContaining(message)]);
      expect((await request(url, '/')).status).toBe(200);
    },
  );

  it('a method with a service integration gives 501 after its authorizer', async () => {
    const template = apiTemplate(proxied({}, { Type: 'AWS' }, authorized));
    const { url, gateway } = await serve({ template, invoke: async () => result('Allow') });
    expect((await request(url, '/a')).status).toBe(401);
    expect((await request(url, '/a', { headers: ['Authorization', 'x'] })).status).toBe(501);
    expect(gateway.routes).toEqual([
      {
        route: 'ANY /{proxy+}',
        authorizer: 'authorizer',
        target: '501: ProxyAny: an integration of type AWS is not supported in local mode',
      },
    ]);
  });

  it('a REST API serves its first stage unless another one is named', () => {
    const template = apiTemplate({ ...proxied(), Other: stage({ StageName: 'v2' }) });
    const stageOf = (name?: string) =>
      createApiServer({ template, invoke: async () => ({ payload: {} }), stage: name }).stage;
    expect([stageOf(), stageOf('v2')]).toEqual(['v1', 'v2']);
    expect(() => stageOf('v3')).toThrow('Api must have the stage v3, found: v1, v2');
  });

  it('a logical id selects one of several REST APIs', () => {
    const template = apiTemplate({
      ...proxied(),
      Other: { Type: 'AWS::ApiGateway::RestApi', Properties: {} },
    });
    expect(() => create(template)).toThrow('exactly one API, found: Api, Other');
    expect(() => create(template, 'Api')).not.toThrow();
  });
});
