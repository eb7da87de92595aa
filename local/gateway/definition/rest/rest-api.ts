import type { ResolvedResource, ResolvedTemplate } from '../../../template/resolve';
import { parseProperties, UnsupportedTemplateError } from '../../../template/unsupported';
import type { LambdaAuthorizer } from '../lambda-authorizer';
import { requireSingle } from '../require-single';
import type { RouteNode } from '../route-tree';
import { type ApiKeys, readApiKeys } from './api-keys';
import { readAuthorizer } from './authorizer';
import { type CustomResponses, readGatewayResponses } from './gateway-response';
import { type HttpProxy, readHttpProxy } from './http-proxy';
import { type LambdaProxy, readLambdaProxy } from './lambda-proxy';
import { type Mock, readMock } from './mock';
import {
  deploymentSchema,
  gatewayResponseSchema,
  type MethodProperties,
  methodSchema,
  resourceSchema,
  restApiSchema,
  stageSchema,
} from './resource-schemas';

/** REST API as one of its stages serves it. */
export interface RestApi {
  readonly apiId: string;
  readonly deploymentId: string;
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  /** Format of the access log; absent if the stage has none. */
  readonly accessLogFormat?: string;
  readonly root: RouteNode<Method>;
  readonly gatewayResponses: CustomResponses;
  readonly binaryMediaTypes: readonly string[];
  readonly apiKeys: ApiKeys;
}

/** Method of a resource. */
export interface Method {
  readonly resourceId: string;
  /** Full path of the resource, for example `/orders/{id}`. */
  readonly resourcePath: string;
  /** Authorizer of the method; absent on public methods. */
  readonly authorizer?: LambdaAuthorizer;
  readonly apiKeyRequired: boolean;
  readonly integration: HttpProxy | LambdaProxy | Mock;
}

/**
 * Reads a REST API and its only stage.
 *
 * @throws UnsupportedTemplateError naming what is not supported, missing or ambiguous
 */
export function readRestApi(template: ResolvedTemplate, api: ResolvedResource): RestApi {
  const { ApiKeySourceType, BinaryMediaTypes } = parseProperties(api, restApiSchema);
  const stageResource = requireSingle(
    belongingTo(template, api, 'Stage'),
    `stage of ${api.logicalId}`,
  );
  const stage = parseProperties(stageResource, stageSchema);
  for (const deployment of belongingTo(template, api, 'Deployment')) {
    parseProperties(deployment, deploymentSchema);
  }
  return {
    apiId: api.ref,
    deploymentId: stage.DeploymentId,
    stage: stage.StageName,
    stageVariables: stage.Variables,
    ...(stage.AccessLogSetting && { accessLogFormat: stage.AccessLogSetting.Format }),
    root: readTree(template, api),
    gatewayResponses: readGatewayResponses(
      belongingTo(template, api, 'GatewayResponse').map((resource) => ({
        resource,
        properties: parseProperties(resource, gatewayResponseSchema),
      })),
    ),
    binaryMediaTypes: BinaryMediaTypes,
    apiKeys: readApiKeys(template, {
      apiId: api.ref,
      stage: stage.StageName,
      source: ApiKeySourceType,
    }),
  };
}

function readTree(template: ResolvedTemplate, api: ResolvedResource): RouteNode<Method> {
  const authorizers = new Map(
    belongingTo(template, api, 'Authorizer').map((resource) => [
      resource.ref,
      readAuthorizer(template, resource),
    ]),
  );
  const resources = belongingTo(template, api, 'Resource').map((resource) => ({
    ref: resource.ref,
    ...parseProperties(resource, resourceSchema),
  }));
  const methods = belongingTo(template, api, 'Method').map((resource) => ({
    resource,
    properties: parseProperties(resource, methodSchema),
  }));
  const node = (resourceId: string, pathPart: string, resourcePath: string): RouteNode<Method> => ({
    pathPart,
    children: resources
      .filter(({ ParentId }) => ParentId === resourceId)
      .map(({ ref, PathPart }) => node(ref, PathPart, `${resourcePath}/${PathPart}`)),
    methods: new Map(
      methods
        .filter(({ properties }) => properties.ResourceId === resourceId)
        .map(({ resource, properties }) => [
          properties.HttpMethod,
          {
            resourceId,
            resourcePath: resourcePath || '/',
            apiKeyRequired: properties.ApiKeyRequired,
            integration: readIntegration(template, resource, properties),
            ...readAuthorization(resource, properties, authorizers),
          },
        ]),
    ),
  });
  return node(template.getAtt(api.logicalId, 'RootResourceId'), '', '');
}

function readIntegration(
  template: ResolvedTemplate,
  resource: ResolvedResource,
  { Integration, MethodResponses, RequestParameters }: MethodProperties,
): Method['integration'] {
  switch (Integration.Type) {
    case 'MOCK':
      return readMock(resource, Integration, MethodResponses);
    case 'AWS_PROXY':
      return readLambdaProxy(template, resource, Integration);
    case 'HTTP_PROXY':
      return readHttpProxy(resource, Integration, Object.keys(RequestParameters));
  }
}

function readAuthorization(
  resource: ResolvedResource,
  { AuthorizationType, AuthorizerId }: MethodProperties,
  authorizers: ReadonlyMap<string, LambdaAuthorizer>,
): Pick<Method, 'authorizer'> {
  if (AuthorizationType === 'NONE') return {};
  const authorizer = authorizers.get(AuthorizerId ?? '');
  if (authorizer) return { authorizer };
  throw new UnsupportedTemplateError(
    `${resource.logicalId}: AuthorizerId must name an authorizer of the same API`,
  );
}

/** Returns the resources of a type under `AWS::ApiGateway` that belong to the API. */
function belongingTo(
  template: ResolvedTemplate,
  api: ResolvedResource,
  kind: string,
): readonly ResolvedResource[] {
  return template
    .ofType(`AWS::ApiGateway::${kind}`)
    .filter(({ properties }) => (properties as { RestApiId?: unknown }).RestApiId === api.ref);
}
