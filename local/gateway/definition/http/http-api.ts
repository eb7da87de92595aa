import type { Identity } from '../../../template/identity';
import type { ResolvedResource, ResolvedTemplate } from '../../../template/resolve';
import { parseProperties, UnsupportedTemplateError } from '../../../template/unsupported';
import { selectStage } from '../select-stage';
import {
  readOrUnsupported,
  type Unsupported,
  unsupportedIntegration,
} from '../unsupported-integration';
import { type HttpApiAuthorizer, readAuthorizer } from './authorizer';
import { type HttpProxy, readHttpProxy } from './http-proxy';
import { type LambdaProxy, readLambdaProxy } from './lambda-proxy';
import {
  apiSchema,
  type CorsProperties,
  deploymentSchema,
  integrationSchema,
  routeSchema,
  stageSchema,
} from './resource-schemas';
import { arrangeRoutes, type Routes } from './route-key';

/** HTTP API as one of its stages serves it. */
export interface HttpApi {
  readonly apiId: string;
  readonly identity: Identity;
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  /** Format of the access log; absent if the stage has none. */
  readonly accessLogFormat?: string;
  readonly cors?: CorsProperties;
  readonly routes: Routes<Route>;
}

/** Route of an HTTP API. */
export interface Route {
  /** Route key, for example `GET /orders/{id}` or `$default`. */
  readonly routeKey: string;
  /** Authorizer of the route; absent on public routes. */
  readonly authorizer?: HttpApiAuthorizer;
  readonly integration: HttpProxy | LambdaProxy | Unsupported;
}

/**
 * Reads an HTTP API and one of its stages.
 *
 * @param stageName default: the first stage
 * @throws UnsupportedTemplateError naming what is not supported, missing or ambiguous
 */
export function readHttpApi(
  template: ResolvedTemplate,
  api: ResolvedResource,
  stageName?: string,
): HttpApi {
  const { CorsConfiguration } = parseProperties(api, apiSchema);
  const belonging = (kind: string) =>
    template
      .ofType(`AWS::ApiGatewayV2::${kind}`)
      .filter(({ properties }) => (properties as { ApiId?: unknown }).ApiId === api.ref);
  const stage = parseProperties(selectStage(belonging('Stage'), api, stageName), stageSchema);
  for (const deployment of belonging('Deployment')) parseProperties(deployment, deploymentSchema);

  const authorizers = new Map(
    belonging('Authorizer')
      .filter((resource) => isLambdaAuthorizer(resource))
      .map((resource) => [resource.ref, readAuthorizer(template, resource)]),
  );
  const integrations = new Map(
    belonging('Integration').map((resource) => [resource.ref, resource]),
  );
  const routes = belonging('Route').map((resource): Route => {
    const unsupported = unsupportedAuthorization(resource);
    if (unsupported) return unsupported;
    const { RouteKey, Target, AuthorizationType, AuthorizerId } = parseProperties(
      resource,
      routeSchema,
    );
    const integration = integrations.get(/^integrations\/(.+)$/.exec(Target)?.[1] ?? '');
    const authorizer = authorizers.get(AuthorizerId ?? '');
    if (!integration) throw foreignReference(resource, 'Target', 'integration');
    if (AuthorizationType === 'CUSTOM' && !authorizer)
      throw foreignReference(resource, 'AuthorizerId', 'authorizer');
    return {
      routeKey: RouteKey,
      integration: readOrUnsupported(() => readIntegration(template, integration, RouteKey)),
      ...(AuthorizationType === 'CUSTOM' && authorizer && { authorizer }),
    };
  });
  return {
    apiId: api.ref,
    identity: template.identity,
    stage: stage.StageName,
    stageVariables: stage.StageVariables,
    ...(stage.AccessLogSettings && { accessLogFormat: stage.AccessLogSettings.Format }),
    ...(CorsConfiguration && { cors: CorsConfiguration }),
    routes: arrangeRoutes(routes),
  };
}

/** Returns a route whose authorization local mode does not imitate. It has no authorizer: it is never called. */
function unsupportedAuthorization({ logicalId, properties }: ResolvedResource): Route | undefined {
  const { RouteKey, AuthorizationType } = properties as {
    readonly RouteKey?: string;
    readonly AuthorizationType?: string;
  };
  if (!['JWT', 'AWS_IAM'].includes(AuthorizationType ?? '')) return undefined;
  const part = `AuthorizationType ${AuthorizationType}`;
  return { routeKey: String(RouteKey), integration: unsupportedIntegration(logicalId, part) };
}

function isLambdaAuthorizer({ properties }: ResolvedResource): boolean {
  return (properties as { AuthorizerType?: unknown }).AuthorizerType !== 'JWT';
}

/** Returns the kind of integration that local mode does not imitate. */
function unsupportedPart({ properties }: ResolvedResource): string | undefined {
  const { IntegrationSubtype, ConnectionType } = properties as {
    readonly IntegrationSubtype?: string;
    readonly ConnectionType?: string;
  };
  if (IntegrationSubtype !== undefined) return `IntegrationSubtype ${IntegrationSubtype}`;
  // The URI is then the ARN of a listener or a service.
  return ConnectionType === 'VPC_LINK' ? `ConnectionType ${ConnectionType}` : undefined;
}

function readIntegration(
  template: ResolvedTemplate,
  resource: ResolvedResource,
  routeKey: string,
): Route['integration'] {
  const part = unsupportedPart(resource);
  if (part !== undefined) return unsupportedIntegration(resource.logicalId, part);
  const properties = parseProperties(resource, integrationSchema);
  return properties.IntegrationType === 'AWS_PROXY'
    ? readLambdaProxy(template, resource, properties)
    : readHttpProxy(resource, properties, routeKey);
}

function foreignReference(
  { logicalId }: ResolvedResource,
  property: string,
  kind: string,
): UnsupportedTemplateError {
  return new UnsupportedTemplateError(
    `${logicalId}: ${property} must name an ${kind} of the same API`,
  );
}
