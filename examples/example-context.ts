import type { Construct } from 'constructs';

/** Endpoints and names that an example needs. */
export interface ExampleContext {
  readonly introspectionEndpoint: string;
  readonly issuer: string;
  readonly audience: string[];
  /** Base URL of the upstream API. */
  readonly upstream: string;
}

/** Returns placeholders, or the values of the CDK context, which `npm run example` sets. */
export function exampleContext({ node }: Construct): ExampleContext {
  const contextValue = (name: string, placeholder: string) =>
    String(node.tryGetContext(name) ?? placeholder);
  return {
    introspectionEndpoint: contextValue(
      'introspectionEndpoint',
      'https://login.example.com/oauth/v2/oauth-introspect',
    ),
    issuer: contextValue('issuer', 'https://login.example.com/~'),
    audience: [contextValue('audience', 'orders-api')],
    upstream: contextValue('upstream', 'https://orders.internal.example.com'),
  };
}
