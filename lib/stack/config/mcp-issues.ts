import { z } from 'zod';

/** Lenient schema of the keys that are checked here, since a config can have other faults too. */
const configWithTools = z.object({
  cache: z.object({ authorizerResultTtlSeconds: z.unknown().optional() }).optional(),
  api: z.object({ routes: z.array(z.unknown()) }),
});

const routeWithTools = z.object({
  mcp: z.object({ tools: z.custom<object>((it) => typeof it === 'object' && it !== null) }),
});

/** Returns the faults of a config with routes that are decided by the tool that a request calls. */
export function mcpIssues(config: unknown): string[] {
  const reading = configWithTools.safeParse(config);
  if (!reading.success) return [];
  const { cache, api } = reading.data;
  const tools = api.routes.map((route) => routeWithTools.safeParse(route).data?.mcp.tools);
  const { authorizerResultTtlSeconds: resultTtl = 0 } = cache ?? {};
  return [
    ...(resultTtl === 0 || tools.every((it) => it === undefined)
      ? []
      : [
          `cache.authorizerResultTtlSeconds: must be 0 or absent if a route has mcp.tools, since API Gateway replays a cached result for calls of other tools, got: ${JSON.stringify(resultTtl)}`,
        ]),
    // Validation would drop this name, and with it the scopes of the tool.
    ...tools.flatMap((it, index) =>
      it && Object.hasOwn(it, '__proto__')
        ? [`api.routes[${index}].mcp.tools: must not contain the name __proto__`]
        : [],
    ),
  ];
}
