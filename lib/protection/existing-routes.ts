import type { IConstruct } from 'constructs';
import { PropError } from '../validation/prop-error';
import type { RouteAuthorizerOptions } from './api-protection-options';
import type { DeclaredRoute } from './declared-route';
import type { RouteAuthorization } from './route-authorizations';

/** Options of `protectAll`. */
export interface ProtectAllOptions extends RouteAuthorizerOptions {
  /**
   * Constructs whose routes stay public: methods, routes, or resources with everything below them. An API
   * key is no authorizer, so methods that require one only have to be among them, too.
   *
   * @default - none
   */
  readonly except?: readonly IConstruct[];
}

/** Protection of routes that were declared without an authorizer. */
export class ExistingRoutes {
  private all: RouteAuthorization | undefined;
  private except: readonly IConstruct[] = [];
  /** Constructs of `except` whose routes a former synthesis has found. */
  private readonly found = new Set<IConstruct>();

  constructor(
    private readonly protection: IConstruct,
    private readonly noAuthorizerId: string,
  ) {}

  /** Protects routes of a construct. @throws PropError if none of them is without an authorizer. */
  protect(
    construct: IConstruct,
    routes: readonly DeclaredRoute[],
    authorization: RouteAuthorization,
  ): void {
    const open = routes.filter(isOpen);
    if (open.length === 0) {
      throw new PropError(
        `protect() must get a construct with a route of the API of ${this.protection.node.path} that has no authorizer, got: ${construct.node.path}`,
      );
    }
    for (const route of open) authorize(route, authorization);
  }

  /** Records that all routes are to be protected, except some. @throws PropError if this is done already. */
  protectAll(authorization: RouteAuthorization, except: readonly IConstruct[]): void {
    if (this.all !== undefined) {
      throw new PropError(
        `protectAll() of ${this.protection.node.path} must be called once, got: 2`,
      );
    }
    this.all = authorization;
    this.except = except;
  }

  /**
   * Protects the open routes of the API, if `protectAll` was called.
   *
   * @throws PropError if an exception contains no open route.
   */
  prepare(routes: readonly DeclaredRoute[]): void {
    if (this.all === undefined) return;
    const open = routes.filter(isOpen);
    const isWithin = ({ resource }: DeclaredRoute, scope: IConstruct) =>
      resource.node.scopes.includes(scope);
    for (const scope of this.except) {
      if (open.some((route) => isWithin(route, scope))) this.found.add(scope);
      if (this.found.has(scope)) continue;
      throw new PropError(
        `except must contain constructs with a route of the API of ${this.protection.node.path} that has no authorizer, got: ${scope.node.path}`,
      );
    }
    for (const route of open) {
      if (this.except.some((scope) => isWithin(route, scope))) this.makePublic(route);
      else authorize(route, this.all);
    }
  }

  private makePublic({ resource, mapPhantomToken }: DeclaredRoute): void {
    resource.authorizerId = this.noAuthorizerId;
    mapPhantomToken('public');
  }
}

function authorize(
  { resource, mapPhantomToken }: DeclaredRoute,
  { authorizerId }: RouteAuthorization,
): void {
  resource.authorizerId = authorizerId;
  resource.authorizationType = 'CUSTOM';
  mapPhantomToken('protected');
}

/** Returns whether a route has no authorizer, is not declared public, and takes more than preflight requests. */
function isOpen({ authorizerId, authorizationType = 'NONE', isPreflight }: DeclaredRoute): boolean {
  return authorizerId === undefined && authorizationType === 'NONE' && !isPreflight();
}
