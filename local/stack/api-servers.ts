import type { Closable } from '../closable';
import { API_RESOURCE_TYPES } from '../gateway/definition/api-resource';
import type { RouteSummary } from '../gateway/definition/route-summary';
import { type ApiServer, type ApiServerOptions, createApiServer } from '../gateway/server';
import { type PortChoice, successivePort } from '../http-server';
import type { ResolvedResource } from '../template/resolve';
import { UnsupportedTemplateError } from '../template/unsupported';

/** API of the stack. */
export interface LocalApi {
  /** Logical id in the template. */
  readonly name: string;
  readonly url: URL;
  readonly stage: string;
  /** Routes with what they are connected to. */
  readonly routes: readonly RouteSummary[];
}

/** Server of an API. */
export interface NamedServer {
  readonly logicalId: string;
  readonly server: ApiServer;
}

interface ApiServers {
  /** Servers in the order of the template. */
  readonly servers: readonly NamedServer[];
  readonly apis: readonly [LocalApi, ...LocalApi[]];
}

/** Advice for behaviors that no recording from AWS shows. */
const CHECKS = 'docs/local-mode.md has a check for the deployed API.';

/**
 * Starts the servers of the REST and HTTP APIs of a stack.
 *
 * @param port port of the first API; other APIs use the next free ones
 * @param started receives the parts to close, in the order of their start
 * @throws UnsupportedTemplateError if the stack has no API, or one that is not supported.
 */
export async function startApiServers(
  options: ApiServerOptions & { readonly log: (line: string) => void },
  port: PortChoice | undefined,
  started: Closable[],
): Promise<ApiServers> {
  const { template, log } = options;
  const resources = template.resources.filter(({ type }) => API_RESOURCE_TYPES.includes(type));
  for (const { logicalId } of resources.filter(isWebSocketApi)) {
    log(`not served, since it is a WebSocket API: ${logicalId}`);
  }
  const servers = resources
    .filter((it) => !isWebSocketApi(it))
    .map(({ logicalId }) => ({ logicalId, server: createApiServer({ ...options, logicalId }) }));
  const apis: LocalApi[] = [];
  for (const [index, { logicalId, server }] of servers.entries()) {
    started.push(server);
    apis.push(localApi(logicalId, server, await server.listen(successivePort(port, index))));
    for (const behavior of server.unconfirmed) {
      log(`warning: ${logicalId} relies on an unconfirmed behavior: ${behavior}. ${CHECKS}`);
    }
  }
  const [first, ...others] = apis;
  if (first === undefined) throw new UnsupportedTemplateError('the stack has no API');
  return { servers, apis: [first, ...others] };
}

/** Returns a view of a server whose stage and routes are those after the last update. */
function localApi(name: string, server: ApiServer, url: URL): LocalApi {
  return {
    name,
    url,
    get stage() {
      return server.stage;
    },
    get routes() {
      return server.routes;
    },
  };
}

function isWebSocketApi({ properties }: ResolvedResource): boolean {
  return (properties as { ProtocolType?: unknown }).ProtocolType === 'WEBSOCKET';
}
