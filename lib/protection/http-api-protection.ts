import {
  CfnApi,
  type CfnAuthorizer,
  CfnRoute,
  HttpAuthorizer,
  HttpAuthorizerType,
  type IHttpApi,
  type IHttpRouteAuthorizer,
  type ParameterMapping,
} from 'aws-cdk-lib/aws-apigatewayv2';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';
import { resourcesWith } from '../cdk/construct-tree';
import type { KeySet } from '../signing/key-set';
import { DEFAULTS } from '../validation/defaults';
import { assertProp, PropError } from '../validation/prop-error';
import { HEADER_NAME, RESERVED_HEADER } from '../validation/prop-patterns';
import { ApiProtection } from './api-protection';
import type { ApiProtectionOptions, RouteAuthorizerOptions } from './api-protection-options';
import type { AuthorizerOptions } from './authorizer-options';
import { apiReferentOf, declaredApi } from './declared-api';
import type { DeclaredRoute } from './declared-route';
import {
  type DocumentRoute,
  keySetRoutes,
  METADATA_ROUTES,
  withPreflight,
} from './document-routes';
import { declaredHttpRoute } from './http/declared-http-route';
import { addDocumentRoutes } from './http/document-http-routes';
import { PhantomTokenMappings } from './http/phantom-token-mappings';
import { preflightFaults } from './http/preflight-faults';
import { addMetadataFunction } from './metadata-function';
import { metadataOf, type ResourceMetadata } from './protected-resources';
import { warnOfUnreadableMetadata } from './protection-warnings';

/** Default name of the header that carries the phantom token. */
export const PHANTOM_TOKEN_HEADER = DEFAULTS.phantomTokenHeader;

/** Props of {@link HttpApiProtection}. */
export interface HttpApiProtectionProps extends ApiProtectionOptions {
  /**
   * The API. Its routes are those that this app declares, before or after the protection is created.
   * Routes of an imported API that are declared elsewhere are neither protected nor checked.
   */
  readonly api: IHttpApi;
  /**
   * Header that carries the phantom token, the bare JWT, to upstreams. HTTP APIs reserve `Authorization`,
   * which still carries the client's opaque token.
   *
   * @default PHANTOM_TOKEN_HEADER
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
   */
  readonly phantomTokenHeader?: string;
}

/**
 * Protection of an HTTP API: its routes get authorizers, its upstreams phantom tokens. Declare a route
 * with `authorizer()` or `publicAccess()`, and an integration that calls a URL or a load balancer with
 * `parameterMapping()` or `publicParameterMapping()`. Synthesis fails, and lists all findings, if
 * - a route has no authorizer and is not declared public; a route with another authorizer is not checked;
 * - a protected route has CDK's `authorizationScopes`, which are not enforced;
 * - the integration of a protected route does not overwrite the header of the phantom token, or that of
 *   a public route does not remove it, so that a client could set it;
 * - the API has `corsPreflight`, but a protected `ANY` or default route takes preflight requests first,
 *   which have no token: name the methods of the route, or declare a public `OPTIONS` route.
 *
 * Lambda integrations need no mapping: the function finds the phantom token in the authorizer context.
 * `phantom-token-authorizer/upstream` reads it.
 *
 * @example
 * const protection = new HttpApiProtection(this, 'Protection', { api, authorizerFunction });
 * api.addRoutes({
 *   path: '/orders',
 *   methods: [HttpMethod.GET],
 *   integration: new HttpUrlIntegration('Orders', 'https://…/orders', {
 *     parameterMapping: protection.parameterMapping(),
 *   }),
 *   authorizer: protection.authorizer({ scopes: ['orders:read'] }),
 * });
 */
export class HttpApiProtection extends ApiProtection {
  /** True, since routes of an HTTP API are deployed one by one, not together with the authorizers. */
  protected override readonly isKeyedByRoute = true;
  private readonly api: IHttpApi;
  private readonly mappings: PhantomTokenMappings;

  /** @throws PropError if a prop cannot be deployed. */
  constructor(scope: Construct, id: string, props: HttpApiProtectionProps) {
    const { api, phantomTokenHeader = PHANTOM_TOKEN_HEADER } = props;
    assertProp(
      'phantomTokenHeader',
      phantomTokenHeader,
      'must be the name of a header that HTTP APIs do not reserve',
      HEADER_NAME.test(phantomTokenHeader) && !RESERVED_HEADER.test(phantomTokenHeader),
    );
    assertHasRoutes(api);
    super(scope, id, { ...props, apiId: api.apiId });
    this.api = api;
    this.mappings = new PhantomTokenMappings(
      phantomTokenHeader,
      this.node.path,
      this.authorizerFunction.acceptsBoundTokens,
    );
    this.addMetadata(props.authorizationServerMetadata);
  }

  /**
   * Returns the authorizer of routes that require these scopes. CDK's own `authorizationScopes` of a route,
   * and `defaultAuthorizationScopes` of the API, are for JWT authorizers: with this one they fail synthesis.
   *
   * @throws PropError if a scope is not valid.
   */
  authorizer(options: RouteAuthorizerOptions = {}): IHttpRouteAuthorizer {
    return this.routeAuthorizer(this.authorizerIdFor(options), 'CUSTOM');
  }

  /** Marks a route as public (no authorizer). The client's `Authorization` header passes unchanged. */
  publicAccess(): IHttpRouteAuthorizer {
    return this.routeAuthorizer(this.authorizations.noAuthorizerId, 'NONE');
  }

  /**
   * Returns the mapping for integrations of protected routes: it overwrites the phantom token's header. If the
   * function accepts tokens that are bound to their senders, it also removes the header `DPoP`: the proof is
   * used up.
   */
  parameterMapping(): ParameterMapping {
    return this.mappings.for('protected');
  }

  /** Returns the mapping for integrations of public routes: it removes the phantom token's header. */
  publicParameterMapping(): ParameterMapping {
    return this.mappings.for('public');
  }

  /** Adds public routes that serve the keys by which upstreams verify minted phantom tokens. */
  publishKeySet(keySet: KeySet): void {
    const { node, lambdaFunction } = keySet;
    this.addPublicRoutes(node.id, lambdaFunction, keySetRoutes(this.servesForeignMetadata));
    keySet.markPublished();
  }

  protected override createAuthorizer(options: AuthorizerOptions): CfnAuthorizer {
    const { id, name, resultTtlSeconds } = options;
    const authorizer = new HttpAuthorizer(this, id, {
      authorizerName: name,
      httpApi: this.api,
      type: HttpAuthorizerType.LAMBDA,
      enableSimpleResponses: true,
      identitySource: ['$request.header.Authorization', '$context.routeKey'],
      authorizerUri: this.authorizerUri(),
    });
    const resource = authorizer.node.defaultChild as CfnAuthorizer;
    resource.authorizerResultTtlInSeconds = resultTtlSeconds;
    return resource;
  }

  protected override declaredRoutes(within?: IConstruct): readonly DeclaredRoute[] {
    return resourcesWith(this, CfnRoute, 'apiId', this.apiReferent)
      .filter(({ node }) => within === undefined || node.scopes.includes(within))
      .map((route) => declaredHttpRoute(route, this.mappings));
  }

  protected override findings(): readonly string[] {
    return [...super.findings(), ...this.preflightFaults()];
  }

  private preflightFaults(): readonly string[] {
    if (this.cors() === undefined) return [];
    const routes = this.declaredRoutes().map((route) => ({
      name: route.name,
      isProtected: this.isProtected(route),
    }));
    return preflightFaults(routes, this.node.path);
  }

  /** Serves metadata by a function, since HTTP APIs cannot respond themselves. */
  private addMetadata(authorizationServerMetadata: string | undefined): void {
    const served = this.resources.flatMap(({ paths, ...resource }) =>
      paths.map((path) => [path, metadataOf(resource)]),
    );
    if (served.length === 0 && authorizationServerMetadata === undefined) return;
    const documents: Readonly<Record<string, ResourceMetadata>> = Object.fromEntries(served);
    const binding = this.bindingOfResources();
    const metadata = addMetadataFunction(this, { documents, binding, authorizationServerMetadata });
    const routes = Object.keys(documents).flatMap(withPreflight);
    const all = [...routes, ...(authorizationServerMetadata ? METADATA_ROUTES : [])];
    // The API handles preflight requests itself if it has CORS.
    const cors = this.cors();
    const hasCors = cors !== undefined;
    if (hasCors && !allowsAllOrigins(cors)) warnOfUnreadableMetadata(this);
    const needed = all.filter(({ method }) => !(hasCors && method === 'OPTIONS'));
    this.addPublicRoutes('Metadata', metadata, needed);
  }

  /** Returns the CORS configuration of the API, if this app declares one. */
  private cors(): CfnApi['corsConfiguration'] {
    const api = declaredApi(this.apiReferent);
    return api instanceof CfnApi ? api.corsConfiguration : undefined;
  }

  private addPublicRoutes(id: string, server: IFunction, routes: readonly DocumentRoute[]): void {
    const props = { httpApi: this.api, authorizer: this.publicAccess() };
    addDocumentRoutes(this, id, server, routes, props);
  }

  private routeAuthorizer(authorizerId: string, authorizationType: string): IHttpRouteAuthorizer {
    return {
      bind: ({ route }) => {
        if (route.httpApi.apiId !== this.apiId) {
          throw new PropError(
            `authorizer must be one of the route's API: ${this.node.path} protects another API than that ` +
              `of ${route.node.path}`,
          );
        }
        return { authorizerId, authorizationType };
      },
    };
  }
}

function allowsAllOrigins(cors: NonNullable<CfnApi['corsConfiguration']>): boolean {
  return 'allowOrigins' in cors && (cors.allowOrigins?.includes('*') ?? false);
}

function assertHasRoutes(api: IHttpApi): void {
  const { node } = api;
  const resource = declaredApi(apiReferentOf(api, api.apiId));
  if (!(resource instanceof CfnApi)) return;
  assertProp(
    'api',
    node.path,
    'must be an HTTP API, since WebSocket APIs authorize only their $connect route',
    resource.protocolType === undefined || resource.protocolType === 'HTTP',
  );
  if (resource.body === undefined && resource.bodyS3Location === undefined) return;
  throw new PropError(
    `api must declare its routes in the app: ${node.path} has them in an OpenAPI definition. Declare them ` +
      'in an HttpApi with addRoutes()',
  );
}
