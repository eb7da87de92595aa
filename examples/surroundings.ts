import type { Construct } from 'constructs';

/** What an example's APIs stand between. */
export interface Surroundings {
  readonly introspectionEndpoint: string;
  readonly issuer: string;
  readonly audience: string[];
  /** Base URL of the API behind. */
  readonly upstream: string;
}

/** Made-up places, unless the context names others, as local mode does. */
export function surroundings({ node }: Construct): Surroundings {
  const given = (name: string, otherwise: string) => String(node.tryGetContext(name) ?? otherwise);
  return {
    introspectionEndpoint: given(
      'introspectionEndpoint',
      'https://login.example.com/oauth/v2/oauth-introspect',
    ),
    issuer: given('issuer', 'https://login.example.com/~'),
    audience: [given('audience', 'orders-api')],
    upstream: given('upstream', 'https://orders.internal.example.com'),
  };
}
