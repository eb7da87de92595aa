import { inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { parseJson } from '../../json';

/** Requirements of a route that the authorizer checks, as far as they can be read. */
export interface Requirements {
  readonly issuer?: string | undefined;
  readonly audience?: readonly string[] | undefined;
  /** Alternatives, each a list of scopes. */
  readonly scopes?: readonly (readonly string[])[] | undefined;
  readonly jwksUri?: string | undefined;
  readonly senderConstraint: string;
  /** MCP tools that can be called, `*` among them for any other tool; absent unless the route has some. */
  readonly tools?: readonly string[] | undefined;
  /** MCP tool that the request calls. */
  readonly tool?: string | undefined;
}

/** Operation that requirements are for. */
export interface Operation {
  readonly apiId: string;
  /** Name of the route with its method, such as `GET /orders/{id}`. */
  readonly route: string;
  /** MCP tool that the request calls. */
  readonly tool?: string | undefined;
}

const strings = z.array(z.string());
const alternatives = z.array(strings);
const conditions = z.looseObject({
  tools: z.record(z.string(), alternatives).optional(),
  audience: strings.optional(),
});
const rules = z.array(z.tuple([alternatives, strings, conditions.optional()]));
const encodedRules = z.union([rules, z.string()]);
const apis = z.record(
  z.string(),
  z.union([
    encodedRules,
    z.looseObject({ audience: strings.optional(), rules: encodedRules.optional() }),
  ]),
);

/**
 * Reads the requirements of a route from the environment variables of the authorizer function. They configure it and
 * contain no secret. Values that cannot be read count as absent, since the inspector only shows them.
 */
export function readRequirements(
  variables: Readonly<Record<string, string>>,
  { apiId, route, tool }: Operation,
): Requirements {
  const { data: byApi = {} } = apis.safeParse(parseJson(variables['SCOPE_RULES']));
  const api = byApi[apiId];
  const own = api === undefined || typeof api === 'string' || Array.isArray(api) ? undefined : api;
  const encoded = own ? own.rules : (api as z.infer<typeof encodedRules>);
  const [ofRoute, , { audience: ofRouteAudience, tools } = {}] = ruleOf(encoded, route) ?? [];
  const audience =
    ofRouteAudience ??
    own?.audience ??
    strings.safeParse(parseJson(variables['TOKEN_AUDIENCE'])).data;
  return {
    issuer: variables['TOKEN_ISSUER'],
    audience,
    scopes: scopesOf(ofRoute, tools, tool),
    jwksUri: variables['TOKEN_JWKS_URI'],
    senderConstraint: variables['TOKEN_SENDER_CONSTRAINT'] ?? 'refuse',
    ...(tools && { tools: Object.keys(tools), tool }),
  };
}

/** Returns the alternatives of a route, each with those of the tool that is called. */
function scopesOf(
  ofRoute: Requirements['scopes'],
  tools: Readonly<Record<string, readonly (readonly string[])[]>> = {},
  tool: string | undefined,
): Requirements['scopes'] {
  if (tool === undefined) return ofRoute;
  const ofTool = tools[Object.hasOwn(tools, tool) ? tool : '*'];
  if (ofTool === undefined) return ofRoute;
  return ofRoute?.flatMap((some) => ofTool.map((more) => [...new Set([...some, ...more])]));
}

/** Returns the rule that covers a route. */
function ruleOf(encoded: z.infer<typeof encodedRules> | undefined, route: string) {
  const plain = typeof encoded === 'string' ? parseJson(inflated(encoded)) : encoded;
  const { data = [] } = rules.safeParse(plain);
  const [method = '', path = ''] = route.split(' ');
  const names = [route, `ANY ${path}`, path, '*'];
  const covering = names.flatMap((name) =>
    data.filter(([, routes]) => routes.some((it) => namesOf(it).includes(name))),
  );
  return method === '' ? undefined : covering[0];
}

/** Expands `GET,POST /orders` to `GET /orders` and `POST /orders`. */
function namesOf(routes: string): readonly string[] {
  const [methods = '', path] = routes.split(' ');
  return path === undefined ? [routes] : methods.split(',').map((method) => `${method} ${path}`);
}

function inflated(packed: string): string | undefined {
  try {
    return inflateRawSync(Buffer.from(packed, 'base64')).toString('utf8');
  } catch {
    return undefined;
  }
}
