import type { LambdaAuthorizer } from './lambda-authorizer';
import type { Unsupported } from './unsupported-integration';

/** Route with what it is connected to. */
export interface RouteSummary {
  /** Method and path, or the route key. */
  readonly route: string;
  /** Name of the authorizer's function; absent on public routes. */
  readonly authorizer?: string;
  /** URL or function that the route calls, or the reason why it calls none. */
  readonly target: string;
}

type Integration =
  | { readonly type: 'HTTP_PROXY'; readonly origin: URL; readonly pathTemplate: string }
  | { readonly type: 'AWS_PROXY'; readonly functionArn: string }
  | { readonly type: 'MOCK' }
  | Unsupported;

/** Returns the summary of a route. */
export function routeSummary(
  route: string,
  authorizer: LambdaAuthorizer | undefined,
  integration: Integration,
): RouteSummary {
  return {
    route,
    ...(authorizer && { authorizer: functionName(authorizer.functionArn) }),
    target: targetOf(integration),
  };
}

function targetOf(integration: Integration): string {
  switch (integration.type) {
    case 'HTTP_PROXY':
      return `${integration.origin.origin}${integration.pathTemplate}`;
    case 'AWS_PROXY':
      return `function ${functionName(integration.functionArn)}`;
    case 'MOCK':
      return 'static response';
    case 'UNSUPPORTED':
      return `501: ${integration.reason}`;
  }
}

function functionName(arn: string): string {
  return arn.slice(arn.indexOf(':function:') + ':function:'.length);
}
