import type { Metadata } from '../metadata';
import { RECIPES, serverKind } from '../server-kind';

/** Methods of client authentication, the simplest first. The first one is the default. */
const METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'tls_client_auth',
] as const;

interface Choices {
  readonly metadata: Metadata & { readonly introspectionEndpoint: string };
  readonly upstream: string;
  readonly audience: string | undefined;
  /** Path of the JSON Schema, relative to the config file; `undefined` if it has none that stays. */
  readonly schema: string | undefined;
}

/** Returns a config for an authorization server by its discovery document. Keys with a default are left out. */
export function initialConfig({ metadata, upstream, audience, schema }: Choices): object {
  const { issuer, introspectionEndpoint, mutualTlsEndpoint, jwksUri } = metadata;
  const kind = serverKind(introspectionEndpoint);
  const recipe = kind && RECIPES[kind];
  const method = methodOf(metadata);
  const endpoint =
    method === 'tls_client_auth' && mutualTlsEndpoint ? mutualTlsEndpoint : introspectionEndpoint;
  return {
    ...(schema !== undefined && { $schema: schema }),
    introspection: {
      endpoint,
      ...recipe?.introspection,
      ...(method !== METHODS[0] && { clientAuthentication: method }),
    },
    token: { issuer, ...(audience && { audience }), ...(jwksUri && { jwksUri }) },
    ...(recipe?.cacheControl && { cache: { cacheControl: recipe.cacheControl } }),
    api: { upstream },
  };
}

/** Returns the simplest method that the server lists; the default if it lists none that is supported. */
function methodOf({ methods, tokenEndpointMethods }: Metadata): (typeof METHODS)[number] {
  const listed = methods ?? tokenEndpointMethods;
  return METHODS.find((method) => listed?.includes(method)) ?? METHODS[0];
}
