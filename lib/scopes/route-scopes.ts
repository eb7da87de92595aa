/**
 * Scopes that a route requires in addition to the scopes of the whole API. Either a list of scopes, all
 * of which must be granted, or a list of alternatives: non-empty lists, one of which must be granted
 * completely.
 */
export type RequiredScopes = readonly string[] | readonly (readonly string[])[];

/** Endpoint of an MCP server whose tools have scopes of their own. */
export interface McpEndpoint {
  /**
   * Scopes that a call of a tool requires in addition to those of the route, by the exact name of the tool.
   * `*` stands for the tools that are not named. Without `*` they cannot be called.
   */
  readonly tools: Readonly<Record<string, RequiredScopes>>;
}

/** Route of the API: a method and a resource path of API Gateway. */
export interface Route {
  /** HTTP method: `GET`, `POST`, …, or `ANY`. */
  readonly method: string;
  /** Resource path, such as `/orders/{id}` or `/files/{proxy+}`. */
  readonly path: string;
  /**
   * Scopes that the route requires in addition to the scopes of the whole API.
   *
   * @default - no additional scopes
   */
  readonly scopes?: RequiredScopes;
  /**
   * Endpoint of an MCP server: scopes by tool.
   *
   * @default - requests are not decided by tool
   */
  readonly mcp?: McpEndpoint;
  /**
   * Marks the route as public: it has no authorizer.
   *
   * @default false
   */
  readonly public?: boolean;
}

/** Routes that match every method and path; both are protected. */
export const EVERY_ROUTE: readonly Route[] = [
  { method: 'ANY', path: '/' },
  { method: 'ANY', path: '/{proxy+}' },
];

/** Returns all scopes that the API or one of its routes refers to. */
export function supportedScopes(
  apiScopes: readonly string[],
  routes: readonly Route[],
): readonly string[] {
  const routeScopes = routes.flatMap(({ scopes = [], mcp }) =>
    [scopes, ...Object.values(mcp?.tools ?? {})].flatMap((some) => alternativesOf(some).flat()),
  );
  return [...new Set([...apiScopes, ...routeScopes])];
}

/** Returns the alternatives: the lists of scopes, one of which must be granted completely. */
export function alternativesOf(scopes: RequiredScopes): readonly (readonly string[])[] {
  const isList = (entry: unknown): entry is readonly string[] => Array.isArray(entry);
  return scopes.length > 0 && scopes.every(isList) ? scopes : [scopes as readonly string[]];
}
