import type { Identity } from '../../../template/identity';
import type { ResolvedResource, ResolvedTemplate } from '../../../template/resolve';
import { parseProperties } from '../../../template/unsupported';
import type { RouteNode } from '../route-tree';
import { selectStage } from '../select-stage';
import { type ApiKeys, readApiKeys } from './api-keys';
import { readAuthorizer } from './authorizer';
import { type CustomResponses, readGatewayResponses } from './gateway-response';
import { type Method, readMethod } from './method';
import {
  deploymentSchema,
  gatewayResponseSchema,
  resourceSchema,
  restApiSchema,
  stageSchema,
} from './resource-schemas';

/** REST API as one of its stages serves it. */
export interface RestApi {
  readonly apiId: string;
  readonly identity: Identity;
  readonly deploymentId: string;
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  /** Format of the access log; absent if the stage has none. */
  readonly accessLogFormat?: string;
  readonly root: RouteNode<Method>;
  readonly gatewayResponses: CustomResponses;
  readonly binaryMediaTypes: readonly string[];
  readonly apiKeys: ApiKeys;
  /** Longest time without a byte of a streamed response, in milliseconds. */
  readonly streamIdleTimeoutMs: number;
}

/**
 * Idle timeouts of response streams, in milliseconds. An API without endpoint types is edge-optimized.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html
 */
const STREAM_IDLE_TIMEOUT_MS = { REGIONAL: 300_000, EDGE: 30_000 } as const;

/**
 * Reads a REST API and one of its stages.
 *
 * @param stageName default: the first stage
 * @throws UnsupportedTemplateError naming what is not supported, missing or ambiguous
 */
export function readRestApi(
  template: ResolvedTemplate,
  api: ResolvedResource,
  stageName?: string,
): RestApi {
  const { ApiKeySourceType, BinaryMediaTypes, EndpointConfiguration } = parseProperties(
    api,
    restApiSchema,
  );
  const [endpointType = 'EDGE'] = EndpointConfiguration?.Types ?? [];
  const stages = belongingTo(template, api, 'Stage');
  const stage = parseProperties(selectStage(stages, api, stageName), stageSchema);
  for (const deployment of belongingTo(template, api, 'Deployment')) {
    parseProperties(deployment, deploymentSchema);
  }
  return {
    apiId: api.ref,
    identity: template.identity,
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
    streamIdleTimeoutMs: STREAM_IDLE_TIMEOUT_MS[endpointType],
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
      typeOf(resource) === 'REQUEST' ? readAuthorizer(template, resource) : typeOf(resource),
    ]),
  );
  const resources = belongingTo(template, api, 'Resource').map((resource) => ({
    ref: resource.ref,
    ...parseProperties(resource, resourceSchema),
  }));
  const methods = belongingTo(template, api, 'Method').map((resource) => ({
    resource,
    ...methodKey(resource),
  }));
  const node = (resourceId: string, pathPart: string, resourcePath: string): RouteNode<Method> => ({
    pathPart,
    children: resources
      .filter(({ ParentId }) => ParentId === resourceId)
      .map(({ ref, PathPart }) => node(ref, PathPart, `${resourcePath}/${PathPart}`)),
    methods: new Map(
      methods
        .filter((method) => method.resourceId === resourceId)
        .map(({ resource, httpMethod }) => [
          httpMethod,
          {
            resourceId,
            resourcePath: resourcePath || '/',
            ...readMethod(template, resource, authorizers),
          },
        ]),
    ),
  });
  return node(String(api.attribute('RootResourceId')), '', '');
}

function typeOf({ properties }: ResolvedResource): string {
  return String((properties as { Type?: unknown }).Type);
}

function methodKey({ properties }: ResolvedResource) {
  const { ResourceId, HttpMethod } = properties as { ResourceId?: unknown; HttpMethod?: unknown };
  return { resourceId: String(ResourceId), httpMethod: String(HttpMethod) };
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
