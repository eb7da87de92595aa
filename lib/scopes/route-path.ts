/**
 * Returns the names of the path variables of a resource path: `id` for `{id}`, `proxy` for `{proxy+}`.
 */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\+?\}/g)].flatMap(([, name]) => name ?? []);
}

/** Returns the integration URL of a route: the upstream URL plus the path with its path variables. */
export function upstreamUrl(upstream: string, path: string): string {
  return `${upstream.replace(/\/+$/, '')}${path.replace(/\+\}$/, '}')}`;
}
