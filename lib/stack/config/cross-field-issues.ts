import { z } from 'zod';
import { KeySetPath } from '../../../lambda/contract';
import { pathParameters } from '../../scopes/route-path';
import { mcpIssues } from './mcp-issues';
import { mintIssues } from './mint-issues';
import { protectedResourceIssues } from './protected-resource-issues';
import { senderConstraintIssues } from './sender-constraint-issues';

/** Lenient schema of the keys that are checked here, since a config can have other faults too. */
const configWithApi = z.object({
  token: z
    .object({
      issuer: z.unknown().optional(),
      audience: z.unknown().optional(),
      mint: z.unknown().optional(),
    })
    .optional(),
  api: z.object({
    type: z.unknown().optional(),
    routes: z.array(z.unknown()).default([]),
    cors: z.unknown().optional(),
    usageIdentifierClaim: z.unknown().optional(),
    protectedResource: z.unknown().optional(),
    authorizationServerMetadata: z.unknown().optional(),
    publicUrls: z.unknown().optional(),
    streaming: z.unknown().optional(),
  }),
});

type Api = z.output<typeof configWithApi>['api'];

const routeOfConfig = z.object({
  method: z.string(),
  path: z.string(),
  public: z.unknown().optional(),
});

type Route = z.output<typeof routeOfConfig> & { readonly at: string };

/** Returns the faults between the values of a config, each with its key. */
export function crossFieldIssues(config: unknown): string[] {
  return [...apiIssues(config), ...mintIssues(config), ...mcpIssues(config)];
}

function apiIssues(config: unknown): string[] {
  const reading = configWithApi.safeParse(config);
  if (!reading.success) return [];
  const { api, token } = reading.data;
  const routes = api.routes.flatMap((candidate, index) => {
    const route = routeOfConfig.safeParse(candidate);
    return route.success ? [{ ...route.data, at: `api.routes[${index}]` }] : [];
  });
  return [
    ...repeatedRoutes(routes),
    ...repeatedVariables(routes),
    ...(api.cors === undefined ? [] : preflightRoutes(routes)),
    ...(api.type === 'HTTP' ? [] : siblingVariables(routes)),
    ...(routes.length > 0 && routes.every((route) => route.public === true)
      ? ['api.routes: must contain a route that is not public']
      : []),
    ...(api.type === 'HTTP' ? restOnly(api) : []),
    ...protectedResourceIssues(api, routes, token),
    ...(token?.mint === undefined ? [] : keySetFaults(routes)),
    ...(api.authorizationServerMetadata === undefined
      ? []
      : foreignMetadataFaults(routes, token?.mint)),
    ...senderConstraintIssues(config),
  ];
}

/**
 * Returns the keys that HTTP APIs do not support: they have no usage plans, and send a response when it is
 * complete.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html
 */
function restOnly(api: Api): string[] {
  return [
    ...(api.usageIdentifierClaim === undefined
      ? []
      : ['api.usageIdentifierClaim: is supported for REST APIs only']),
    ...(api.streaming === true
      ? ['api.streaming: is supported for REST APIs only, since HTTP APIs buffer responses']
      : []),
  ];
}

/** Returns the routes in place of which the key set of minted tokens is served. */
function keySetFaults(routes: readonly Route[]): string[] {
  const paths: readonly string[] = Object.values(KeySetPath);
  return routes
    .filter(({ method, path }) => paths.includes(path) && ['GET', 'ANY'].includes(method))
    .map(({ at }) => `${at}: conflicts with token.mint, whose key set is served at this path`);
}

/** Returns what else is in the place of the authorization server's metadata. */
function foreignMetadataFaults(routes: readonly Route[], mint: unknown): string[] {
  const key = 'api.authorizationServerMetadata';
  return [
    ...(mint === undefined
      ? []
      : [`${key}: must be absent if token.mint is set, whose own metadata is served at this path`]),
    ...routes
      .filter(({ path }) => path === KeySetPath.metadata)
      .map(({ at }) => `${at}: conflicts with ${key}, which is served at this path`),
  ];
}

function repeatedRoutes(routes: readonly Route[]): string[] {
  const known = new Set<string>();
  return routes.flatMap(({ at, method, path }) => {
    const key = `${method} ${path}`;
    const repeated = known.has(key);
    known.add(key);
    return repeated ? [`${at}: duplicates the route ${key}`] : [];
  });
}

function repeatedVariables(routes: readonly Route[]): string[] {
  return routes.flatMap(({ at, path }) => {
    const names = pathParameters(path);
    const repeated = names.find((name, index) => names.indexOf(name) !== index);
    return repeated ? [`${at}: must not contain the path variable ${repeated} twice`] : [];
  });
}

function preflightRoutes(routes: readonly Route[]): string[] {
  return routes
    .filter(({ method }) => method === 'OPTIONS')
    .map(({ at }) => `${at}: conflicts with api.cors, which handles OPTIONS`);
}

/**
 * Returns the routes with a second path variable below a resource. REST APIs allow one, greedy or not; the
 * deployment would fail.
 *
 * @see https://github.com/serverless/serverless/issues/3075
 */
function siblingVariables(routes: readonly Route[]): string[] {
  const variables = new Map<string, string>();
  return routes.flatMap(({ at, path }) => {
    const segments = path.split('/');
    return segments.flatMap((segment, index) => {
      if (!/^\{\w+\+?\}$/.test(segment)) return [];
      const parent = segments.slice(0, index).join('/');
      const other = variables.get(parent) ?? segment;
      variables.set(parent, other);
      return other === segment
        ? []
        : [`${at}: must name the path variable ${other}, like another route, got: ${segment}`];
    });
  });
}
