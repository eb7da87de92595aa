import { createApiServer } from '../../../../local/gateway/server';
import type { ResolvedTemplate } from '../../../../local/template/resolve';
import {
  httpAuthorizer,
  httpIntegration,
  httpRoute,
  httpStage,
  httpTemplate,
  lambdaIntegration,
  protectedBy,
} from '../support/http-template';
import { request, serve } from '../support/servers';

const proxied = (
  mapping = {},
  integration = {},
  more = {},
  uri = 'http://127.0.0.1:1/{proxy}',
) => ({
  Proxy: httpIntegration(uri, mapping, integration),
  Route: httpRoute('ANY /{proxy+}', 'Proxy', more),
});
const mapped = (key: string, value = 'x') => proxied({ [key]: value });

const create = (template: ResolvedTemplate, logicalId?: string) =>
  createApiServer({
    template,
    invoke: async () => ({ payload: {} }),
    ...(logicalId && { logicalId }),
  });

describe('unsupported templates of HTTP APIs', () => {
  it.each([
    ['a JWT authorizer', {}, { AuthorizationType: 'JWT' }, 'Route: AuthorizationType JWT', 501],
    ['IAM', {}, { AuthorizationType: 'AWS_IAM' }, 'Route: AuthorizationType AWS_IAM', 501],
    [
      'a VPC link',
      { ConnectionType: 'VPC_LINK' },
      protectedBy,
      'Proxy: ConnectionType VPC_LINK',
      401,
    ],
    [
      'a service integration',
      { IntegrationSubtype: 'SQS-SendMessage' },
      protectedBy,
      'Proxy: IntegrationSubtype SQS-SendMessage',
      401,
    ],
  ])(
    'a route with %s gives 501, after its authorizer if that is supported',
    async (_, integration, more, part, withoutToken) => {
      const template = httpTemplate({
        ...proxied({}, integration, { ...more, AuthorizerId: { Ref: 'Authorizer' } }),
        Authorizer: httpAuthorizer({ AuthorizerResultTtlInSeconds: 0 }),
      });
      const allow = async () => ({ payload: { isAuthorized: true } });
      const { url } = await serve({ template, invoke: allow });
      expect((await request(url, '/a')).status).toBe(withoutToken);
      expect(await request(url, '/a', { headers: ['Authorization', 'x'] })).toMatchObject({
        status: 501,
        body: JSON.stringify({ message: `${part} is not supported in local mode` }),
      });
    },
  );

  it('an HTTP API serves its first stage unless another one is named', () => {
    const template = httpTemplate({ ...proxied(), Other: httpStage({ StageName: 'v2' }) });
    const stageOf = (name?: string) =>
      createApiServer({ template, invoke: async () => ({ payload: {} }), stage: name }).stage;
    expect([stageOf(), stageOf('v2')]).toEqual(['$default', 'v2']);
    expect(() => stageOf('v3')).toThrow('Api must have the stage v3, found: $default, v2');
  });

  it('a supported template of an HTTP API is served', () => {
    expect(() => create(httpTemplate(proxied({}, {}, protectedBy)))).not.toThrow();
  });

  it.each([
    ['a WebSocket API', {}, 'Api.*"WEBSOCKET" is not supported', { ProtocolType: 'WEBSOCKET' }],
    ['an imported definition', {}, 'Body', { Body: {} }],
    ['quick create', {}, 'Target', { Target: 'https://x' }],
    [
      'credentials for every origin',
      {},
      'AllowCredentials',
      { CorsConfiguration: { AllowOrigins: ['*'], AllowCredentials: true } },
    ],
  ])('the error for an HTTP API with %s names the property', (_, extra, named, properties) => {
    expect(() => create(httpTemplate(extra, properties))).toThrow(new RegExp(named));
  });

  it.each([
    ['a client certificate', { Stage: httpStage({ ClientCertificateId: 'x' }) }, 'ClientCertif'],
    [
      'an authorizer without payload format',
      { Authorizer: httpAuthorizer({ AuthorizerPayloadFormatVersion: undefined }) },
      'AuthorizerPayloadFormatVersion',
    ],
    [
      'an authorizer without a TTL',
      { Authorizer: httpAuthorizer({ AuthorizerResultTtlInSeconds: undefined }) },
      'AuthorizerResultTtlInSeconds: must be set',
    ],
    [
      'a TTL over an hour',
      { Authorizer: httpAuthorizer({ AuthorizerResultTtlInSeconds: 3601 }) },
      'AuthorizerResultTtlInSeconds',
    ],
    [
      'simple responses in format 1.0',
      { Authorizer: httpAuthorizer({ AuthorizerPayloadFormatVersion: '1.0' }) },
      'EnableSimpleResponses with payload format 1.0',
    ],
    [
      'a cache without identity',
      { Authorizer: httpAuthorizer({ IdentitySource: [] }) },
      'IdentitySource must not be empty',
    ],
    [
      'a path parameter as identity source',
      { Authorizer: httpAuthorizer({ IdentitySource: ['$request.path.id'] }) },
      '\\$request.path.id is not an identity source',
    ],
    [
      'an identity source in the syntax of REST APIs',
      { Authorizer: httpAuthorizer({ IdentitySource: ['method.request.header.A'] }) },
      'method.request.header.A',
    ],
    [
      'an identity source without a local value',
      {
        Authorizer: httpAuthorizer({ IdentitySource: ['$context.identity.clientCert.subjectDN'] }),
      },
      '\\$context.identity.clientCert.subjectDN',
    ],
    [
      'an authorizer that assumes a role',
      { Authorizer: httpAuthorizer({ AuthorizerCredentialsArn: 'x' }) },
      'AuthorizerCredentialsArn',
    ],
    ['scopes', proxied({}, {}, { AuthorizationScopes: ['x'] }), 'AuthorizationScopes'],
    [
      'an authorizer of another API',
      proxied({}, {}, { ...protectedBy, AuthorizerId: 'x' }),
      'Route: AuthorizerId must name',
    ],
    [
      'an integration of another API',
      proxied({}, {}, { Target: 'integrations/x' }),
      'Route: Target must name',
    ],
    ['more than 30 s', proxied({}, { TimeoutInMillis: 30_001 }), 'TimeoutInMillis'],
    [
      'a placeholder of another route',
      proxied({}, {}, {}, 'http://x/{id}'),
      '{id} of IntegrationUri is not a variable of ANY /{proxy\\+}',
    ],
  ])('the error for a resource of an HTTP API with %s names it', (_, extra, named) => {
    expect(() => create(httpTemplate(extra))).toThrow(new RegExp(named));
  });

  it.each([
    ['another type of integration', proxied({}, { IntegrationType: 'MOCK' }), '"MOCK"'],
    ['response parameters', proxied({}, { ResponseParameters: {} }), 'ResponseParameters'],
    ['a URI of another scheme', proxied({}, {}, {}, 'ftp://x/'), 'IntegrationUri ftp://x/'],
    [
      'parameters for a function',
      {
        Lambda: lambdaIntegration('2.0', { RequestParameters: { 'overwrite:path': '/' } }),
        Route: httpRoute('GET /', 'Lambda'),
      },
      'parameter mapping to a function',
    ],
    ['an unknown action', mapped('replace:header.x'), 'parameter mapping replace:header.x'],
    ['a path to append to', mapped('append:path'), 'parameter mapping append:path'],
    ['a header without a name', mapped('overwrite:header'), 'parameter mapping overwrite:header'],
    ['a body mapping', mapped('overwrite:header.a', '$request.body.a'), 'request.body.a'],
    ['an unknown variable', mapped('overwrite:header.a', '$context.nothing'), 'context.nothing'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of API Gateway
    ['text and variable', mapped('overwrite:header.a', 'Bearer ${context.stage}'), 'Bearer'],
  ])('a route with %s gives 501 with its name, and does not stop the others', (_, extra, named) => {
    const open = {
      Open: httpRoute('GET /open', 'Upstream'),
      Upstream: httpIntegration('http://127.0.0.1:1/'),
    };
    const { routes } = create(httpTemplate({ ...extra, ...open }));
    expect(routes.map(({ target }) => target)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(new RegExp(`^501: .*${named}`)),
        'http://127.0.0.1:1/',
      ]),
    );
  });

  it.each([
    'Authorization',
    'authorization',
    'Access-Control-Allow-Origin',
    'apigw-requestid',
    'Connection',
    'Content-Length',
    'Forwarded',
    'Origin',
    'Via',
    'x-amz-date',
    'X-Amzn-Trace-Id',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Forwarded-Proto',
  ])('a mapping of the reserved header %s is rejected', (name) => {
    for (const action of ['append', 'overwrite', 'remove']) {
      expect(() => create(httpTemplate(mapped(`${action}:header.${name}`)))).toThrow(
        `${action}:header.${name} maps a header that API Gateway reserves`,
      );
    }
  });

  it.each(['X-Access-Token', 'x-forwarded-authorization', 'DPoP', 'x-phantom-token', 'Host'])(
    'a mapping of the header %s is accepted',
    (name) => {
      expect(() => create(httpTemplate(mapped(`overwrite:header.${name}`)))).not.toThrow();
    },
  );

  it('a logical id selects one of several APIs of both kinds', () => {
    const template = httpTemplate({
      ...proxied(),
      Rest: { Type: 'AWS::ApiGateway::RestApi', Properties: {} },
    });
    expect(() => create(template)).toThrow('exactly one API, found: Api, Rest');
    expect(() => create(template, 'Api')).not.toThrow();
    expect(() => create(template, 'Proxy')).toThrow('exactly one API Proxy, found: none');
  });
});
