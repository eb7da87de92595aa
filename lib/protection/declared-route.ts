import type { IConstruct } from 'constructs';

/** A method of a REST API or a route of an HTTP API, as the app declares it. */
export interface DeclaredRoute {
  /** Name in API Gateway's notation; `undefined` if it is not known. */
  readonly name: string | undefined;
  readonly resource: IConstruct;
  readonly authorizerId: string | undefined;
  readonly authorizationType: string | undefined;
  /** CDK's own option, which API Gateway evaluates for JWT and Cognito authorizers only. */
  readonly authorizationScopes: readonly string[] | undefined;
  /** Returns whether it is CDK's handler of preflight requests, which come without a token. */
  readonly isPreflight: () => boolean;
  /** Returns the faults of its integration. */
  readonly faultsOfIntegration: (access: 'public' | 'protected') => readonly string[];
}
