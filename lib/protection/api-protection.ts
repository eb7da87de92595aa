import {
  AspectPriority,
  Aspects,
  type CfnResource,
  type Duration,
  Lazy,
  Resource,
  Stack,
} from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { assertAudience } from '../authorizer/audience';
import type { AuthorizerFunction } from '../authorizer/authorizer-function';
import { appendToLogicalId, lazyDigest } from '../cdk/derived-logical-id';
import { requirementOf, type ScopeRequirement } from '../scopes/scope-requirement';
import { type ProtectedRoute, scopeRules } from '../scopes/scope-rules';
import type { RouteAccess } from '../scopes/shadowed-routes';
import { PropError } from '../validation/prop-error';
import {
  type ApiProtectionOptions,
  maxAuthorizersOf,
  proofUrlsOf,
  type RouteAuthorizerOptions,
  resultTtlOf,
} from './api-protection-options';
import { authorizerIdentity } from './authorizer-identity';
import type { AuthorizerOptions } from './authorizer-options';
import { createAuthorizerPool } from './authorizer-pool';
import type { DeclaredRoute } from './declared-route';
import { addInvokePermission } from './invoke-permission';
import { defaultEndpointFaults } from './mutual-tls';
import { warnOfAudience, warnOfImport, warnOfWeakerRoutes } from './protection-warnings';

/** Common part of the protections: the authorizers of an API, the rules of its routes, and findings. */
export abstract class ApiProtection extends Construct {
  /** Scopes that every protected route requires. */
  readonly scopes: readonly string[];

  protected readonly apiId: string;
  private readonly protectedApi: IConstruct;
  protected readonly resultTtl: Duration;
  /** Marker of routes that are declared public, unlike forgotten ones; the template does not contain it. */
  protected readonly noAuthorizerId = Lazy.string({ produce: () => undefined });

  protected readonly authorizerFunction: AuthorizerFunction;
  /** Audience of the API's own tokens, in place of that of the function. */
  private readonly audience: readonly string[] | undefined;
  private readonly authorizerFor: (requirement: ScopeRequirement) => CfnResource;
  /** Permission for API Gateway to invoke the function as any authorizer of the API. */
  private readonly permission: CfnResource;
  /** Requirements by the authorizer ID of the route. */
  private readonly requirements = new Map<string, ScopeRequirement>();
  /** Authorizers by the same IDs. */
  private readonly authorizers = new Map<string, CfnResource>();

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
    this.resultTtl = resultTtlOf(props);
    requirementOf([], this.scopes);
    assertAudience(audience);
    const publicUrls = proofUrlsOf(props);
    assertSameStack(this, api);
    assertProtectedOnce(this, api, apiId);
    this.authorizerFor = createAuthorizerPool(maxAuthorizersOf(props), (id, servesTheRest) =>
      this.addAuthorizer(id, servesTheRest),
    );
    authorizerFunction.enforce(api, apiId, () => scopeRules(this.protectedRoutes()), {
      audience,
      publicUrls,
      resultTtl: this.resultTtl,
    });
    // Set last: a protection that failed above does not protect the API.
    this.apiId = apiId;
    this.permission = addInvokePermission(this, authorizerFunction.invocationTarget, apiId);
    this.node.addValidation({ validate: () => [...this.findings()] });
    // Runs when all routes are declared, including those that other aspects declare.
    const visit = (node: IConstruct) => node === this && this.warnOfWeakerRoutes();
    Aspects.of(this).add({ visit }, { priority: AspectPriority.READONLY });
    if (!Resource.isOwnedResource(api)) warnOfImport(this, api);
    if ((audience ?? authorizerFunction.audience) === undefined) warnOfAudience(this);
  }

  /** Returns whether this is the protection of the API with an ID. */
  protects(apiId: string): boolean {
    return this.apiId === apiId;
  }

  /** True if the result cache keeps results by route for all authorizers of the API. */
  protected abstract readonly isKeyedByRoute: boolean;

  /** Creates an authorizer of the API. */
  protected abstract createAuthorizer(options: AuthorizerOptions): CfnResource;

  /** Returns all routes of the API that this app declares, by any construct. */
  protected abstract declaredRoutes(): readonly DeclaredRoute[];

  /** Returns the faults of the app that concern this protection. */
  protected findings(): readonly string[] {
    const ofRoutes = this.declaredRoutes().flatMap((route) => {
      const { name, resource } = route;
      return this.faultsOf(route).map((fault) => `${name ?? resource.node.path}: ${fault}`);
    });
    const { acceptsBoundTokens } = this.authorizerFunction;
    return acceptsBoundTokens
      ? [...ofRoutes, ...defaultEndpointFaults(this, this.protectedApi, this.apiId)]
      : ofRoutes;
  }

  /** Returns the ID of the authorizer that enforces these scopes; other scopes have another ID. */
  protected authorizerIdFor({ scopes }: RouteAuthorizerOptions): string {
    const requirement = requirementOf(scopes, this.scopes);
    const authorizer = this.authorizerFor(requirement);
    const id = Lazy.string({ produce: () => authorizer.ref });
    this.requirements.set(id, requirement);
    this.authorizers.set(id, authorizer);
    return id;
  }

  /** Returns whether an authorizer ID is one of this protection. */
  protected isOwnAuthorizer(authorizerId: string | undefined): boolean {
    return authorizerId !== undefined && this.requirements.has(authorizerId);
  }

  /**
   * Returns the protected routes.
   *
   * @param hasAuthorizer filter by authorizer ID; all by default
   */
  protected protectedRoutes(hasAuthorizer = (_id: string) => true): readonly ProtectedRoute[] {
    return this.declaredRoutes().flatMap(({ name, authorizerId = '' }) => {
      const requirement = this.requirements.get(authorizerId);
      if (name === undefined || requirement === undefined || !hasAuthorizer(authorizerId))
        return [];
      return [{ name, requirement }];
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
    const isKeyedByRoute = () => this.isKeyedByRoute || servesTheRest();
    const digest = lazyDigest(this, () => [
      this.authorizerFunction.configuration,
      this.audience ?? [],
      authorizerIdentity(this.routesOf(authorizer), isKeyedByRoute()),
    ]);
    const name = `${this.node.id}${id}${digest}`;
    const authorizer = this.createAuthorizer({ id, name, isKeyedByRoute });
    appendToLogicalId(authorizer, digest);
    authorizer.node.addDependency(this.permission, ...this.authorizerFunction.readiness);
    return authorizer;
  }

  private routesOf(authorizer: CfnResource): readonly ProtectedRoute[] {
    return this.protectedRoutes((id) => this.authorizers.get(id) === authorizer);
  }

  private warnOfWeakerRoutes(): void {
    const routes = this.declaredRoutes().flatMap(({ name, authorizerId = '' }): RouteAccess[] => {
      const isPublic = authorizerId === this.noAuthorizerId;
      const requirement = isPublic ? 'public' : this.requirements.get(authorizerId);
      return name !== undefined && requirement !== undefined ? [{ name, requirement }] : [];
    });
    warnOfWeakerRoutes(this, routes);
  }

  private faultsOf(route: DeclaredRoute): readonly string[] {
    const { name, authorizerId, authorizationType = 'NONE' } = route;
    if (authorizerId === this.noAuthorizerId) return route.faultsOfIntegration('public');
    if (this.isOwnAuthorizer(authorizerId)) {
      if (name === undefined) return ['its path is not known: declare it with addMethod()'];
      return [...this.faultsOfScopes(route), ...route.faultsOfIntegration('protected')];
    }
    if (route.isPreflight() || authorizationType !== 'NONE') return [];
    return [
      `has no authorizer: declare it with the authorizer() of ${this.node.path}, or with its ` +
        'publicAccess() if it needs no token',
    ];
  }

  private faultsOfScopes({ authorizationScopes = [] }: DeclaredRoute): readonly string[] {
    if (authorizationScopes.length === 0) return [];
    return [
      'a Lambda authorizer does not enforce authorizationScopes: remove them, also as default of ' +
        `the API, and require ${JSON.stringify(authorizationScopes)} with the authorizer({ scopes }) of ` +
        this.node.path,
    ];
  }
}

/**
 * Checks that no other protection has the API. Each would report the routes of the other as unprotected.
 *
 * @throws PropError if another protection has it.
 */
function assertProtectedOnce(protection: ApiProtection, api: IConstruct, apiId: string): void {
  const other = protection.node.root.node
    .findAll()
    .find((it) => it !== protection && it instanceof ApiProtection && it.protects(apiId));
  if (other === undefined) return;
  throw new PropError(
    `api must have one protection: ${api.node.path} has ${other.node.path} and ${protection.node.path}`,
  );
}

function assertSameStack(protection: IConstruct, api: IConstruct): void {
  if (Stack.of(protection) === Stack.of(api)) return;
  throw new PropError(
    `${protection.node.path} must be in the stack of its API: it is in ${Stack.of(protection).node.path}, ` +
      `and ${api.node.path} is in ${Stack.of(api).node.path}`,
  );
}
