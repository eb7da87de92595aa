import type { CfnResource } from 'aws-cdk-lib';

/** L1 resource of a route. Its authorizer can be set until the template is written. */
export interface RouteResource extends CfnResource {
  authorizerId?: string | undefined;
  authorizationType?: string | undefined;
}

/**
 * Declaration of a route: by the app, through a method of its API; by the constructor of another construct,
 * which takes no authorizer of a protection that comes later; or as an L1 resource.
 */
export type RouteDeclaration = 'app' | 'constructor' | 'L1';

/** A method of a REST API or a route of an HTTP API, as the app declares it. */
export interface DeclaredRoute {
  /** Name in API Gateway's notation; `undefined` if it is not known. */
  readonly name: string | undefined;
  readonly resource: RouteResource;
  /** Authorizer ID as the template will have it. */
  readonly authorizerId: string | undefined;
  /** Authorization type as the template will have it. */
  readonly authorizationType: string | undefined;
  /** CDK's own option, which API Gateway evaluates for JWT and Cognito authorizers only. */
  readonly authorizationScopes: readonly string[] | undefined;
  readonly declaredBy: RouteDeclaration;
  /** Returns whether it is CDK's handler of preflight requests, which come without a token. */
  readonly isPreflight: () => boolean;
  /** Returns the faults of its integration. */
  readonly faultsOfIntegration: (access: 'public' | 'protected') => readonly string[];
  /** Adds the mapping of the phantom token to an HTTP integration that has none. */
  readonly mapPhantomToken: (access: 'public' | 'protected') => void;
}
