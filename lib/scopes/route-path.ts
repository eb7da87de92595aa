/** Path parameters of a resource path: `id` of `{id}`, `proxy` of `{proxy+}`. */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\+?\}/g)].flatMap(([, name]) => name ?? []);
}

/** Where a route leads: its path below the upstream's URL, with the path parameters to be filled in. */
export function upstreamUrl(upstream: string, path: string): string {
  return `${upstream.replace(/\/+$/, '')}${path.replace(/\+\}$/, '}')}`;
}
