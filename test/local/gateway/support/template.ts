import { type ResolvedTemplate, resolveTemplate } from '../../../../local/template/resolve';

type Properties = Record<string, unknown>;
type Resources = Record<string, { Type: string; Properties: Properties }>;

const api = { RestApiId: { Ref: 'Api' } };

/** Returns the template of a REST API with a stage and an authorizer. `extra` adds or replaces resources. */
export function apiTemplate(extra: Resources): ResolvedTemplate {
  const Resources: Resources = {
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'Api' } },
    Deployment: { Type: 'AWS::ApiGateway::Deployment', Properties: api },
    Stage: stage(),
    Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'authorizer' } },
    Permission: permission(),
    Authorizer: authorizer(),
    ...extra,
  };
  return resolveTemplate({ Resources }, { stackName: 'Stack' });
}

export function stage(properties: Properties = {}) {
  return {
    Type: 'AWS::ApiGateway::Stage',
    Properties: { ...api, DeploymentId: { Ref: 'Deployment' }, StageName: 'v1', ...properties },
  };
}

export function authorizer(properties: Properties = {}) {
  return {
    Type: 'AWS::ApiGateway::Authorizer',
    Properties: {
      ...api,
      Name: 'authorizer',
      Type: 'REQUEST',
      AuthorizerUri: joined(
        'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/',
        { 'Fn::GetAtt': ['Function', 'Arn'] },
        '/invocations',
      ),
      IdentitySource: 'method.request.header.Authorization',
      ...properties,
    },
  };
}

export function permission(properties: Properties = {}) {
  return {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] },
      Principal: 'apigateway.amazonaws.com',
      SourceArn: joined(
        'arn:aws:execute-api:us-east-1:000000000000:',
        { Ref: 'Api' },
        '/authorizers/',
        { Ref: 'Authorizer' },
      ),
      ...properties,
    },
  };
}

/** Returns a resource below another one, or below the root. */
export function resource(PathPart: string, parent?: string) {
  const ParentId = parent ? { Ref: parent } : { 'Fn::GetAtt': ['Api', 'RootResourceId'] };
  return { Type: 'AWS::ApiGateway::Resource', Properties: { ...api, ParentId, PathPart } };
}

/** Returns a method of a resource, or of the root if `on` is empty. */
export function method(on: string, HttpMethod: string, Integration: Properties, more = {}) {
  const ResourceId = on ? { Ref: on } : { 'Fn::GetAtt': ['Api', 'RootResourceId'] };
  return {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      ...api,
      AuthorizationType: 'NONE',
      HttpMethod,
      ResourceId,
      Integration,
      ...more,
    },
  };
}

/** Properties of a method with the authorizer. */
export const authorized = { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Authorizer' } };

/** Returns a mock whose body is its name. */
export function mock(name: string): Properties {
  return {
    Type: 'MOCK',
    RequestTemplates: { 'application/json': '{ statusCode: 200 }' },
    IntegrationResponses: [{ StatusCode: '200', ResponseTemplates: { 'application/json': name } }],
  };
}

/** Returns an HTTP proxy integration for `ANY /{proxy+}`. */
export function proxyTo(upstream: URL, mappings: Properties = {}, more: Properties = {}) {
  return {
    Type: 'HTTP_PROXY',
    Uri: `${upstream.origin}/{proxy}`,
    IntegrationHttpMethod: 'ANY',
    RequestParameters: {
      'integration.request.path.proxy': 'method.request.path.proxy',
      ...mappings,
    },
    ...more,
  };
}

export const declaresProxy = { RequestParameters: { 'method.request.path.proxy': true } };

export function gatewayResponse(ResponseType: string, properties: Properties) {
  return {
    Type: 'AWS::ApiGateway::GatewayResponse',
    Properties: { ...api, ResponseType, ...properties },
  };
}

function joined(...parts: unknown[]) {
  return { 'Fn::Join': ['', parts] };
}
