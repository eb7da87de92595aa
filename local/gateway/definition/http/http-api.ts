import type { ResolvedResource, ResolvedTemplate } from '../../../template/resolve';
import { parseProperties, UnsupportedTemplateError } from '../../../template/unsupported';
import { requireSingle } from '../require-single';
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
  readonly integration: HttpProxy | LambdaProxy;
}

/**
 * Reads an HTTP API and its only stage.
 *
 * @throws UnsupportedTemplateError naming what is not supported, missing or ambiguous
 */
export function readHttpApi(template: ResolvedTemplate, api: ResolvedResource): HttpApi {
  const { CorsConfiguration } = parseProperties(api, apiSchema);
  const belonging = (kind: string) =>
    template
      .ofType(`AWS::ApiGatewayV2::${kind}`)
      .filter(({ properties }) => (properties as { ApiId?: unknown }).ApiId === api.ref);
  const stage = parseProperties(
    requireSingle(belonging('Stage'), `stage of ${api.logicalId}`),
    stageSchema,
  );
  for (const deployment of belonging('Deployment')) parseProperties(deployment, deploymentSchema);

  const authorizers = new Map(
    belonging('Authorizer').map((resource) => [resource.ref, readAuthorizer(template, resource)]),
  );
  const integrations = new Map(
    belonging('Integration').map((resource) => [resource.ref, resource]),
  );
  const routes = belonging('Route').map((resource): Route => {
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
      integration: readIntegration(template, integration, RouteKey),
      ...(AuthorizationType === 'CUSTOM' && authorizer && { authorizer }),
    };
  });
  return {
    apiId: api.ref,
    stage: stage.StageName,
    stageVariables: stage.StageVariables,
    ...(stage.AccessLogSettings && { accessLogFormat: stage.AccessLogSettings.Format }),
    ...(CorsConfiguration && { cors: CorsConfiguration }),
    routes: arrangeRoutes(routes),
  };
}

function readIntegration(
  template: ResolvedTemplate,
  resource: ResolvedResource,
  routeKey: string,
): Route['integration'] {
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
