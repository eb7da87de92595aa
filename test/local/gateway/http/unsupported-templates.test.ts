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
    ['a second stage', { Other: httpStage({ StageName: 'v2' }) }, 'found: Stage, Other'],
    ['a client certificate', { Stage: httpStage({ ClientCertificateId: 'x' }) }, 'ClientCertif'],
    [
      'a JWT authorizer',
      { Authorizer: httpAuthorizer({ AuthorizerType: 'JWT' }) },
      'Authorizer.*"JWT"',
    ],
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
    ['IAM authorization', proxied({}, {}, { AuthorizationType: 'AWS_IAM' }), '"AWS_IAM"'],
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
    ['a VPC link', proxied({}, { ConnectionType: 'VPC_LINK' }), '"VPC_LINK"'],
    ['a service integration', proxied({}, { IntegrationSubtype: 'SQS-SendMessage' }), 'Subtype'],
    ['another type of integration', proxied({}, { IntegrationType: 'MOCK' }), '"MOCK"'],
    ['response parameters', proxied({}, { ResponseParameters: {} }), 'ResponseParameters'],
    ['more than 30 s', proxied({}, { TimeoutInMillis: 30_001 }), 'TimeoutInMillis'],
    ['a URI of another scheme', proxied({}, {}, {}, 'ftp://x/'), 'IntegrationUri ftp://x/'],
    [
      'a placeholder of another route',
      proxied({}, {}, {}, 'http://x/{id}'),
      '{id} of IntegrationUri is not a variable of ANY /{proxy\\+}',
    ],
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
  ])('the error for a resource of an HTTP API with %s names it', (_, extra, named) => {
    expect(() => create(httpTemplate(extra))).toThrow(new RegExp(named));
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
