import type { Construct } from 'constructs';

/** Endpoints and names that an example needs. */
export interface ExampleContext {
  readonly introspectionEndpoint: string;
  readonly issuer: string;
  readonly audience: string[];
  /** Base URL of the upstream API. */
  readonly upstream: string;
}

/** Returns a value of the CDK context, which `npm run example` sets, or a placeholder. */
export function contextValue({ node }: Construct, name: string, placeholder: string): string {
  return String(node.tryGetContext(name) ?? placeholder);
}

/** Returns the values of the CDK context, or placeholders. */
export function exampleContext(scope: Construct): ExampleContext {
  return {
    introspectionEndpoint: contextValue(
      scope,
      'introspectionEndpoint',
      'https://login.example.com/oauth/v2/oauth-introspect',
    ),
    issuer: contextValue(scope, 'issuer', 'https://login.example.com/~'),
    audience: [contextValue(scope, 'audience', 'orders-api')],
    upstream: contextValue(scope, 'upstream', 'https://orders.internal.example.com'),
  };
}
