import { resourceOf } from './protected-resources';
import { missingRoutes } from './resource-overlaps';

/** Route of an API, as far as it concerns protected resources. */
export interface ResourceRoute {
  /** Route key, such as `POST /mcp`. */
  readonly name: string;
  readonly isProtected: boolean;
}

/** Fault between the resources of an API and its routes. */
export interface ResourceFault {
  /** URL of the resource, or key of the route, that has the fault. */
  readonly subject: string;
  readonly fault: string;
}

/** Names of the settings for the advice. */
interface SettingNames {
  readonly publicUrls: string;
  readonly audience: string;
}

/**
 * Returns the faults by which a token for one of several resources would be accepted at another one, or at no
 * resource's routes. An API with one resource has no such faults.
 *
 * @param hasAudience true if the API has an audience of its own, which routes of no resource check
 */
export function resourceFaults(
  routes: readonly ResourceRoute[],
  resources: readonly { readonly resource: string; readonly path: string }[],
  hasAudience: boolean,
  settings: SettingNames = { publicUrls: 'publicUrls', audience: 'audience' },
): readonly ResourceFault[] {
  if (resources.length < 2) return [];
  const names = routes.map(({ name }) => name);
  const ofProtected = routes
    .filter(({ isProtected }) => isProtected)
    .map(({ name }) => ({ name, own: resourceOf(name, resources) }));
  const isServed = ({ path }: { path: string }) =>
    ofProtected.some(({ own }) => own?.path === path);
  const unserved = resources
    .filter((it) => !isServed(it))
    .map(({ resource, path }) => ({
      subject: resource,
      fault: `must have a protected route at ${path || '/'} or below, spelled the same: declare one, or set ${settings.publicUrls} if the API has a base path`,
    }));
  const homeless = ofProtected
    .filter(({ own }) => own === undefined && !hasAudience)
    .map(({ name }) => ({
      subject: name,
      fault: `must belong to a protectedResource, since the API has several and no ${settings.audience}: declare it below the path of one, or set ${settings.audience}`,
    }));
  const overlapping = ofProtected.flatMap(({ name }) =>
    resources.filter(isServed).flatMap(({ resource, path }) => {
      const missing = missingRoutes(name, path, names);
      if (missing.length === 0) return [];
      const fault = `must not match requests of the protectedResource ${resource}, whose tokens it does not require: declare also ${missing.join(', ')}`;
      return [{ subject: name, fault }];
    }),
  );
  return [...unserved, ...homeless, ...overlapping];
}
