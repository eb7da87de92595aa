import type { Invoke } from '../../../../local/gateway/integrations/lambda/invoke';
import { resolveTemplate } from '../../../../local/template/resolve';
import { serve, startUpstream } from './servers';
import { permission } from './template';

type Properties = Record<string, unknown>;
type Resources = Record<string, { Type: string; Properties: Properties }>;

const api = { ApiId: { Ref: 'Api' } };

/** Returns the template of an HTTP API with its default stage. `extra` adds or replaces resources. */
export function httpTemplate(extra: Resources, properties: Properties = {}) {
  const Resources: Resources = {
    Api: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: { Name: 'Api', ProtocolType: 'HTTP', ...properties },
    },
    Stage: httpStage(),
    Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'authorizer' } },
    Upstream: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'upstream' } },
    Permission: permission(),
    Authorizer: httpAuthorizer(),
    ...extra,
  };
  return resolveTemplate({ Resources }, { stackName: 'Stack' });
}

export function httpStage(properties: Properties = {}) {
  return {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ...api, StageName: '$default', AutoDeploy: true, ...properties },
  };
}

/** Returns an authorizer with payload format 2.0 and simple responses by default. */
export function httpAuthorizer(properties: Properties = {}) {
  return {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      ...api,
      Name: 'authorizer',
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      AuthorizerResultTtlInSeconds: 300,
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization'],
      AuthorizerUri: {
        'Fn::Join': [
          '',
          [
            'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/',
            { 'Fn::GetAtt': ['Function', 'Arn'] },
            '/invocations',
          ],
        ],
      },
      ...properties,
    },
  };
}

export const policyResponses = { EnableSimpleResponses: false };

export function httpRoute(RouteKey: string, integration: string, more: Properties = {}) {
  return {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ...api,
      RouteKey,
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: integration }]] },
      ...more,
    },
  };
}

/** Properties of a route with the authorizer. */
export const protectedBy = {
  AuthorizationType: 'CUSTOM',
  AuthorizerId: { Ref: 'Authorizer' },
};

export function httpIntegration(
  IntegrationUri: string,
  RequestParameters: Properties = {},
  more: Properties = {},
) {
  return {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ...api,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'ANY',
      IntegrationUri,
      PayloadFormatVersion: '1.0',
      RequestParameters,
      ...more,
    },
  };
}

export function lambdaIntegration(PayloadFormatVersion: string, more: Properties = {}) {
  return {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ...api,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { 'Fn::GetAtt': ['Upstream', 'Arn'] },
      PayloadFormatVersion,
      ...more,
    },
  };
}

/** Returns a permission for API Gateway to invoke the integrations' function for a part of the API. */
export function upstreamPermission(part = '/*/*', functionName = 'Upstream') {
  return {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': [functionName, 'Arn'] },
      Principal: 'apigateway.amazonaws.com',
      SourceArn: {
        'Fn::Join': ['', ['arn:aws:execute-api:us-east-1:000000000000:', { Ref: 'Api' }, part]],
      },
    },
  };
}

/** Serves the given routes, by default `ANY /{proxy+}`, with a loopback upstream. */
export async function serveHttpProxy({
  routes = { 'ANY /{proxy+}': {} } as Record<string, Properties>,
  uri = '/{proxy}',
  mapping = {},
  integration = {},
  extra = {} as Resources,
  properties = {},
  respond = undefined as Parameters<typeof startUpstream>[0],
  options = {},
} = {}) {
  const upstream = await startUpstream(respond);
  const template = httpTemplate(
    {
      Proxy: httpIntegration(`${upstream.url.origin}${uri}`, mapping, integration),
      ...Object.fromEntries(
        Object.entries(routes).map(([key, more], index) => [
          `Route${index}`,
          httpRoute(key, 'Proxy', more),
        ]),
      ),
      ...extra,
    },
    properties,
  );
  return { ...(await serve({ template, ...options })), seen: upstream.seen };
}

/** Serves `GET /orders` and `GET /orders/{id}` with the authorizer. */
export async function serveAuthorized(invoke: Invoke, authorizer: Properties = {}, options = {}) {
  const invocation = jest.fn(invoke);
  const served = await serveHttpProxy({
    routes: { 'GET /orders': protectedBy, 'GET /orders/{id}': protectedBy },
    uri: '/upstream',
    mapping: { 'overwrite:header.x-phantom-token': '$context.authorizer.jwt' },
    extra: { Authorizer: httpAuthorizer(authorizer) },
    options: { invoke: invocation, ...options },
  });
  return { ...served, invocation };
}
