import { AspectPriority, Aspects, type CfnResource, type Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { assertAudience } from '../authorizer/audience';
import type { AuthorizerFunction } from '../authorizer/authorizer-function';
import { SenderConstraint } from '../authorizer/sender-constraint';
import { enterPhase } from '../cdk/construct-tree';
import { appendToLogicalId, lazyDigest } from '../cdk/derived-logical-id';
import type { Referent } from '../cdk/referent';
import { requirementOf } from '../scopes/scope-requirement';
import { type ProtectedRoute, scopeRules } from '../scopes/scope-rules';
import type { RouteAccess } from '../scopes/shadowed-routes';
import {
  type ApiProtectionOptions,
  maxAuthorizersOf,
  proofUrlsOf,
  type RouteAuthorizerOptions,
  requirementOfRoute,
  resultTtlOf,
} from './api-protection-options';
import { authorizerIdentity, haveSeveralAudiences } from './authorizer-identity';
import type { AuthorizerOptions } from './authorizer-options';
import { createAuthorizerPool } from './authorizer-pool';
import { bindingMetadata } from './binding-metadata';
import { apiReferentOf, declaredApi } from './declared-api';
import type { DeclaredRoute } from './declared-route';
import { ExistingRoutes, type ProtectAllOptions } from './existing-routes';
import { addInvokePermission } from './invoke-permission';
import { clientCertificates, defaultEndpointFaults } from './mutual-tls';
import { type LocatedResource, locateResources } from './protected-resources';
import { warnOfAudience, warnOfImport, warnOfWeakerRoutes } from './protection-warnings';
import { assertProtectedOnce, assertSameStack, recordProtection } from './protections';
import type { ResourceRoute } from './resource-faults';
import { RouteAudiences } from './route-audiences';
import { type Access, RouteAuthorizations } from './route-authorizations';
import { routeFaults } from './route-faults';

/** Common part of the protections: the authorizers of an API, the rules of its routes, and findings. */
export abstract class ApiProtection extends Construct {
  /** Scopes that every protected route requires. */
  readonly scopes: readonly string[];

  protected readonly apiId: string;
  /** The API that `apiId` refers to, by which its routes are found. */
  protected readonly apiReferent: Referent;
  private readonly protectedApi: IConstruct;
  protected readonly resultsCacheTtl: Duration;
  /** Lifetime of results as the app gives it; `undefined` for the default. */
  private readonly givenResultsCacheTtl: Duration | undefined;
  protected readonly authorizations: RouteAuthorizations;

  protected readonly authorizerFunction: AuthorizerFunction;
  /** Audience of the API's own tokens, in place of that of the function. */
  private readonly audience: readonly string[] | undefined;
  /** Resources with metadata for clients, each with its routes. */
  protected readonly resources: readonly LocatedResource[];
  private readonly audiences: RouteAudiences;
  /** Permission for API Gateway to invoke the function as any authorizer of the API. */
  private readonly permission: CfnResource;
  private readonly existingRoutes: ExistingRoutes;
  /** True if the API serves the metadata of the authorization server. */
  protected readonly servesForeignMetadata: boolean;

  constructor(
    scope: Construct,
    id: string,
    props: ApiProtectionOptions & { readonly api: IConstruct; readonly apiId: string },
  ) {
    super(scope, id);
    const { api, apiId, authorizerFunction, audience } = props;
    this.authorizerFunction = authorizerFunction;
    this.protectedApi = api;
    this.audience = audience;
    this.scopes = props.scopes ?? [];
    this.resultsCacheTtl = resultTtlOf(props);
    this.servesForeignMetadata = props.authorizationServerMetadata !== undefined;
    this.givenResultsCacheTtl = props.resultsCacheTtl;
    requirementOf([], this.scopes);
    assertAudience(audience);
    const publicUrls = proofUrlsOf(props);
    const apiAudience = audience ?? authorizerFunction.audience;
    this.resources = locateResources(props.protectedResource, props.publicUrls, apiAudience);
    this.audiences = new RouteAudiences(this.resources, apiAudience);
    assertSameStack(this, api);
    this.apiId = apiId;
    this.apiReferent = apiReferentOf(api, apiId);
    assertProtectedOnce(this, api, this.apiReferent);
    const authorizerFor = createAuthorizerPool(maxAuthorizersOf(props), (id, servesTheRest) =>
      this.addAuthorizer(id, servesTheRest),
    );
    this.authorizations = new RouteAuthorizations(authorizerFor);
    this.existingRoutes = new ExistingRoutes(this, this.authorizations.noAuthorizerId);
    const rules = () => scopeRules(this.protectedRoutes());
    const settings = { audience, publicUrls, resultTtl: this.resultsCacheTtl };
    authorizerFunction.enforce(api, apiId, rules, settings);
    this.permission = addInvokePermission(this, authorizerFunction.invocationTarget, apiId);
    this.node.addValidation({ validate: () => this.validateRoutes() });
    // Runs when the app has declared its routes.
    const visit = (node: IConstruct) => node === this && this.prepareApi();
    Aspects.of(this).add({ visit }, { priority: AspectPriority.MUTATING });
    if (declaredApi(this.apiReferent) === undefined) warnOfImport(this, api);
    if (!this.audiences.areChecked()) warnOfAudience(this);
    // Last: a protection that failed above does not protect the API.
    recordProtection(this, this.apiReferent);
  }

  /**
   * Protects routes that exist already, for example those that the constructor of another construct
   * declares. Their logical IDs stay the same. HTTP integrations get the mapping of the phantom token, unless
   * they have one. Routes with an authorizer and preflight methods are left as they are.
   *
   * @param routes construct that is a route or contains routes: a method, resource or route, L1 or L2, or
   * the API
   * @throws PropError if it contains no route of the API without an authorizer, or a scope is not valid.
   */
  protect(routes: IConstruct, options: RouteAuthorizerOptions = {}): void {
    this.existingRoutes.protect(
      routes,
      this.declaredRoutes(routes),
      this.authorizationFor(options),
    );
  }

  /**
   * Protects all routes of the API that have no authorizer at synthesis, as `protect()` does. It includes
   * routes that are declared later, by any construct. It may be called once.
   *
   * @throws PropError if it is called again, or a scope is not valid.
   */
  protectAll(options: ProtectAllOptions = {}): void {
    this.existingRoutes.protectAll(this.authorizationFor(options), options.except ?? []);
  }

  /** True if the result cache keeps results by route for all authorizers of the API. */
  protected abstract readonly isKeyedByRoute: boolean;

  /** Creates an authorizer of the API. */
  protected abstract createAuthorizer(options: AuthorizerOptions): CfnResource;

  /** Returns all routes of the API that this app declares, or those in a construct. */
  protected abstract declaredRoutes(within?: IConstruct): readonly DeclaredRoute[];

  /** Prepares the resources of the API, when the app has declared its routes. */
  protected prepareApi(): void {
    enterPhase(this, 'aspects');
    this.existingRoutes.prepare(this.declaredRoutes());
  }

  /** Returns the faults of the app that concern this protection. */
  protected findings(): readonly string[] {
    const { path } = this.node;
    const ofRoutes = this.declaredRoutes().flatMap((route) => {
      const name = route.name ?? route.resource.node.path;
      return routeFaults(route, this.accessTo(route), path).map((fault) => `${name}: ${fault}`);
    });
    const { acceptsBoundTokens } = this.authorizerFunction;
    return [
      ...ofRoutes,
      ...this.audiences.faults(this.namedRoutes()),
      ...(acceptsBoundTokens
        ? defaultEndpointFaults(this, this.protectedApi, this.apiReferent)
        : []),
    ];
  }

  /**
   * Returns the function that returns the members of a resource's metadata about bound tokens, when the app has declared
   * its custom domains; `undefined` if bound tokens are refused.
   */
  protected bindingOfResources(): ((resource: string) => object) | undefined {
    const { acceptsBoundTokens, senderConstraint } = this.authorizerFunction;
    if (!acceptsBoundTokens) return undefined;
    const isRequired = senderConstraint === SenderConstraint.REQUIRE;
    return (resource) =>
      bindingMetadata(isRequired, clientCertificates(this, this.apiReferent, resource));
  }

  /** Returns the ID of the authorizer that enforces these scopes; other scopes have another ID. */
  protected authorizerIdFor(options: RouteAuthorizerOptions): string {
    return this.authorizationFor(options).authorizerId;
  }

  /** Returns the access to a route. */
  protected accessTo({ resource, authorizerId }: DeclaredRoute): Access {
    return this.authorizations.accessBy(resource, authorizerId);
  }

  /** Returns whether a route has an authorizer of this protection. */
  protected isProtected(route: DeclaredRoute): boolean {
    return typeof this.accessTo(route) === 'object';
  }

  /**
   * Returns the protected routes.
   *
   * @param hasAuthorizer filter by authorizer; all by default
   */
  protected protectedRoutes(
    hasAuthorizer = (_authorizer: CfnResource) => true,
  ): readonly ProtectedRoute[] {
    return this.declaredRoutes().flatMap((route) => {
      const { name } = route;
      const access = this.accessTo(route);
      if (name === undefined || typeof access !== 'object') return [];
      const requirement = this.audiences.requirementAt(name, access.requirement);
      return hasAuthorizer(access.authorizer) ? [{ name, requirement }] : [];
    });
  }

  /**
   * Returns the URI by which API Gateway invokes the function.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html
   */
  protected authorizerUri(): string {
    const { partition, region } = Stack.of(this);
    const { functionArn } = this.authorizerFunction.invocationTarget;
    return `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
  }

  /**
   * Adds an authorizer whose logical ID is derived from its rules. An authorizer with other rules is another
   * resource with another ID, so API Gateway never replays the result of one for the other.
   */
  private addAuthorizer(id: string, servesTheRest: () => boolean): CfnResource {
    const isKeyedByRoute = () =>
      this.isKeyedByRoute || servesTheRest() || haveSeveralAudiences(this.routesOf(authorizer));
    const digest = lazyDigest(this, () => [
      this.authorizerFunction.configuration,
      this.audience ?? [],
      authorizerIdentity(this.routesOf(authorizer), isKeyedByRoute()),
    ]);
    const name = `${this.node.id}${id}${digest}`;
    // A cached result would be replayed for calls of other tools.
    const isUncached = () => this.routesOf(authorizer).some(({ requirement }) => requirement.tools);
    const resultTtlSeconds = Lazy.number({
      produce: () => (isUncached() ? 0 : this.resultsCacheTtl.toSeconds()),
    });
    const options = { id, name, isKeyedByRoute, resultTtlSeconds };
    const authorizer = this.createAuthorizer(options);
    appendToLogicalId(authorizer, digest);
    authorizer.node.addDependency(this.permission, ...this.authorizerFunction.readiness);
    return authorizer;
  }

  private routesOf(authorizer: CfnResource): readonly ProtectedRoute[] {
    return this.protectedRoutes((it) => it === authorizer);
  }

  private namedRoutes(): readonly ResourceRoute[] {
    return this.declaredRoutes().flatMap((route) =>
      route.name === undefined ? [] : [{ name: route.name, isProtected: this.isProtected(route) }],
    );
  }

  private authorizationFor(options: RouteAuthorizerOptions) {
    const { scopes, givenResultsCacheTtl: resultsCacheTtl } = this;
    return this.authorizations.for(requirementOfRoute(options, { scopes, resultsCacheTtl }));
  }

  private validateRoutes(): string[] {
    enterPhase(this, 'validation');
    const routes = this.declaredRoutes().flatMap((route): RouteAccess[] => {
      const access = this.accessTo(route);
      const { name } = route;
      if (name === undefined || access === undefined || access === 'ambiguous') return [];
      if (access === 'public') return [{ name, requirement: access }];
      const requirement = this.audiences.completeRequirementAt(name, access.requirement);
      return [{ name, requirement }];
    });
    warnOfWeakerRoutes(this, routes);
    return [...this.findings()];
  }
}
