import type { ResolvedResource, ResolvedTemplate } from '../template/resolve';
import { NotUnderstoodError, understand } from '../template/understand';
import { type Authorizer, readAuthorizer } from './authorizer-model';
import { type GatewayResponses, readGatewayResponses } from './gateway-response-model';
import { type HttpProxy, readHttpProxy } from './http-proxy-model';
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

/** A REST API as one of its stages serves it. */
export interface RestApi {
  readonly apiId: string;
  readonly deploymentId: string;
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  /** The access log's format; absent when the stage keeps none. */
  readonly accessLogFormat?: string;
  readonly root: ResourceNode;
  readonly gatewayResponses: GatewayResponses;
}

/** A resource of the API's tree of paths. */
export interface ResourceNode {
  readonly resourceId: string;
  /** One segment: static, `{parameter}` or `{greedy+}`; empty for the root. */
  readonly pathPart: string;
  /** The template from the root, for example `/orders/{id}`. */
  readonly resourcePath: string;
  readonly children: readonly ResourceNode[];
  readonly methods: ReadonlyMap<string, Method>;
}

export interface Method {
  /** Absent on methods open to everybody. */
  readonly authorizer?: Authorizer;
  readonly integration: HttpProxy | Mock;
}

/**
 * Reads a REST API, its only stage and all that belongs to it.
 *
 * @param logicalId which API; by default the only one of the template
 * @throws NotUnderstoodError naming what is not imitated, missing or ambiguous
 */
export function readRestApi(template: ResolvedTemplate, logicalId?: string): RestApi {
  const api = logicalId
    ? template.get(logicalId)
    : only(template.ofType('AWS::ApiGateway::RestApi'), 'REST API');
  understand(api, restApiSchema);
  const stageResource = only(belongingTo(template, api, 'Stage'), `stage of ${api.logicalId}`);
  const stage = understand(stageResource, stageSchema);
  for (const deployment of belongingTo(template, api, 'Deployment')) {
    understand(deployment, deploymentSchema);
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
        properties: understand(resource, gatewayResponseSchema),
      })),
    ),
  };
}

function readTree(template: ResolvedTemplate, api: ResolvedResource): ResourceNode {
  const authorizers = new Map(
    belongingTo(template, api, 'Authorizer').map((resource) => [
      resource.ref,
      readAuthorizer(template, resource),
    ]),
  );
  const resources = belongingTo(template, api, 'Resource').map((resource) => ({
    ref: resource.ref,
    ...understand(resource, resourceSchema),
  }));
  const methods = belongingTo(template, api, 'Method').map((resource) => ({
    resource,
    properties: understand(resource, methodSchema),
  }));
  const node = (resourceId: string, pathPart: string, resourcePath: string): ResourceNode => ({
    resourceId,
    pathPart,
    resourcePath: resourcePath || '/',
    children: resources
      .filter(({ ParentId }) => ParentId === resourceId)
      .map(({ ref, PathPart }) => node(ref, PathPart, `${resourcePath}/${PathPart}`)),
    methods: new Map(
      methods
        .filter(({ properties }) => properties.ResourceId === resourceId)
        .map(({ resource, properties }) => [
          properties.HttpMethod,
          readMethod(resource, properties, authorizers),
        ]),
    ),
  });
  return node(template.getAtt(api.logicalId, 'RootResourceId'), '', '');
}

function readMethod(
  resource: ResolvedResource,
  properties: MethodProperties,
  authorizers: ReadonlyMap<string, Authorizer>,
): Method {
  const integration =
    properties.Integration.Type === 'MOCK'
      ? readMock(resource, properties.Integration)
      : readHttpProxy(resource, properties.Integration, Object.keys(properties.RequestParameters));
  if (properties.AuthorizationType === 'NONE') return { integration };
  const authorizer = authorizers.get(properties.AuthorizerId ?? '');
  if (authorizer) return { integration, authorizer };
  throw new NotUnderstoodError(`${resource.logicalId} names no authorizer of its REST API`);
}

/** The resources of one type under `AWS::ApiGateway` that name the API. */
function belongingTo(
  template: ResolvedTemplate,
  api: ResolvedResource,
  kind: string,
): readonly ResolvedResource[] {
  return template
    .ofType(`AWS::ApiGateway::${kind}`)
    .filter(({ properties }) => (properties as { RestApiId?: unknown }).RestApiId === api.ref);
}

function only(candidates: readonly ResolvedResource[], what: string): ResolvedResource {
  const [first, ...others] = candidates;
  if (first && others.length === 0) return first;
  const found = candidates.map(({ logicalId }) => logicalId).join(', ') || 'none';
  throw new NotUnderstoodError(`the template must have exactly one ${what}, found: ${found}`);
}
