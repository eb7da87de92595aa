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
  type RouteAuthorizerOptions,
  resultTtlOf,
} from './api-protection-options';
import { authorizerIdentity } from './authorizer-identity';
import type { AuthorizerOptions } from './authorizer-options';
import { createAuthorizerPool } from './authorizer-pool';
import type { DeclaredRoute } from './declared-route';
import { addInvokePermission } from './invoke-permission';
import { warnOfAudience, warnOfImport, warnOfWeakerRoutes } from './protection-warnings';

/** What both protections have in common: sharing authorizers, telling the function, leaving nothing out. */
export abstract class ApiProtection extends Construct {
  /** Scopes that every protected route requires. */
  readonly scopes: readonly string[];

  protected readonly apiId: string;
  protected readonly resultTtl: Duration;
  /** Tells routes that are declared public from forgotten ones; there is none of it in the template. */
  protected readonly noAuthorizerId = Lazy.string({ produce: () => undefined });

  private readonly authorizerFunction: AuthorizerFunction;
  /** Audience of the API's own tokens, in place of that of the function. */
  private readonly audience: readonly string[] | undefined;
  private readonly authorizerFor: (requirement: ScopeRequirement) => CfnResource;
  /** Permission to invoke the function as any authorizer of the API. */
  private readonly permission: CfnResource;
  /** What the ids stand for that were given to routes. */
  private readonly requirements = new Map<string, ScopeRequirement>();
  /** The authorizers that the same ids belong to. */
  private readonly authorizers = new Map<string, CfnResource>();

  constructor(
    scope: Construct,
    id: string,
    props: ApiProtectionOptions & { readonly api: IConstruct; readonly apiId: string },
  ) {
    super(scope, id);
    const { api, apiId, authorizerFunction, audience } = props;
    this.authorizerFunction = authorizerFunction;
    this.audience = audience;
    this.scopes = props.scopes ?? [];
    this.resultTtl = resultTtlOf(props);
    requirementOf([], this.scopes);
    assertAudience(audience);
    assertSameStack(this, api);
    assertProtectedOnce(this, api, apiId);
    this.authorizerFor = createAuthorizerPool(maxAuthorizersOf(props), (id, servesTheRest) =>
      this.addAuthorizer(id, servesTheRest),
    );
    authorizerFunction.enforce(api, apiId, () => scopeRules(this.protectedRoutes()), audience);
    // One that was refused protects nothing.
    this.apiId = apiId;
    this.permission = addInvokePermission(this, authorizerFunction.invocationTarget, apiId);
    this.node.addValidation({ validate: () => [...this.findings()] });
    // When all routes are declared, those that other aspects declare among them.
    const visit = (node: IConstruct) => node === this && this.warnOfWeakerRoutes();
    Aspects.of(this).add({ visit }, { priority: AspectPriority.READONLY });
    if (!Resource.isOwnedResource(api)) warnOfImport(this, api);
    if ((audience ?? authorizerFunction.audience) === undefined) warnOfAudience(this);
  }

  /** Whether it is the protection of the API with this id. */
  protects(apiId: string): boolean {
    return this.apiId === apiId;
  }

  /** Marks APIs all of whose authorizers keep their results by route. */
  protected abstract readonly isKeyedByRoute: boolean;

  /** Makes an authorizer of the API. */
  protected abstract createAuthorizer(options: AuthorizerOptions): CfnResource;

  /** All routes of the API that are declared in this app, whoever declared them. */
  protected abstract declaredRoutes(): readonly DeclaredRoute[];

  /** What is wrong with the app, as far as this protection goes. */
  protected findings(): readonly string[] {
    return this.declaredRoutes().flatMap((route) => {
      const { name, resource } = route;
      return this.faultsOf(route).map((fault) => `${name ?? resource.node.path}: ${fault}`);
    });
  }

  /** The id of the authorizer that enforces these scopes, unlike that for any others. */
  protected authorizerIdFor({ scopes }: RouteAuthorizerOptions): string {
    const requirement = requirementOf(scopes, this.scopes);
    const authorizer = this.authorizerFor(requirement);
    const id = Lazy.string({ produce: () => authorizer.ref });
    this.requirements.set(id, requirement);
    this.authorizers.set(id, authorizer);
    return id;
  }

  protected isOurs(authorizerId: string | undefined): boolean {
    return authorizerId !== undefined && this.requirements.has(authorizerId);
  }

  /** @param isMeant whether the routes with an authorizer of this id are meant; all by default. */
  protected protectedRoutes(isMeant = (_id: string) => true): readonly ProtectedRoute[] {
    return this.declaredRoutes().flatMap(({ name, authorizerId = '' }) => {
      const requirement = this.requirements.get(authorizerId);
      if (name === undefined || requirement === undefined || !isMeant(authorizerId)) return [];
      return [{ name, requirement }];
    });
  }

  /** @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html */
  protected authorizerUri(): string {
    const { partition, region } = Stack.of(this);
    const { functionArn } = this.authorizerFunction.invocationTarget;
    return `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
  }

  /**
   * Makes an authorizer whose logical id stands for what it decides. One that would decide otherwise is
   * another resource with another id, so that API Gateway never replays a result of the one for the other.
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
    if (this.isOurs(authorizerId)) {
      if (name === undefined) return ['its path is not known: declare it with addMethod'];
      return [...this.faultsOfScopes(route), ...route.faultsOfIntegration('protected')];
    }
    if (route.isPreflight() || authorizationType !== 'NONE') return [];
    return [
      `has no authorizer: declare it with the authorizer() of ${this.node.path}, or with its ` +
        'publicAccess() if everybody may call it',
    ];
  }

  private faultsOfScopes({ authorizationScopes = [] }: DeclaredRoute): readonly string[] {
    if (authorizationScopes.length === 0) return [];
    return [
      'its authorizationScopes are not enforced by a Lambda authorizer: remove them, also as default of ' +
        `the API, and require ${JSON.stringify(authorizationScopes)} with the authorizer({ scopes }) of ` +
        this.node.path,
    ];
  }
}

/** Whatever functions decide: each protection would take the routes of the other for unprotected ones. */
function assertProtectedOnce(protection: ApiProtection, api: IConstruct, apiId: string): void {
  const other = protection.node.root.node
    .findAll()
    .find((it) => it !== protection && it instanceof ApiProtection && it.protects(apiId));
  if (other === undefined) return;
  throw new PropError(
    `api must be protected once, but ${api.node.path} is protected twice: by ${other.node.path} and ` +
      protection.node.path,
  );
}

function assertSameStack(protection: IConstruct, api: IConstruct): void {
  if (Stack.of(protection) === Stack.of(api)) return;
  throw new PropError(
    `scope must be of the stack of the API, but ${protection.node.path} is not of that of ${api.node.path}`,
  );
}
