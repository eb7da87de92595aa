import { type ProtectedResource, resourceOf } from '../protection/protected-resources';
import { metadataLocation } from '../protection/rest/metadata-location';
import { EVERY_ROUTE, supportedScopes } from '../scopes/route-scopes';
import type { DeploymentConfig } from './config/schema';

/** Returns the protected resources of a config, each with the scopes of its own routes. */
export function protectedResources({ api, token }: DeploymentConfig): readonly ProtectedResource[] {
  const given = api.protectedResource === undefined ? [] : [api.protectedResource].flat();
  const located = given.map((it) => ({
    ...it,
    path: metadataLocation(it.resource, api.publicUrls)?.path ?? '',
  }));
  return located.map(({ path, ...resource }) => {
    const routes = (api.routes ?? EVERY_ROUTE).filter(
      (route) => given.length === 1 || resourceOf(`ANY ${route.path}`, located)?.path === path,
    );
    return {
      authorizationServers: token.issuer ? [token.issuer] : [],
      scopesSupported: supportedScopes(api.scopes, routes),
      ...resource,
    };
  });
}
